import { type AsmBlock, type AsmLine, assemble } from '../../encoder/assemble.js';
import type { Syntax } from '../../encoder/syntax.js';
import { InputError, type SourceLocation } from '../../input-error.js';
import { DATA, type Permissions, TEXT } from '../../memory/page.js';
import { type ElfImage, type ElfInput, layOutElf, readElfFile, relocateElf } from '../elf.js';
import type { DataRegion, ElfText, Scenario, TextRegion } from '../scenario.js';
import { locateInText, type Origin } from '../source-text.js';

/** Bytes that go to one place in memory. */
export interface ImagePart {
  readonly name: string;
  readonly address: bigint;
  readonly bytes: Uint8Array;
  /** Bytes in memory; what `bytes` does not cover is zero. */
  readonly size: bigint;
  readonly permissions: Permissions;
  readonly origin: Origin;
}

/** Bytes that a line of assembly in the scenario file has made. */
export interface SourceLine {
  readonly address: bigint;
  /** Bytes. */
  readonly length: number;
  readonly location: SourceLocation;
}

/** What a scenario puts into memory, and its symbols. */
export interface Image {
  readonly parts: readonly ImagePart[];
  /** Of all assembly. */
  readonly lines: readonly SourceLine[];
  readonly symbols: ReadonlyMap<string, bigint>;
}

/** Contents of the files that a scenario names, by the path as written there. */
export type ScenarioFiles = ReadonlyMap<string, Uint8Array>;

/**
 * Assembles text and data, and reads and links the ELF files of a scenario: assembly sees the names of the files, and
 * relocatable files see the labels of assembly.
 * @throws {@link InputError} for anything that cannot be assembled, read, linked, or placed without overlap.
 */
export function buildImage(scenario: Scenario, files: ScenarioFiles): Image {
  const elfRegions = scenario.text.filter((region) => region.kind === 'elf');
  const layout = layOutElf(elfRegions.map((region) => elfInput(region, files)));
  const regions = [...scenario.text, ...scenario.data];
  const names = regionNames(regions);
  const assembled = assembleRegions(regions, new Map([...names, ...layout.symbols]), scenario.syntax);
  const outside = [...names].filter(([name]) => !layout.globals.has(name));
  const linked = relocateElf(layout, new Map([...outside, ...assembled.symbols]));
  const elfParts = linked.flatMap((image, i) => partsOf(image, elfRegions[i]));
  const parts = [...elfParts, ...assembled.parts, ...reservedParts(scenario)];
  const aliases = scenario.data.filter(({ kind }) => kind === 'alias').map(({ name, base }) => [name, base] as const);
  const symbols = new Map([...layout.symbols, ...aliases, ...assembled.symbols]);
  for (const part of parts) if (!symbols.has(part.name)) symbols.set(part.name, part.address);
  rejectOverlap(parts);
  return { parts, lines: assembled.lines, symbols };
}

function elfInput({ path, base, origin }: ElfText, files: ScenarioFiles): ElfInput {
  const contents = files.get(path.text);
  if (contents === undefined) throw new InputError(`cannot read ${path.text}`, path.origin);
  return { elf: readElfFile(contents, path.text), base, origin };
}

function partsOf({ segments }: ElfImage, region: ElfText | undefined): ImagePart[] {
  if (region === undefined) throw new Error('an ELF image without a region');
  return segments.map(({ flags, ...segment }, index) => {
    const permissions = { ...flags, write: flags.write || region.writable };
    return { ...segment, name: `${region.name ?? region.path.text}[${index}]`, permissions, origin: region.origin };
  });
}

/** The names that regions have by themselves; an ELF file's are those of its symbols. */
function regionNames(regions: readonly (TextRegion | DataRegion)[]): Map<string, bigint> {
  const named = regions.filter((region) => region.kind !== 'elf');
  return new Map(named.flatMap(({ name, base }) => (name === undefined ? [] : [[name, base] as const])));
}

type Assembled = (TextRegion | DataRegion) & { kind: 'asm' };

function assembleRegions(
  regions: readonly (TextRegion | DataRegion)[],
  outside: ReadonlyMap<string, bigint>,
  syntax: Syntax,
): { parts: ImagePart[]; lines: SourceLine[]; symbols: ReadonlyMap<string, bigint> } {
  const sources = regions.filter((region): region is Assembled => region.kind === 'asm');
  const { blocks, symbols } = assemble(
    sources.map((source) => asmBlock(source, syntax)),
    outside,
  );
  const parts = blocks.map(({ base, bytes }, index): ImagePart => {
    const region = sources[index];
    if (region === undefined) throw new Error('a block without a region');
    const permissions = 'writable' in region ? textPermissions(region.writable) : DATA;
    const name = region.name ?? `text at 0x${base.toString(16)}`;
    return { name, address: base, bytes, size: BigInt(bytes.length), permissions, origin: region.origin };
  });
  const lines = blocks.flatMap(({ lines }, index) => sourceLines(lines, sources[index]));
  return { parts, lines, symbols };
}

/** Of text that is folded or escaped in the file only the place is known where it begins. */
function sourceLines(lines: readonly AsmLine[], region: Assembled | undefined): SourceLine[] {
  if (region === undefined) throw new Error('a block without a region');
  const { asm } = region;
  const first = asm.origin.location.line ?? 1;
  return lines.map(({ address, length, line }) => {
    return { address, length, location: locateInText(asm, line - first + 1, 1).location };
  });
}

function asmBlock({ base, asm }: Assembled, syntax: Syntax): AsmBlock {
  const { file, line = 1, column = 1 } = asm.origin.location;
  return { base, source: asm.text, file, line, column, syntax };
}

function reservedParts(scenario: Scenario): ImagePart[] {
  return [...scenario.text, ...scenario.data].flatMap((region) => {
    if (region.kind !== 'reserved') return [];
    const { name, base, size, origin } = region;
    const permissions = 'writable' in region ? textPermissions(region.writable === true) : DATA;
    return [{ name, address: base, bytes: new Uint8Array(), size: BigInt(size), permissions, origin }];
  });
}

function textPermissions(writable: boolean): Permissions {
  return writable ? { ...TEXT, write: true } : TEXT;
}

function rejectOverlap(parts: readonly ImagePart[]): void {
  const sorted = [...parts].sort((a, b) => (a.address < b.address ? -1 : 1));
  sorted.forEach((part, index) => {
    const before = sorted[index - 1];
    if (before === undefined || before.address + before.size <= part.address) return;
    throw new InputError(
      `${part.name} at 0x${part.address.toString(16)} overlaps ${before.name}, which ends at 0x${(before.address + before.size).toString(16)}`,
      part.origin,
    );
  });
}
