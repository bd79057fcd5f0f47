import { hex } from '../hex.js';
import type { ElfSegment } from '../image.js';
import type { ProgramHeader } from '../program-headers.js';
import { ElfRecord } from '../record.js';
import { RELA_TABLE, type RelaEntry, relocationSymbol } from '../relocation/entries.js';
import { PIE_RELOCATIONS, relocationType } from '../relocation/type.js';
import type { ElfSource } from '../source.js';
import { type Dynamic, DynamicTag } from './dynamic.js';
import { dynamicTable } from './dynamic-table.js';
import type { PieRelocation } from './pie.js';
import { DynamicSymbols } from './symbols.js';

/**
 * The relocations that the dynamic section names.
 *
 * @throws InputError if one is of a type that is not supported, outside the segments' bytes, or against no symbol
 */
export function readPieRelocations(
  source: ElfSource,
  headers: readonly ProgramHeader[],
  dynamic: Dynamic,
  segments: readonly ElfSegment[],
): PieRelocation[] {
  checkSizes(dynamic);
  const symbols = new DynamicSymbols(source, headers, dynamic);
  const relocations: PieRelocation[] = [];
  for (const entry of relaEntries(source, headers, dynamic)) {
    const type = relocationType(entry, PIE_RELOCATIONS);
    if (type === undefined) continue;
    const address = entry.get('r_offset');
    const segment = segmentBelow(segments, address);
    const found = segments[segment];
    if (found === undefined || address + BigInt(type.width) > found.address + BigInt(found.bytes.length)) {
      throw entry.error('r_offset', `${type.name} changes bytes that are not in the file`);
    }
    relocations.push({
      segment,
      offset: Number(address - found.address),
      type,
      symbol: symbols.get(relocationSymbol(entry), (problem) => entry.error('r_info', problem)),
      addend: BigInt.asIntN(64, entry.get('r_addend')),
    });
  }
  return relocations;
}

function* relaEntries(source: ElfSource, headers: readonly ProgramHeader[], dynamic: Dynamic): Generator<RelaEntry> {
  for (const title of ['DT_RELA', 'DT_JMPREL'] as const) {
    const { start, end } = dynamicTable(headers, dynamic, title);
    for (let at = start; at < end; at += RELA_TABLE.size) {
      const number = (at - start) / RELA_TABLE.size;
      if (at + RELA_TABLE.size > end) throw source.error(`${title} ends within its relocation ${number}`);
      yield new ElfRecord(source, `relocation ${number} of ${title}`, at, RELA_TABLE.layout);
    }
  }
}

/** The last segment that begins at or below an address, as segments are in the order of addresses. */
function segmentBelow(segments: readonly ElfSegment[], address: bigint): number {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((segments[middle]?.address ?? 0n) <= address) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function checkSizes(dynamic: Dynamic): void {
  const size = dynamic.get(DynamicTag.relaent);
  if (size !== undefined && size.get('d_val') !== BigInt(RELA_TABLE.size)) {
    throw size.error('d_val', `DT_RELAENT is not the size of an ELF64 relocation (${hex(RELA_TABLE.size)})`);
  }
  const kind = dynamic.get(DynamicTag.pltrel);
  if (kind !== undefined && kind.get('d_val') !== BigInt(DynamicTag.rela)) {
    throw kind.error('d_val', 'DT_PLTREL is not DT_RELA (0x7): relocations without addends are not supported');
  }
}
