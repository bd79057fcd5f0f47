import { InputError } from '../../input-error.js';
import { limits } from '../limits.js';
import type { ScenarioSource } from '../scenario-source.js';
import { pathText, type SourceEntry, type SourceNode, type SourcePath, type SourceScalar } from '../source-node.js';
import { canonicalYaml } from './canonical-yaml.js';

/** Turns an object into a tree whose offsets number its keys and values; remembers the path of each. */
class TreeBuilder {
  readonly paths: SourcePath[] = [];

  node(value: unknown, path: SourcePath): SourceNode {
    const offset = this.place(path);
    if (this.paths.length > limits.nodes) fail(path, `more than ${limits.nodes} values`);
    if (path.length > limits.depth) fail(path.slice(0, 3), `nested deeper than ${limits.depth} levels`);
    if (Array.isArray(value)) {
      const items = value.map((item, index) => this.node(item, [...path, index]));
      return { kind: 'list', offset, end: this.paths.length, items };
    }
    if (!isPlainObject(value)) return scalar(value, path, offset);
    const entries = new Map<string, SourceEntry>();
    for (const [key, inner] of Object.entries(value)) {
      const below = [...path, key];
      // As if it had been left out.
      if (inner === undefined) continue;
      if (key === '__proto__' || key === '') fail(below, `'${key}' cannot be a key`);
      entries.set(key, { keyOffset: this.place(below), value: this.node(inner, below) });
    }
    return { kind: 'map', offset, end: this.paths.length, entries };
  }

  /** The next offset. */
  private place(path: SourcePath): number {
    return this.paths.push(path) - 1;
  }
}

function fail(path: SourcePath, message: string): never {
  const place = pathText(path) || 'the scenario';
  throw new InputError(`${place}: ${message}`, { location: { file: place } });
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Those of another realm have another Object.prototype, which has no prototype either.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function scalar(value: unknown, path: SourcePath, offset: number): SourceScalar {
  const extent = { kind: 'scalar', offset, end: offset + 1 } as const;
  switch (typeof value) {
    case 'string':
      return { ...extent, value, written: value, style: 'quoted' };
    case 'number':
      return number(value, path, extent);
    case 'bigint':
    case 'boolean':
      return { ...extent, value, written: String(value), style: 'plain' };
    default:
      if (value === null) return { ...extent, value, written: '', style: 'plain' };
      return fail(
        path,
        `expected plain data, not ${typeof value === 'object' ? 'an object of a class' : typeof value}`,
      );
  }
}

/** Integers become exact, as those of a file are. */
function number(value: number, path: SourcePath, extent: Pick<SourceScalar, 'kind' | 'offset' | 'end'>): SourceScalar {
  const isInteger = Number.isInteger(value);
  if (isInteger && !Number.isSafeInteger(value)) {
    fail(path, `${value} may have been rounded: write integers beyond 2^53 as bigint, such as 0xffffffff81000000n`);
  }
  return { ...extent, value: isInteger ? BigInt(value) : value, written: String(value), style: 'plain' };
}

/** The tree as data that YAML can hold. */
function dataOf(node: SourceNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(dataOf);
  return new Map([...node.entries].map(([key, { value }]) => [key, dataOf(value)]));
}

/**
 * An object as a scenario is read from it. Places are paths (`tasks.worker.cpu`), in which the lines of a text count.
 * @throws InputError for what is no plain data.
 */
export function objectSource(definition: object, file: string): ScenarioSource {
  const builder = new TreeBuilder();
  const root = builder.node(definition, []);
  const nameAt = (offset: number): string => pathText(builder.paths[offset] ?? []) || file;
  const text = canonicalYaml(dataOf(root));
  // Schedules hold it, and are read again.
  if (new TextEncoder().encode(text).length > limits.fileBytes) fail([], `larger than ${limits.fileBytes >> 20} MiB`);
  return {
    file,
    text,
    root,
    originAt: (offset) => ({ location: { file: nameAt(offset) } }),
    scalarText: ({ offset, written }) => ({
      text: written,
      origin: { location: { file: nameAt(offset), line: 1, column: 1 } },
      layout: 'block',
    }),
  };
}
