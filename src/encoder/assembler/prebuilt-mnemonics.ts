import type { NamedCodes, Part } from './named-codes.js';

/** The names of instructions as they were gathered when the program was built. */
export interface PrebuiltMnemonics extends Readonly<Record<Part, NamedCodes>> {
  /** How many encodings iced had then. */
  readonly encodings: number;
}

/** Absent in the sources: `npm run build` writes the built program's own over this file's compiled form. */
export const PREBUILT_MNEMONICS: PrebuiltMnemonics | undefined = undefined;
