import type { NamedCodes } from './named-codes.js';

/** The names of instructions as they were gathered when the program was built. */
export interface Prebuilt {
  /** How many encodings iced had then, see `isAllOfIced`. */
  readonly encodings: number;
  readonly legacy: NamedCodes;
  readonly vector: NamedCodes;
}

/** Absent in the sources: `npm run build` writes the built program's own over this file's compiled form. */
export const PREBUILT: Prebuilt | undefined = undefined;
