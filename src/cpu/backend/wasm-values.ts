import type { Arg, Size, Value } from '../insn.js';
import { OP, type WasmCode } from './wasm-code.js';

/**
 * A value in the making: an expression over WebAssembly locals. Pure expressions are emitted where they are used, or
 * bound to a local where they were made when they are used more than once; reads are always bound where they happen.
 */
export abstract class WasmValue implements Value {
  uses = 0;
  /** The local that holds it, once bound. */
  local = -1;

  constructor(protected readonly recorder: Recorder) {}

  /** Emits code that leaves the value on the stack as an i64. */
  protected abstract emit(code: WasmCode): void;

  /** Leaves the value on the stack. */
  push(code: WasmCode): void {
    if (this.local >= 0) code.get(this.local);
    else this.emit(code);
  }

  /** Leaves an i32 on the stack that is not 0 when the value is not 0. */
  pushCondition(code: WasmCode): void {
    this.push(code);
    code.const64(0n);
    code.op(OP.i64Ne);
  }

  /** Computes the value into its own local. */
  bind(code: WasmCode, local: number): void {
    this.emit(code);
    code.set(local);
    this.local = local;
  }

  private binary(op: number, other: Arg): Value {
    return this.recorder.pure(new Binary(this.recorder, op, this, this.recorder.value(other)));
  }

  private comparison(op: number, other: Arg): Value {
    return this.recorder.pure(new Comparison(this.recorder, op, this, this.recorder.value(other)));
  }

  private unary(op: number): Value {
    return this.recorder.pure(new Unary(this.recorder, op, this));
  }

  add(other: Arg): Value {
    return this.binary(OP.i64Add, other);
  }
  sub(other: Arg): Value {
    return this.binary(OP.i64Sub, other);
  }
  mul(other: Arg): Value {
    return this.binary(OP.i64Mul, other);
  }
  and(other: Arg): Value {
    return this.binary(OP.i64And, other);
  }
  or(other: Arg): Value {
    return this.binary(OP.i64Or, other);
  }
  xor(other: Arg): Value {
    return this.binary(OP.i64Xor, other);
  }
  not(): Value {
    return this.xor(-1n);
  }
  neg(): Value {
    return this.recorder.value(0).sub(this);
  }
  shl(count: Arg): Value {
    return this.binary(OP.i64Shl, count);
  }
  shr(count: Arg): Value {
    return this.binary(OP.i64ShrU, count);
  }
  sar(count: Arg): Value {
    return this.binary(OP.i64ShrS, count);
  }
  eq(other: Arg): Value {
    return this.comparison(OP.i64Eq, other);
  }
  ne(other: Arg): Value {
    return this.comparison(OP.i64Ne, other);
  }
  ltu(other: Arg): Value {
    return this.comparison(OP.i64LtU, other);
  }
  lts(other: Arg): Value {
    return this.comparison(OP.i64LtS, other);
  }
  zext(size: Size): Value {
    return size === 8 ? this : this.and((1n << BigInt(8 * size)) - 1n);
  }
  sext(size: Size): Value {
    return size === 8 ? this : this.unary(SIGN_EXTEND[size]);
  }
  bit(n: Arg): Value {
    return this.shr(n).and(1);
  }
  clz(): Value {
    return this.unary(OP.i64Clz);
  }
  ctz(): Value {
    return this.unary(OP.i64Ctz);
  }
  popcnt(): Value {
    return this.unary(OP.i64Popcnt);
  }
  choose(yes: Arg, no: Arg): Value {
    const { recorder } = this;
    return recorder.pure(new Choice(recorder, this, recorder.value(yes), recorder.value(no)));
  }
}

const SIGN_EXTEND = { 1: OP.i64Extend8S, 2: OP.i64Extend16S, 4: OP.i64Extend32S } as const;

/** Notes values and effects in the order in which a definition makes them; the code is emitted afterwards. */
export interface Recorder {
  value(arg: Arg): WasmValue;
  /** Notes a pure value, which is bound here if it turns out to be used more than once. */
  pure(value: WasmValue): WasmValue;
}

export class Constant extends WasmValue {
  constructor(
    recorder: Recorder,
    readonly constant: bigint,
  ) {
    super(recorder);
  }

  protected override emit(code: WasmCode): void {
    code.const64(this.constant);
  }
}

/** A value that code computes at its place: a read of a register, a cell or memory. */
export class Read extends WasmValue {
  constructor(
    recorder: Recorder,
    private readonly code: (code: WasmCode) => void,
  ) {
    super(recorder);
  }

  protected override emit(code: WasmCode): void {
    this.code(code);
  }
}

class Binary extends WasmValue {
  constructor(
    recorder: Recorder,
    private readonly op: number,
    private readonly left: WasmValue,
    private readonly right: WasmValue,
  ) {
    super(recorder);
    left.uses++;
    right.uses++;
  }

  protected override emit(code: WasmCode): void {
    this.left.push(code);
    this.right.push(code);
    code.op(this.op);
  }
}

class Comparison extends WasmValue {
  constructor(
    recorder: Recorder,
    private readonly op: number,
    private readonly left: WasmValue,
    private readonly right: WasmValue,
  ) {
    super(recorder);
    left.uses++;
    right.uses++;
  }

  protected override emit(code: WasmCode): void {
    this.compare(code);
    code.op(OP.i64ExtendI32U);
  }

  override pushCondition(code: WasmCode): void {
    if (this.local >= 0) super.pushCondition(code);
    else this.compare(code);
  }

  private compare(code: WasmCode): void {
    this.left.push(code);
    this.right.push(code);
    code.op(this.op);
  }
}

class Unary extends WasmValue {
  constructor(
    recorder: Recorder,
    private readonly op: number,
    private readonly operand: WasmValue,
  ) {
    super(recorder);
    operand.uses++;
  }

  protected override emit(code: WasmCode): void {
    this.operand.push(code);
    code.op(this.op);
  }
}

class Choice extends WasmValue {
  constructor(
    recorder: Recorder,
    private readonly condition: WasmValue,
    private readonly yes: WasmValue,
    private readonly no: WasmValue,
  ) {
    super(recorder);
    condition.uses++;
    yes.uses++;
    no.uses++;
  }

  protected override emit(code: WasmCode): void {
    this.yes.push(code);
    this.no.push(code);
    this.condition.pushCondition(code);
    code.op(OP.select);
  }
}
