/**
 * A parsed YAML file as a plain tree that remembers positions. Offsets count UTF-16 units from the start of the file.
 * Nodes are immutable: a variant is the base tree with some nodes replaced, and the replacements keep their own places.
 */
export type SourceNode = SourceScalar | SourceList | SourceMap;

interface Extent {
  readonly offset: number;
  readonly end: number;
}

export interface SourceScalar extends Extent {
  readonly kind: 'scalar';
  /** Integers are bigint; a number is something with a fraction or an exponent. */
  readonly value: string | bigint | number | boolean | null;
  /** The scalar as written; for a string, the string. */
  readonly written: string;
  readonly style: 'literal' | 'folded' | 'quoted' | 'plain';
}

export interface SourceList extends Extent {
  readonly kind: 'list';
  readonly items: readonly SourceNode[];
}

export interface SourceMap extends Extent {
  readonly kind: 'map';
  /** In the order of the file. */
  readonly entries: ReadonlyMap<string, SourceEntry>;
}

export interface SourceEntry {
  readonly keyOffset: number;
  readonly value: SourceNode;
}

/** Keys and list indices from the root to a node. */
export type SourcePath = readonly (string | number)[];

/** A path as it is written in a variant: `tasks.worker.cpu`, `patch.0.new`. */
export function pathText(path: SourcePath): string {
  return path.join('.');
}

/** The node as an ordinary value, for validation. */
export function plainValue(node: SourceNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainValue);
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, plainValue(entry.value)]));
}

/** Number of nodes in the tree, the root included. */
export function countNodes(node: SourceNode): number {
  if (node.kind === 'scalar') return 1;
  const children = node.kind === 'list' ? node.items : [...node.entries.values()].map((entry) => entry.value);
  return children.reduce((sum, child) => sum + countNodes(child), 1);
}

function child(node: SourceNode, step: string | number): SourceEntry | undefined {
  if (node.kind === 'map') return node.entries.get(String(step));
  const item = node.kind === 'list' ? node.items[Number(step)] : undefined;
  return item && { keyOffset: item.offset, value: item };
}

/** What a path leads to: as far as it exists. `found` is false when a step is missing. */
export interface PathTarget extends SourceEntry {
  readonly found: boolean;
}

/** Follows `path` from `root`, and stops at the last node that exists. */
export function followPath(root: SourceNode, path: SourcePath): PathTarget {
  let entry: SourceEntry = { keyOffset: root.offset, value: root };
  for (const step of path) {
    const next = child(entry.value, step);
    if (next === undefined) return { ...entry, found: false };
    entry = next;
  }
  return { ...entry, found: true };
}

/** How an error names a value: as it was written, or what kind of thing it is. */
export function showNode(node: SourceNode): string {
  if (node.kind !== 'scalar') return `a ${node.kind}`;
  if (node.value === null) return 'nothing';
  const short = node.written.length > 40 ? `${node.written.slice(0, 40)}...` : node.written;
  return typeof node.value === 'string' ? JSON.stringify(short) : short;
}
