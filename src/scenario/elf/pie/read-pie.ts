import type { ElfHeader } from '../header.js';
import { type ProgramHeader, ProgramHeaderType, readProgramHeaders, rejectHeaders } from '../program-headers.js';
import { readSegments } from '../segments.js';
import type { ElfSource } from '../source.js';
import { readSymbols } from '../symbols.js';
import { readDynamic } from './dynamic.js';
import type { ElfPie } from './pie.js';
import { readPieRelocations } from './relocations.js';

const PAGE = 4096n;

/**
 * Read what is behind the header of a static position-independent program.
 *
 * @throws InputError as {@link readSegments}, {@link readSymbols} and {@link readPieRelocations}, and if the file needs
 * a dynamic linker
 */
export function readPie(source: ElfSource, header: ElfHeader): ElfPie {
  const headers = readProgramHeaders(source, header);
  rejectHeaders(headers, {
    [ProgramHeaderType.interp]: ['PT_INTERP, needs a dynamic linker', 'link it with -static-pie'],
    [ProgramHeaderType.tls]: ['PT_TLS, thread-local storage is not supported'],
  });
  const dynamic = readDynamic(source, headers);
  const segments = readSegments(source, header, headers);
  return {
    kind: 'pie',
    file: source.file,
    entry: header.get('e_entry'),
    segments,
    symbols: readSymbols(source, header),
    relocations: readPieRelocations(source, headers, dynamic, segments),
    alignment: alignmentOf(headers),
  };
}

function alignmentOf(headers: readonly ProgramHeader[]): bigint {
  let largest = PAGE;
  for (const entry of headers) {
    if (entry.number('p_type') !== ProgramHeaderType.load) continue;
    const alignment = entry.get('p_align');
    if ((alignment & (alignment - 1n)) !== 0n) throw entry.error('p_align', 'not a power of two');
    if (alignment > largest) largest = alignment;
  }
  return largest;
}
