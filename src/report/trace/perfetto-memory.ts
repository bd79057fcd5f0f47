import type { TextStoreEvent } from '../../machine/event.js';
import { hex } from '../../property/monitor.js';
import type { CodeText } from '../code-text.js';
import type { SiteVersions } from '../subject.js';
import type { PerfettoFile } from './perfetto-file.js';

/** The track of a site: what memory holds there, a slice for each value. */
export class PerfettoMemory {
  private readonly bytes: Uint8Array;

  constructor(
    private readonly file: PerfettoFile,
    private readonly track: { readonly pid: number; readonly tid: number },
    private readonly site: SiteVersions,
    private readonly code: CodeText,
  ) {
    this.bytes = site.versions[0]?.slice() ?? new Uint8Array();
    this.begin(0);
  }

  /** Text was stored to: from `ts` on memory holds it. */
  store({ address, after }: TextStoreEvent, ts: number): void {
    const first = Number(address - this.site.address);
    const changes = [...after].filter((byte, i) => {
      const at = first + i;
      return at >= 0 && at < this.bytes.length && this.bytes[at] !== byte;
    });
    if (changes.length === 0) return;
    after.forEach((byte, i) => {
      if (first + i >= 0 && first + i < this.bytes.length) this.bytes[first + i] = byte;
    });
    this.end(ts);
    this.begin(ts);
  }

  end(ts: number): void {
    this.file.event({ ph: 'E', ...this.track, ts });
  }

  private begin(ts: number): void {
    const text = this.code.insns(this.bytes, this.site.address);
    this.file.event({ ph: 'B', name: hex(this.bytes), cat: 'memory', ...this.track, ts, args: { text } });
  }
}
