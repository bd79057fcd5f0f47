/** A piece of memory that the file asks for: one PT_LOAD program header. */
export interface ElfSegment {
  /** Linear address of the first byte, canonical. */
  readonly address: bigint;
  /** The bytes that the file gives, a copy. */
  readonly bytes: Uint8Array;
  /** Bytes in memory, at least `bytes.length` and at least 1; those that the file does not give are zero. */
  readonly size: bigint;
  readonly flags: { readonly read: boolean; readonly write: boolean; readonly execute: boolean };
}

/** A name from the symbol table (`.symtab`), as a scenario may use it. */
export interface ElfSymbol {
  readonly name: string;
  /** Linear address; for the rare absolute symbol (SHN_ABS) simply its number. */
  readonly address: bigint;
  /** Bytes that it names, 0 where the file does not say (labels of assembly code). */
  readonly size: bigint;
  readonly kind: 'function' | 'object' | 'other';
  /** Local names may occur more than once. */
  readonly binding: 'local' | 'global' | 'weak';
}

/** What {@link readElf} finds in a program. */
export interface ElfImage {
  /** e_entry, canonical; 0 where the program has none. */
  readonly entry: bigint;
  /** In the order of their addresses, disjoint. */
  readonly segments: readonly ElfSegment[];
  /** In the order of the file; without undefined, unnamed, section, file and thread-local symbols. */
  readonly symbols: readonly ElfSymbol[];
}
