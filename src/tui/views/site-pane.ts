import { hex } from '../../property/monitor.js';
import type { SiteVersions } from '../../report/subject.js';
import { block, type Row, row, span } from '../row.js';
import type { Stop } from '../stops.js';
import type { ViewState } from '../view-state.js';
import type { Walk } from '../walk.js';

/** The bytes of the sites now, and above them what they were since which step; below what is watched. */
export function sitePane(walk: Walk, { stops }: ViewState, width: number, height: number): Row[] {
  const { sites } = walk.subject;
  const watched = stops.flatMap((stop) => watchedRow(stop)).slice(0, Math.floor(height / 2));
  const room = height - watched.length;
  const each = Math.max(2, Math.floor(room / Math.max(1, sites.length)));
  const shown = sites.slice(0, Math.max(1, Math.floor(room / each)));
  const rows = shown.length === 0 ? [row('no sites', 'dim')] : shown.flatMap((site) => siteRows(walk, site, each));
  return [...block(rows, width, room), ...block(watched, width, watched.length)];
}

/** What watched memory holds, and whether a condition holds. */
function watchedRow({ text, kind, sample }: Stop): Row[] {
  if (sample === undefined) return [];
  if (kind === 'watch') return [[span(`${text}: `, 'dim'), span(sample())]];
  return [[span(sample() === '' ? 'no   ' : 'yes  '), span(text, 'dim')]];
}

function siteRows({ timeline }: Walk, site: SiteVersions, height: number): Row[] {
  const { symbol, address, versions } = site;
  const [original = new Uint8Array()] = versions;
  const heading: Row = [span(symbol, 'bold'), span(' since step', 'dim')];
  // What the bytes were after each store, up to the position.
  const bytes = original.slice();
  const history: { readonly since: number; readonly bytes: Uint8Array }[] = [{ since: 0, bytes: bytes.slice() }];
  for (const { step, store } of timeline.siteChanges) {
    if (step > timeline.position) break;
    const changed = store.after.some((byte, i) => {
      const at = Number(store.address - address) + i;
      return at >= 0 && at < bytes.length && bytes[at] !== byte;
    });
    if (!changed) continue;
    store.after.forEach((byte, i) => {
      const at = Number(store.address - address) + i;
      if (at >= 0 && at < bytes.length) bytes[at] = byte;
    });
    if (history.at(-1)?.since === step) history.pop();
    history.push({ since: step, bytes: bytes.slice() });
  }
  const recent = history.slice(-(height - 1));
  return [
    heading,
    ...recent.map(({ since, bytes: then }, index): Row => {
      const isNow = index === recent.length - 1;
      const version = versions.findIndex((whole) => whole.every((byte, i) => byte === then[i]));
      const before = history[history.length - recent.length + index - 1]?.bytes;
      return [
        span(`${isNow ? '>' : ' '}${String(since).padStart(5)} `, isNow ? 'bold' : 'dim'),
        ...Array.from(then, (byte, i) => {
          const changed = before !== undefined && before[i] !== byte;
          return span(`${changed ? '*' : ' '}${hex(Uint8Array.of(byte))}`, changed ? 'yellow' : undefined);
        }),
        span(version < 0 ? '  mixed' : `  ${String.fromCharCode(65 + version)}`, version < 0 ? 'red' : 'dim'),
      ];
    }),
  ];
}
