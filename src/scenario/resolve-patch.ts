import { didYouMean } from '../suggest.js';
import { exactlyOne } from './exactly-one.js';
import type { ResolveContext } from './resolve-context.js';
import type { Patch, PatchOperation, PatchPlan } from './scenario.js';
import { placeText } from './scenario-source.js';
import type { ScenarioFile } from './schema.js';
import type { SourcePath } from './source-node.js';

type PatchItem = Extract<NonNullable<ScenarioFile['patch']>, readonly unknown[]>[number];

function resolvePatch(context: ResolveContext, site: string, path: SourcePath, sites: ReadonlySet<string>): Patch {
  if (!sites.has(site)) {
    const hint = () => didYouMean(site, sites) ?? `declare it: \`sites: {${site}: {}}\``;
    context.problem([...path, 'site'], `'${site}' is not one of the sites`, hint);
  }
  return {
    site,
    new: context.text([...path, 'new']),
    emulate: context.optionalText([...path, 'emulate']),
    origin: context.origin(path),
  };
}

/** A batch changes each site once: its patches become visible together, so that there is no first and second. */
function requireDistinct(context: ResolveContext, batch: readonly { readonly site: string }[], path: SourcePath): void {
  const places = new Map<string, string>();
  batch.forEach(({ site }, index) => {
    const at = [...path, index, 'site'];
    if (places.has(site)) {
      context.problem(
        at,
        `'${site}' is in this batch already, ${places.get(site)}`,
        'patches that follow each other are items of their own',
      );
    } else places.set(site, placeText(context.origin(at)));
  });
}

function resolveItem(
  context: ResolveContext,
  item: PatchItem,
  path: SourcePath,
  sites: ReadonlySet<string>,
): PatchOperation | undefined {
  const kind = exactlyOne(context, path, item, ['site', 'batch']);
  if (kind === undefined) return undefined;
  if (item.batch !== undefined) {
    for (const key of ['new', 'emulate'] as const) {
      if (item[key] !== undefined) context.problem([...path, key], 'belongs to the patches inside the batch');
    }
    requireDistinct(context, item.batch, [...path, 'batch']);
    const patches = item.batch.map(({ site }, index) => resolvePatch(context, site, [...path, 'batch', index], sites));
    return { batch: true, patches };
  }
  if (item.new === undefined || item.site === undefined) {
    context.problem(path, "'new' is missing");
    return undefined;
  }
  return { batch: false, patches: [resolvePatch(context, item.site, path, sites)] };
}

/** The `patch` list, in either of its forms. Without one, nothing is patched. */
export function resolvePatchPlan(context: ResolveContext, file: ScenarioFile): PatchPlan {
  const sites = new Set(Object.keys(file.sites ?? {}));
  const { patch = [] } = file;
  const [items, path, repeat] = Array.isArray(patch)
    ? [patch, ['patch'], 1]
    : [patch.list, ['patch', 'list'], patch.repeat ?? 1];
  const list = items.flatMap((item, index) => resolveItem(context, item, [...path, index], sites) ?? []);
  return { repeat, list };
}
