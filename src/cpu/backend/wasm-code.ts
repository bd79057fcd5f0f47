import { CodeBuffer } from './code-buffer.js';

/** Value types. */
export const I32 = 0x7f;
export const I64 = 0x7e;
const VOID = 0x40;

/** Opcodes that take their operands from the stack. */
export const OP = {
  unreachable: 0x00,
  return: 0x0f,
  drop: 0x1a,
  select: 0x1b,
  i32Eqz: 0x45,
  i32Eq: 0x46,
  i32Ne: 0x47,
  i32LtU: 0x49,
  i32LeU: 0x4d,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32Mul: 0x6c,
  i32And: 0x71,
  i32Or: 0x72,
  i32Xor: 0x73,
  i32Shl: 0x74,
  i32ShrU: 0x76,
  i64Eqz: 0x50,
  i64Eq: 0x51,
  i64Ne: 0x52,
  i64LtS: 0x53,
  i64LtU: 0x54,
  i64Clz: 0x79,
  i64Ctz: 0x7a,
  i64Popcnt: 0x7b,
  i64Add: 0x7c,
  i64Sub: 0x7d,
  i64Mul: 0x7e,
  i64DivS: 0x7f,
  i64DivU: 0x80,
  i64RemS: 0x81,
  i64RemU: 0x82,
  i64And: 0x83,
  i64Or: 0x84,
  i64Xor: 0x85,
  i64Shl: 0x86,
  i64ShrS: 0x87,
  i64ShrU: 0x88,
  i32WrapI64: 0xa7,
  i64ExtendI32U: 0xad,
  i64Extend8S: 0xc2,
  i64Extend16S: 0xc3,
  i64Extend32S: 0xc4,
} as const;

const LOAD: Readonly<Record<number, number>> = { 1: 0x31, 2: 0x33, 4: 0x35, 8: 0x29 };
const STORE: Readonly<Record<number, number>> = { 1: 0x3c, 2: 0x3d, 4: 0x3e, 8: 0x37 };

/** Code of one function; keeps count of the open blocks, so that a branch can be given by its target's level. */
export class WasmCode extends CodeBuffer {
  /** Open blocks, loops and ifs. */
  depth = 0;

  op(opcode: number): void {
    this.byte(opcode);
  }

  get(local: number): void {
    this.byte(0x20);
    this.unsigned(local);
  }

  set(local: number): void {
    this.byte(0x21);
    this.unsigned(local);
  }

  tee(local: number): void {
    this.byte(0x22);
    this.unsigned(local);
  }

  const32(value: number): void {
    this.byte(0x41);
    this.signed(BigInt(value | 0));
  }

  const64(value: bigint): void {
    this.byte(0x42);
    this.signed(BigInt.asIntN(64, value));
  }

  load32(offset: number): void {
    this.memory(0x28, offset);
  }

  load8(offset: number): void {
    this.memory(0x2d, offset);
  }

  /** Load of 1, 2, 4 or 8 bytes, zero-extended to 64 bits. */
  load64(size: number, offset: number): void {
    this.memory(LOAD[size] ?? 0, offset);
  }

  store32(offset: number): void {
    this.memory(0x36, offset);
  }

  store64(size: number, offset: number): void {
    this.memory(STORE[size] ?? 0, offset);
  }

  private memory(opcode: number, offset: number): void {
    this.byte(opcode);
    this.byte(0); // alignment is a hint only
    this.unsigned(offset);
  }

  call(index: number): void {
    this.byte(0x10);
    this.unsigned(index);
  }

  /** Opens a block and gives its level, for {@link branch}. */
  block(): number {
    this.byte(0x02);
    this.byte(VOID);
    return ++this.depth;
  }

  loop(): number {
    this.byte(0x03);
    this.byte(VOID);
    return ++this.depth;
  }

  if(result: number = VOID): number {
    this.byte(0x04);
    this.byte(result);
    return ++this.depth;
  }

  else(): void {
    this.byte(0x05);
  }

  end(): void {
    this.depth--;
    this.byte(0x0b);
  }

  branch(level: number): void {
    this.byte(0x0c);
    this.unsigned(this.depth - level);
  }

  branchIf(level: number): void {
    this.byte(0x0d);
    this.unsigned(this.depth - level);
  }

  branchTable(levels: readonly number[], fallback: number): void {
    this.byte(0x0e);
    this.unsigned(levels.length);
    for (const level of levels) this.unsigned(this.depth - level);
    this.unsigned(this.depth - fallback);
  }
}
