import { type AsmBlock, assemble } from '../../encoder/assemble.js';
import { InputError } from '../../input-error.js';
import { DATA, type Permissions, TEXT } from '../../memory/page.js';
import { readElf } from '../elf.js';
import type { DataRegion, Scenario, TextRegion } from '../scenario.js';
import type { Origin } from '../source-text.js';

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

/** What a scenario puts into memory, and its symbols. */
export interface Image {
  readonly parts: readonly ImagePart[];
  readonly symbols: ReadonlyMap<string, bigint>;
}

/** Contents of the files that a scenario names, by the path as written there. */
export type ScenarioFiles = ReadonlyMap<string, Uint8Array>;

/**
 * Assembles text and data and reads the ELF files of a scenario.
 * @throws {@link InputError} for anything that cannot be assembled, read, or placed without overlap.
 */
export function buildImage(scenario: Scenario, files: ScenarioFiles): Image {
  const elf = elfParts(scenario, files);
  const regions = [...scenario.text, ...scenario.data];
  const assembled = assembleRegions(regions, elf.symbols);
  const parts = [...elf.parts, ...assembled.parts, ...reservedParts(scenario)];
  const symbols = new Map([...elf.symbols, ...assembled.symbols]);
  for (const part of parts) if (!symbols.has(part.name)) symbols.set(part.name, part.address);
  rejectOverlap(parts);
  return { parts, symbols };
}

function elfParts(scenario: Scenario, files: ScenarioFiles): { parts: ImagePart[]; symbols: Map<string, bigint> } {
  const parts: ImagePart[] = [];
  const symbols = new Map<string, bigint>();
  for (const region of scenario.text) {
    if (region.kind !== 'elf') continue;
    const path = region.path.text;
    const contents = files.get(path);
    if (contents === undefined) throw new InputError(`cannot read ${path}`, region.path.origin);
    const image = readElf(contents, path);
    image.segments.forEach(({ address, bytes, size, flags }, index) => {
      const permissions = { ...flags, write: flags.write || region.writable };
      parts.push({
        name: `${region.name ?? path}[${index}]`,
        address,
        bytes,
        size,
        permissions,
        origin: region.origin,
      });
    });
    // A global name goes before a local one; of several locals of one name the first counts.
    const ranked = [...image.symbols].sort((a, b) => Number(a.binding === 'local') - Number(b.binding === 'local'));
    for (const { name, address } of ranked) if (!symbols.has(name)) symbols.set(name, address);
  }
  return { parts, symbols };
}

type Assembled = (TextRegion | DataRegion) & { kind: 'asm' };

function assembleRegions(
  regions: readonly (TextRegion | DataRegion)[],
  outside: ReadonlyMap<string, bigint>,
): { parts: ImagePart[]; symbols: ReadonlyMap<string, bigint> } {
  const sources = regions.filter((region): region is Assembled => region.kind === 'asm');
  const { blocks, symbols } = assemble(sources.map(asmBlock), outside);
  const parts = blocks.map(({ base, bytes }, index): ImagePart => {
    const region = sources[index];
    if (region === undefined) throw new Error('a block without a region');
    const permissions = 'writable' in region ? textPermissions(region.writable) : DATA;
    const name = region.name ?? `text at 0x${base.toString(16)}`;
    return { name, address: base, bytes, size: BigInt(bytes.length), permissions, origin: region.origin };
  });
  return { parts, symbols };
}

function asmBlock({ base, asm }: Assembled): AsmBlock {
  const { file, line = 1, column = 1 } = asm.origin.location;
  return { base, source: asm.text, file, line, column };
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
