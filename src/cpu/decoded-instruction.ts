/** The most bytes an instruction can have; the fetch hands over as many unless text ends before. */
export const MAX_INSTRUCTION_LENGTH = 15;

/** Where a register or immediate operand's bytes are. */
export type CellOperand =
  | { readonly kind: 'none' }
  /** Offset inside the CPU's block; AH, CH, DH and BH are one above their register's. */
  | { readonly kind: 'cell'; readonly offset: number }
  | { readonly kind: 'immediate'; readonly value: bigint };

/** What an operand is before it is known where in memory: its cell, the memory operand, or the branch target. */
export type OperandKind = CellOperand | 'memory' | 'branch';

/** A memory operand: ((base + displacement + index << scale) & mask) + segment base. */
export interface MemoryOperand {
  readonly base: CellOperand;
  readonly index: CellOperand;
  readonly scale: number;
  /** Signed; with 32-bit addresses 0 to 2^32 - 1. */
  readonly displacement: bigint;
  /** The displacement is relative to the instruction's own address. */
  readonly ripRelative: boolean;
  readonly addressMask: bigint;
  readonly segment: 'fsBase' | 'gsBase' | undefined;
  /** #SS instead of #GP when it is not canonical: addressed by RSP or RBP without a segment override. */
  readonly stack: boolean;
}

/** One instruction, decoded for the interpreter; independent of the address it lies at. */
export interface DecodedInstruction {
  readonly kind: 'instruction';
  readonly bytes: Uint8Array;
  /** The handler that executes it; there may be none (an instruction outside the implemented set). */
  readonly handler: string;
  readonly dest: CellOperand;
  readonly src: CellOperand;
  readonly third: CellOperand;
  readonly memory: MemoryOperand | undefined;
  /** Branch target relative to the instruction's own address. */
  readonly branch: bigint | undefined;
  readonly locked: boolean;
}

/** What decoding some bytes can end in. */
export type Decoded =
  | DecodedInstruction
  /** #GP: the instruction would have more than 15 bytes. */
  | { readonly kind: 'too long' }
  /** #UD: no instruction begins with these bytes. */
  | { readonly kind: 'undefined' }
  /** The instruction goes on after the bytes given. */
  | { readonly kind: 'incomplete' };
