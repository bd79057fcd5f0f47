import { exactlyOne } from './exactly-one.js';
import type { ResolveContext } from './resolve-context.js';
import type { DataRegion, TextRegion } from './scenario.js';
import type { ScenarioFile } from './schema.js';
import type { SourcePath } from './source-node.js';

function missing(context: ResolveContext, path: SourcePath, key: string, because: string): undefined {
  context.problem(path, `'${key}' is missing: ${because}`);
}

function textRegion(
  context: ResolveContext,
  entry: ScenarioFile['text'][number],
  index: number,
): TextRegion | undefined {
  const path = ['text', index];
  const kind = exactlyOne(context, path, entry, ['asm', 'size', 'elf']);
  if (kind === undefined) return undefined;
  const { name, base, size, writable = false } = entry;
  const origin = context.origin(path);
  if (kind === 'elf') return { kind, name, path: context.text([...path, 'elf']), base, writable, origin };
  if (base === undefined) return missing(context, path, 'base', 'only an ELF file brings its own address');
  if (size === undefined) return { kind: 'asm', name, base, asm: context.text([...path, 'asm']), writable, origin };
  if (name === undefined) return missing(context, path, 'name', 'reserved text is reached by its name');
  return { kind: 'reserved', name, base, size, writable, origin };
}

type DataEntry = NonNullable<ScenarioFile['data']>[number];

function dataRegion(context: ResolveContext, entry: DataEntry, index: number): DataRegion | undefined {
  const path = ['data', index];
  const { name, base, size } = entry;
  const origin = context.origin(path);
  if (entry.alias !== undefined && entry.asm === undefined) {
    return { kind: 'alias', name, base, target: context.expression([...path, 'alias']), size: size ?? 1, origin };
  }
  if (exactlyOne(context, path, entry, ['asm', 'size', 'alias']) === undefined) return undefined;
  if (size !== undefined) return { kind: 'reserved', name, base, size, origin };
  return { kind: 'asm', name, base, asm: context.text([...path, 'asm']), origin };
}

function isDefined<Value>(value: Value | undefined): value is Value {
  return value !== undefined;
}

/** Region names become symbols, so `text` and `data` share one set of them. */
function checkNames(context: ResolveContext, file: ScenarioFile): void {
  const first = new Map<string, string>();
  for (const [list, entries] of [['text', file.text] as const, ['data', file.data ?? []] as const]) {
    entries.forEach(({ name }, index) => {
      if (name === undefined) return;
      const other = first.get(name);
      if (other !== undefined) context.problem([list, index, 'name'], `'${name}' is already the name of ${other}`);
      else first.set(name, `${list}.${index}`);
    });
  }
}

/** The `text` and `data` lists. Addresses are compared in check-ranges.ts. */
export function resolveRegions(
  context: ResolveContext,
  file: ScenarioFile,
): { text: TextRegion[]; data: DataRegion[] } {
  checkNames(context, file);
  const text = file.text.map((entry, index) => textRegion(context, entry, index)).filter(isDefined);
  const data = (file.data ?? []).map((entry, index) => dataRegion(context, entry, index)).filter(isDefined);
  return { text, data };
}
