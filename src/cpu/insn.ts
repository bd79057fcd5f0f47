import type { CELL } from './cells.js';

/** Bytes of an operand. */
export type Size = 1 | 2 | 4 | 8;

/** Bytes of an access to memory. */
export type AccessSize = Size | 16;

/** What the operations of {@link Value} accept: another value, or a constant. */
export type Arg = Value | number | bigint;

/**
 * A 64-bit quantity inside the definition of an instruction. One backend makes it a bigint, the other a piece of
 * WebAssembly; a definition cannot tell. All arithmetic is modulo 2^64; shift counts are taken modulo 64; comparisons
 * give 0 or 1.
 */
export interface Value {
  add(other: Arg): Value;
  sub(other: Arg): Value;
  mul(other: Arg): Value;
  and(other: Arg): Value;
  or(other: Arg): Value;
  xor(other: Arg): Value;
  not(): Value;
  neg(): Value;
  shl(count: Arg): Value;
  /** Logical shift right. */
  shr(count: Arg): Value;
  /** Arithmetic shift right. */
  sar(count: Arg): Value;
  eq(other: Arg): Value;
  ne(other: Arg): Value;
  /** Unsigned and signed less-than. */
  ltu(other: Arg): Value;
  lts(other: Arg): Value;
  /** The low `size` bytes, zero- or sign-extended to 64 bits. */
  zext(size: Size): Value;
  sext(size: Size): Value;
  /** Bit `n`, as 0 or 1. */
  bit(n: Arg): Value;
  /** Leading and trailing zeros (64 for 0), and set bits. */
  clz(): Value;
  ctz(): Value;
  popcnt(): Value;
  /** `yes` when this is not 0, else `no`. Both are evaluated. */
  choose(yes: Arg, no: Arg): Value;
}

/** A 128-bit quantity: what an XMM register holds, or as much of memory. */
export interface Xmm {
  readonly low: Value;
  readonly high: Value;
}

/** An operand of the instruction: a register, a memory location or an immediate. */
export interface Operand {
  readonly inMemory: boolean;
  /**
   * The operand's bytes, zero-extended (immediates are sign-extended by the decoder, then cut to the size read).
   * Another size than the instruction's is for registers and immediates only (the count of a shift).
   */
  read(size?: Size): Value;
  /** Writes the low bytes. A 32-bit register write clears the upper half; 8 and 16 bits leave the rest. */
  write(value: Value): void;
  /** All 128 bits of an XMM register or a memory operand, which is one access. */
  readXmm(): Xmm;
  writeXmm(value: Xmm): void;
}

/** What a definition keeps between the passes of a loop (the TEMP of the manuals). */
export interface Variable {
  read(): Value;
  write(value: Arg): void;
}

/** A cell of the CPU beside the general-purpose registers. */
export type CellName = Exclude<
  keyof typeof CELL,
  | 'rip'
  | 'activity'
  | 'fetchFloor'
  | 'task'
  | 'pending'
  | 'nextRecord'
  | 'known'
  | 'hashLane0'
  | 'hashLane1'
  | 'nmiBlocked'
>;

/**
 * The segment that an access by computed address goes through: it tells #SS from #GP. Absent: DS or ES, which is #GP;
 * `operand`: whatever the memory operand's addressing says.
 */
export type AccessSegment = 'stack' | 'operand';

/** What the step of an instruction tells the machine beside its effect. */
export type Signal = 'serialize' | 'mfence' | 'halt' | 'iret' | 'syscall' | 'sysret';

/** Quotient and remainder of a 128-by-64-bit division. `overflow` is 1 when the quotient does not fit 64 bits. */
export interface Division {
  readonly quotient: Value;
  readonly remainder: Value;
  readonly overflow: Value;
}

/**
 * The machine as a definition of an instruction sees it: the abstract machine of the manuals' "Operation" sections.
 * Reads happen where they are written, in order. A fault ends the instruction at once, so a definition faults before
 * its first register write wherever the manual says that nothing is committed.
 */
export interface Insn {
  /**
   * Operand size in bytes, and the size of the source where it differs (MOVZX). Of an instruction with XMM operands
   * that of its other operand; 8 if that has 16 bytes or there is none.
   */
  readonly size: Size;
  readonly sourceSize: Size;
  /** First, second and third operand in the manual's order. */
  readonly dest: Operand;
  readonly src: Operand;
  readonly third: Operand;
  constant(value: number | bigint): Value;
  /**
   * The effective address of the memory operand, segment base included; and without it (LEA). `offset` bytes are added
   * before the address is cut to the address size (bit strings, XLAT).
   */
  linearAddress(offset?: Value): Value;
  effectiveAddress(offset?: Value): Value;
  /** Base of the segment that string sources and XLAT use: DS, or an override. */
  segmentBase(): Value;
  /** A general-purpose register by number, all 64 bits or the low bytes of it. */
  register(number: number, size?: Size): Value;
  setRegister(number: number, value: Value, size?: Size): void;
  /** Memory by linear address. The read of a read-modify-write is an `update`: where it faults, it is as a write. */
  load(address: Value, size: Size, segment?: AccessSegment, kind?: 'read' | 'update'): Value;
  store(address: Value, size: Size, value: Value, segment?: AccessSegment): void;
  cell(name: CellName): Value;
  setCell(name: CellName, value: Value): void;
  /** RIP of the next instruction, and the target of a relative branch. */
  next(): Value;
  target(): Value;
  /** Goes on at the relative branch's target, at a computed address (canonical, see below), or here again. */
  branch(): void;
  jump(address: Value): void;
  repeat(): void;
  /** Raises #GP(0) unless the address is canonical. */
  requireCanonical(address: Value): void;
  when(condition: Value, yes: () => void, no?: () => void): void;
  variable(initial: Arg): Variable;
  /** Executes `body` for 0, 1, .. `count` - 1. */
  loop(count: Arg, body: (index: Value) => void): void;
  /** Raises an exception; nothing after it happens. */
  fault(vector: number, errorCode?: Arg): void;
  /** Ends the instruction with a trap: RIP is already that of the next instruction (INT3, INT n). */
  trap(vector: Arg): void;
  /** Ends the instruction, with which nothing was done yet: it asks for what does not exist here. The machine stops. */
  unsupported(): void;
  signal(what: Signal): void;
  /** 128-bit dividend `high:low`; the divisor is not 0. */
  divide(high: Value, low: Value, divisor: Value, kind: 'unsigned' | 'signed'): Division;
}
