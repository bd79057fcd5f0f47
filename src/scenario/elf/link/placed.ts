import type { ElfImage } from '../image.js';
import type { RelocationType } from '../relocation/type.js';

/** An ELF file with addresses. */
export interface PlacedElf {
  readonly file: string;
  /** Whether a linker has bound its names already (ET_EXEC, ET_DYN). */
  readonly linked: boolean;
  /** Addresses are final; bytes are those of the file, not relocated. */
  readonly image: ElfImage;
  /** Of an object, those that take memory, in the order of the file, then `.got` and `COMMON` where it needs them. */
  readonly sections: readonly PlacedSection[];
  /** The names that other files see. */
  readonly definitions: readonly Definition[];
  /** What relocation changes, in the order of the file. */
  readonly fields: readonly Field[];
}

/** Where a section of an object went. */
export interface PlacedSection {
  readonly name: string;
  readonly address: bigint;
  readonly size: bigint;
}

/** Which definition of a name counts: strong before common before weak. gABI 4, "Symbol Table". */
export type Strength = 'strong' | 'common' | 'weak';

/** What a file says that a global name means. */
export interface Definition {
  readonly name: string;
  readonly address: bigint;
  readonly strength: Strength;
}

/** Bytes that relocation computes. */
export interface Field {
  /** Number of the segment, and the offset in it in bytes. */
  readonly segment: number;
  readonly offset: number;
  /** P of the psABI. */
  readonly address: bigint;
  /** For messages: the name of the section, and the offset in it. */
  readonly section: string;
  readonly sectionOffset: number;
  readonly type: RelocationType;
  readonly symbol: FieldSymbol;
  /** A, signed. */
  readonly addend: bigint;
  /** B, the base of a position-independent program; G + GOT, the address of the symbol's slot; for others 0. */
  readonly anchor: bigint;
}

/** S of the psABI: an address already, or what a name means when everything is placed. */
export type FieldSymbol =
  | { readonly kind: 'address'; readonly name: string; readonly address: bigint }
  /** `weak`: 0 if nothing defines it. */
  | { readonly kind: 'global'; readonly name: string; readonly weak: boolean };
