import { didYouMean } from '../suggest.js';
import { knownKeys } from './known-keys.js';
import type { Problem } from './problem.js';
import { pathText, type SourceEntry, type SourceMap, type SourceNode, type SourcePath } from './source-node.js';

/** Keys that a variant cannot change: they belong to the file. */
const FIXED = new Set(['scenario', 'variants']);

/** Maps that may be left out of a file, so that an override inside them makes them; `*` stands for any name. */
const OPTIONAL_MAPS = new Set([
  'budgets',
  'check',
  'check.always',
  'check.sometimes',
  'check.finally',
  'goals',
  'handlers',
  'nmi',
  'patch',
  'profile',
  'properties',
  'sites',
  'sync',
  'tasks.*.registers',
  'tasks.*.stack',
]);

/** Short forms, and the key of the long form that holds what the short one gives. */
const SHORT_FORMS: ReadonlyMap<string, { readonly kind: SourceNode['kind']; readonly key: string }> = new Map([
  ['profile', { kind: 'scalar', key: 'name' }],
  ['patch', { kind: 'list', key: 'list' }],
  ['tasks.*.stack', { kind: 'scalar', key: 'size' }],
]);

/** The form of a path that the tables use. */
function pattern(path: SourcePath): string {
  return pathText(path.map((step, index) => (index === 1 && path[0] === 'tasks' ? '*' : step)));
}

class UnknownPath {
  constructor(
    readonly reason: string,
    readonly step: string,
    readonly candidates: () => readonly string[],
  ) {}
}

function emptyMap(at: SourceEntry): SourceMap {
  return { kind: 'map', offset: at.keyOffset, end: at.value.end, entries: new Map() };
}

function place(path: SourcePath): string {
  return path.length === 0 ? 'the scenario' : `'${pathText(path)}'`;
}

function replaceItem(items: readonly SourceNode[], path: SourcePath, rest: string, override: SourceEntry) {
  const [step = '', ...more] = rest.split('.');
  const index = /^[0-9]{1,6}$/.test(step) ? Number(step) : items.length;
  const item = items[index];
  if (item === undefined) return new UnknownPath(`${place(path)} is a list of ${items.length}`, step, () => []);
  const replaced = more.length === 0 ? override.value : replace(item, [...path, index], more.join('.'), override);
  return replaced instanceof UnknownPath ? replaced : items.with(index, replaced);
}

function replaceEntry(entries: SourceMap['entries'], path: SourcePath, rest: string, override: SourceEntry) {
  // The longest key that matches: a symbol may itself contain dots.
  const keys = [...entries.keys()].filter((key) => rest === key || rest.startsWith(`${key}.`));
  const key = keys.sort((a, b) => b.length - a.length)[0] ?? rest.split('.', 1)[0] ?? rest;
  const entry = entries.get(key);
  if (rest === key) return new Map(entries).set(key, override);
  const below = [...path, key];
  if (entry === undefined && !OPTIONAL_MAPS.has(pattern(below))) {
    return new UnknownPath(`there is no '${key}' in ${place(path)}`, key, () => [
      ...entries.keys(),
      ...knownKeys(path),
    ]);
  }
  const replaced = replace(entry?.value ?? emptyMap(override), below, rest.slice(key.length + 1), override);
  if (replaced instanceof UnknownPath) return replaced;
  return new Map(entries).set(key, { keyOffset: entry?.keyOffset ?? override.keyOffset, value: replaced });
}

/** The tree with the node at `rest` below `node` replaced. */
function replace(node: SourceNode, path: SourcePath, rest: string, override: SourceEntry): SourceNode | UnknownPath {
  const short = SHORT_FORMS.get(pattern(path));
  if (short?.kind === node.kind && !/^[0-9]/.test(rest)) {
    const entries = new Map([[short.key, { keyOffset: node.offset, value: node }]]);
    return replace({ kind: 'map', offset: node.offset, end: node.end, entries }, path, rest, override);
  }
  if (node.kind === 'scalar') return new UnknownPath(`${place(path)} is a single value`, rest, () => []);
  if (node.kind === 'list') {
    const items = replaceItem(node.items, path, rest, override);
    return items instanceof UnknownPath ? items : { ...node, items };
  }
  const entries = replaceEntry(node.entries, path, rest, override);
  return entries instanceof UnknownPath ? entries : { ...node, entries };
}

/**
 * Applies a variant: each key of `overrides` is a path into the scenario (`algorithm`, `budgets.nmi`,
 * `tasks.worker.if`, `patch.0.new`), and its value replaces the whole node there. Overrides apply in the order of the
 * file. What a path may lead to is the schema's business; here it only has to lead somewhere.
 * @param root the scenario's tree, without its variants
 * @param variant the variant's name, where problems have their place
 */
export function applyVariant(
  root: SourceMap,
  overrides: SourceMap,
  variant: string,
): { readonly root: SourceMap; readonly problems: readonly Problem[] } {
  let entries = root.entries;
  const problems: Problem[] = [];
  for (const [key, override] of overrides.entries) {
    const path = ['variants', variant, key];
    const fixed = key.split('.', 1)[0] ?? key;
    if (FIXED.has(fixed)) {
      problems.push({ path, at: 'key', message: `a variant cannot change '${fixed}'` });
      continue;
    }
    const replaced = replaceEntry(entries, [], key, override);
    if (replaced instanceof UnknownPath) {
      const hint = () => didYouMean(replaced.step, replaced.candidates());
      problems.push({ path, at: 'key', message: `unknown path '${key}': ${replaced.reason}`, hint });
    } else entries = replaced;
  }
  return { root: { ...root, entries }, problems };
}
