import type { ElfHeader } from './header.js';
import type { ElfImage } from './image.js';
import { ProgramHeaderType, readProgramHeaders, rejectHeaders } from './program-headers.js';
import { readSegments } from './segments.js';
import type { ElfSource } from './source.js';
import { readSymbols } from './symbols.js';

/** A file of type ET_EXEC: a program whose addresses are final. */
export interface ElfProgram {
  readonly kind: 'program';
  readonly file: string;
  readonly image: ElfImage;
}

const HINT = 'link it with -static -no-pie';

/**
 * Read what is behind the header of a program that is linked to fixed addresses.
 *
 * @throws InputError as {@link readSegments} and {@link readSymbols}, and if it needs a dynamic linker
 */
export function readProgram(source: ElfSource, header: ElfHeader): ElfProgram {
  const headers = readProgramHeaders(source, header);
  rejectHeaders(headers, {
    [ProgramHeaderType.dynamic]: ['PT_DYNAMIC, needs a dynamic linker', HINT],
    [ProgramHeaderType.interp]: ['PT_INTERP, needs a dynamic linker', HINT],
  });
  const image = {
    entry: header.get('e_entry'),
    segments: readSegments(source, header, headers),
    symbols: readSymbols(source, header).map(({ symbol }) => symbol),
  };
  return { kind: 'program', file: source.file, image };
}
