import { limits } from './limits.js';
import type { ResolveContext } from './resolve-context.js';
import { taskEntryName } from './resolve-tasks.js';
import type { DataRegion, Task, TextRegion } from './scenario.js';
import { placeText } from './scenario-source.js';
import { isCanonical } from './schema-values.js';
import type { SourcePath } from './source-node.js';

/** A piece of memory whose place the scenario states. */
interface Range {
  readonly what: string;
  readonly path: SourcePath;
  readonly base: bigint;
  /** Bytes; undefined before assembly. Such a range is taken to have its first byte. */
  readonly size: number | undefined;
}

function regionRanges(list: 'text' | 'data', regions: readonly (TextRegion | DataRegion)[]): readonly Range[] {
  return regions.flatMap((region, index): readonly Range[] => {
    if (region.base === undefined) return [];
    const size = region.kind === 'reserved' || region.kind === 'alias' ? region.size : undefined;
    const what = region.name === undefined ? `${list}.${index}` : `${list} '${region.name}'`;
    return [{ what, path: [list, index], base: region.base, size }];
  });
}

function stackRanges(tasks: readonly Task[]): readonly Range[] {
  const privateStacks = new Set<string>();
  return tasks.flatMap(({ name, stack }): readonly Range[] => {
    if (stack.base === undefined) return [];
    // Private stacks may share their linear address: that is what they are for.
    const place = `${stack.base}+${stack.size}`;
    if (stack.kind === 'private' && privateStacks.has(place)) return [];
    if (stack.kind === 'private') privateStacks.add(place);
    const path = ['tasks', taskEntryName(name), 'stack'];
    return [{ what: `the stack of '${name}'`, path, base: stack.base, size: stack.size }];
  });
}

function describe({ what, base, size }: Range): string {
  return `${what} (0x${base.toString(16)}${size === undefined ? '' : `, ${size} bytes`})`;
}

function last(range: Range): bigint {
  return range.base + BigInt(range.size ?? 1) - 1n;
}

function checkExtent(context: ResolveContext, range: Range): void {
  const end = last(range);
  if (end >> 64n !== 0n) context.problem(range.path, `${describe(range)} runs past the end of the address space`);
  else if (!isCanonical(end) || end >> 63n !== range.base >> 63n) {
    context.problem(range.path, `${describe(range)} ends at a non-canonical address, 0x${end.toString(16)}`);
  }
}

function checkOverlaps(context: ResolveContext, ranges: readonly Range[]): void {
  const order = new Map(ranges.map((range, index) => [range, index]));
  const sorted = [...ranges].sort((a, b) => (a.base < b.base ? -1 : a.base > b.base ? 1 : 0));
  let furthest: Range | undefined;
  for (const range of sorted) {
    if (furthest !== undefined && range.base <= last(furthest)) {
      const laterInFile = (order.get(range) ?? 0) > (order.get(furthest) ?? 0) ? range : furthest;
      const other = laterInFile === range ? furthest : range;
      const place = placeText(context.origin(other.path));
      context.problem(laterInFile.path, `${describe(laterInFile)} overlaps ${describe(other)}, ${place}`);
    }
    if (furthest === undefined || last(range) > last(furthest)) furthest = range;
  }
}

function checkTotal(
  context: ResolveContext,
  text: readonly TextRegion[],
  data: readonly DataRegion[],
  tasks: readonly Task[],
) {
  const sizes = [
    ...text.map((region, index) => ({ path: ['text', index], size: region.kind === 'reserved' ? region.size : 0 })),
    ...data.map((region, index) => ({ path: ['data', index], size: region.kind === 'reserved' ? region.size : 0 })),
    ...tasks.map(({ name, stack }) => ({ path: ['tasks', taskEntryName(name)], size: stack.size })),
  ];
  let total = 0;
  for (const { path, size } of sizes) {
    total += size;
    if (total > limits.memoryBytes) {
      context.problem(path, `text, data and stacks together are larger than ${limits.memoryBytes >> 20} MiB`);
      return;
    }
  }
}

/**
 * Addresses and sizes that the file states must fit together: inside the canonical address space, disjoint, and not
 * huge. Assembled text and ELF files are compared again when their sizes are known.
 */
export function checkRanges(
  context: ResolveContext,
  text: readonly TextRegion[],
  data: readonly DataRegion[],
  tasks: readonly Task[],
): void {
  const ranges = [...regionRanges('text', text), ...regionRanges('data', data), ...stackRanges(tasks)];
  for (const range of ranges) checkExtent(context, range);
  checkOverlaps(context, ranges);
  checkTotal(context, text, data, tasks);
}
