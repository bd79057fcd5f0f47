import type { ElfSegment, ElfSymbol } from '../image.js';
import type { RelocationType } from '../relocation/type.js';

/** A file of type ET_REL: sections that have no addresses yet, and what is to be changed when they have. */
export interface ElfObject {
  readonly kind: 'object';
  readonly file: string;
  /** Those that take memory (SHF_ALLOC), in the order of the file. */
  readonly sections: readonly ObjectSection[];
  /** By their number in the symbol table. */
  readonly symbols: readonly ObjectSymbol[];
  readonly relocations: readonly ObjectRelocation[];
}

/** A section that takes memory. */
export interface ObjectSection {
  /** Its number in the file. */
  readonly index: number;
  readonly name: string;
  readonly flags: ElfSegment['flags'];
  /** sh_addralign: a power of two. */
  readonly alignment: bigint;
  readonly size: bigint;
  /** A copy; undefined where all is zero (SHT_NOBITS). */
  readonly bytes: Uint8Array | undefined;
}

/** An entry of the symbol table. */
export interface ObjectSymbol extends Omit<ElfSymbol, 'address'> {
  /** As it is in the file; a section symbol has the name of its section, others without a name `symbol 5`. */
  readonly name: string;
  /** Whether it is a name for people: not that of a section or a file. */
  readonly listed: boolean;
  /**
   * Where it is defined: in the section of a number, in none, as a number, or as memory that whoever links it finds.
   */
  readonly place: number | 'undefined' | 'absolute' | 'common';
  /** st_value: offset in the section, number, or alignment in bytes. */
  readonly value: bigint;
}

/** A field to be computed when all addresses are known. */
export interface ObjectRelocation {
  readonly section: ObjectSection;
  /** Of the field in the section, in bytes; the whole field is inside. */
  readonly offset: number;
  readonly type: RelocationType;
  readonly symbol: ObjectSymbol;
  /** Signed. */
  readonly addend: bigint;
}
