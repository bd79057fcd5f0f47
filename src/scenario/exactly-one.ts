import type { ResolveContext } from './resolve-context.js';
import type { SourcePath } from './source-node.js';

/** The one key of `keys` that the map at `path` has; a problem and undefined when it has none of them, or several. */
export function exactlyOne<Key extends string>(
  context: ResolveContext,
  path: SourcePath,
  entry: Readonly<Partial<Record<Key, unknown>>>,
  keys: readonly Key[],
): Key | undefined {
  const present = keys.filter((key) => entry[key] !== undefined);
  const [only, another] = present;
  if (only !== undefined && another === undefined) return only;
  const named = keys.map((key) => `'${key}'`).join(', ');
  const found = present.length === 0 ? 'none' : present.map((key) => `'${key}'`).join(' and ');
  context.problem(path, `exactly one of ${named} is needed, but there is ${found}`);
  return undefined;
}
