import type { ElfSegment } from '../image.js';
import type { RelocationType } from '../relocation/type.js';
import type { LinkedSymbol } from '../symbols.js';

/**
 * A file of type ET_DYN that needs no dynamic linker: a static position-independent program. Its addresses count from
 * 0.
 */
export interface ElfPie {
  readonly kind: 'pie';
  readonly file: string;
  readonly entry: bigint;
  /** In the order of their addresses, disjoint. */
  readonly segments: readonly ElfSegment[];
  readonly symbols: readonly LinkedSymbol[];
  readonly relocations: readonly PieRelocation[];
  /** What its base must be a multiple of: the largest p_align, at least a page. */
  readonly alignment: bigint;
}

/** A field to be computed when the base is known. */
export interface PieRelocation {
  /** Number of the segment that the field is in. */
  readonly segment: number;
  /** Of the field in the segment, in bytes; the whole field is inside its bytes. */
  readonly offset: number;
  readonly type: RelocationType;
  readonly symbol: PieSymbol;
  /** Signed. */
  readonly addend: bigint;
}

/** The symbol of a relocation: an own one has an address, another is looked up in what is linked with the file. */
export type PieSymbol =
  | { readonly kind: 'own'; readonly name: string; readonly address: bigint; readonly absolute: boolean }
  | { readonly kind: 'outside'; readonly name: string; readonly weak: boolean };
