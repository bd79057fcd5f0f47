import { ACCESS_ENTRY_SIZE, ACCESS_LOG_SIZE, LAYOUT, MARK, PAGE_SIZE, SCRATCH, TLB } from '../../memory/layout.js';
import { CELL } from '../cells.js';
import type { DestAccess, Handler } from '../definition.js';
import type { Arg, CellName, Division, Insn, Operand, Signal, Size, Value } from '../insn.js';
import { RECORD, STATUS } from '../record.js';
import { VECTOR } from '../vector.js';
import { OP, type WasmCode } from './wasm-code.js';
import { Constant, Read, type Recorder, WasmValue } from './wasm-values.js';

/** Locals of the interpreter function. Values of a definition start at `values`. */
export const LOCAL = {
  /** i32: how many steps; the CPU's page; its record; a pointer; the destination's pointer; a TLB entry. */
  count: 0,
  cpu: 1,
  record: 2,
  pointer: 3,
  destPointer: 4,
  tlb: 5,
  /** i32: offset in the access log; steps done; status of this step. */
  log: 6,
  done: 7,
  status: 8,
  /** i64: an address being translated, or a branch target. */
  address: 9,
  values: 10,
} as const;

/** Indices of the functions that the host provides. */
export const HOST = { read: 0, write: 1, touch: 2, fall: 3, taken: 4, lookup: 5, refetch: 6, divide: 7 } as const;

/** Where a handler's code can leave to: levels of the interpreter's blocks. */
export interface Exits {
  /** The next instruction; the branch's target; the address in `LOCAL.address`; this instruction again. */
  readonly fall: number;
  readonly taken: number;
  readonly indirect: number;
  readonly self: number;
}

type Statement = (code: WasmCode) => void;

/** Records what a definition does and emits it as WebAssembly. */
export class WasmInsn implements Insn, Recorder {
  readonly size: Size;
  readonly sourceSize: Size;
  readonly dest: Operand;
  readonly src: Operand;
  readonly third: Operand;
  private body: Statement[] = [];
  private nextLocal: number = LOCAL.values;
  /** How many value locals were used. */
  localsUsed = 0;

  constructor(
    handler: Handler,
    private readonly exits: Exits,
  ) {
    this.size = handler.size;
    this.sourceSize = handler.sourceSize;
    const access = handler.definition.shape.dest ?? 'rw';
    this.dest = handler.form.startsWith('m') ? this.memoryOperand(access, this.size) : this.cellOperand(RECORD.dest);
    this.src =
      handler.form.endsWith('m') && handler.form.length === 2 ? this.memoryOperand('r', this.sourceSize) : this.cellOperand(RECORD.src);
    this.third = this.cellOperand(RECORD.third);
  }

  /** Emits what was recorded. */
  emit(code: WasmCode): void {
    for (const statement of this.body) statement(code);
  }

  value(arg: Arg): WasmValue {
    if (arg instanceof WasmValue) return arg;
    if (typeof arg === 'object') throw new Error('a value of another backend');
    return new Constant(this, BigInt(arg));
  }

  pure(value: WasmValue): WasmValue {
    this.body.push((code) => {
      if (value.uses > 1) value.bind(code, this.allocate());
    });
    return value;
  }

  private read(emit: (code: WasmCode) => void): Value {
    const value = new Read(this, emit);
    this.body.push((code) => value.bind(code, this.allocate()));
    return value;
  }

  private use(arg: Arg): WasmValue {
    const value = this.value(arg);
    value.uses++;
    return value;
  }

  private effect(statement: Statement): void {
    this.body.push(statement);
  }

  private allocate(): number {
    const local = this.nextLocal++;
    this.localsUsed = Math.max(this.localsUsed, this.nextLocal - LOCAL.values);
    return local;
  }

  constant(value: number | bigint): Value {
    return this.value(value);
  }

  // Operands

  private cellOperand(field: number): Operand {
    const pushAddress = (code: WasmCode): void => {
      code.get(LOCAL.record);
      code.load32(field);
    };
    return {
      read: (size = this.size) =>
        this.read((code) => {
          pushAddress(code);
          code.load64(size, 0);
        }),
      write: (value) => this.writeCell(pushAddress, this.size, value),
    };
  }

  private writeCell(pushAddress: (code: WasmCode) => void, size: Size, value: Value): void {
    const stored = this.use(size === 4 ? value.zext(4) : value);
    this.effect((code) => {
      pushAddress(code);
      stored.push(code);
      code.store64(size === 4 ? 8 : size, 0);
    });
  }

  private memoryOperand(access: DestAccess, size: Size): Operand {
    return {
      read: () => {
        const address = this.use(this.linearAddress());
        return this.read((code) => {
          this.translate(code, address, size, access === 'rw' ? 'update' : 'read', RECORD.stack);
          if (access === 'rw') code.tee(LOCAL.destPointer);
          code.load64(size, 0);
        });
      },
      write: (value) => {
        const address = access === 'w' ? this.use(this.linearAddress()) : undefined;
        const stored = this.use(value);
        this.effect((code) => {
          if (address === undefined) code.get(LOCAL.destPointer);
          else this.translate(code, address, size, 'write', RECORD.stack);
          stored.push(code);
          code.store64(size, 0);
        });
      },
    };
  }

  effectiveAddress(): Value {
    return this.read((code) => {
      code.get(LOCAL.record);
      code.load32(RECORD.base);
      code.load64(8, 0);
      code.get(LOCAL.record);
      code.load64(8, RECORD.displacement);
      code.op(OP.i64Add);
      code.get(LOCAL.record);
      code.load32(RECORD.index);
      code.load64(8, 0);
      code.get(LOCAL.record);
      code.load32(RECORD.scale);
      code.op(OP.i64ExtendI32U);
      code.op(OP.i64Shl);
      code.op(OP.i64Add);
      code.get(LOCAL.record);
      code.load64(8, RECORD.mask);
      code.op(OP.i64And);
    });
  }

  linearAddress(): Value {
    return this.effectiveAddress().add(this.segmentBase());
  }

  segmentBase(): Value {
    return this.read((code) => {
      code.get(LOCAL.record);
      code.load32(RECORD.segment);
      code.load64(8, 0);
    });
  }

  // Registers and cells

  register(number: number, size: Size = 8): Value {
    return this.read((code) => {
      code.get(LOCAL.cpu);
      code.load64(size, 8 * number);
    });
  }

  setRegister(number: number, value: Value, size: Size = 8): void {
    const stored = this.use(size === 4 ? value.zext(4) : value);
    this.effect((code) => {
      code.get(LOCAL.cpu);
      stored.push(code);
      code.store64(size === 4 ? 8 : size, 8 * number);
    });
  }

  cell(name: CellName): Value {
    return this.read((code) => {
      code.get(LOCAL.cpu);
      code.load64(8, CELL[name]);
    });
  }

  setCell(name: CellName, value: Value): void {
    const stored = this.use(value);
    this.effect((code) => {
      code.get(LOCAL.cpu);
      stored.push(code);
      code.store64(8, CELL[name]);
    });
  }

  next(): Value {
    return this.recordField(RECORD.next);
  }

  target(): Value {
    return this.recordField(RECORD.target);
  }

  private recordField(field: number): Value {
    return this.read((code) => {
      code.get(LOCAL.record);
      code.load64(8, field);
    });
  }

  // Memory

  load(address: Value, size: Size, stack?: 'stack'): Value {
    const from = this.use(address);
    return this.read((code) => {
      this.translate(code, from, size, 'read', stack);
      code.load64(size, 0);
    });
  }

  store(address: Value, size: Size, value: Value, stack?: 'stack'): void {
    const to = this.use(address);
    const stored = this.use(value);
    this.effect((code) => {
      this.translate(code, to, size, 'write', stack);
      stored.push(code);
      code.store64(size, 0);
    });
  }

  /**
   * Leaves on the stack where in linear memory an access of `size` bytes lands: in a page through the TLB, or wherever
   * the host says, which may also say that the access faults. `stack` tells #SS from #GP, or which record field does.
   */
  private translate(
    code: WasmCode,
    address: WasmValue,
    size: Size,
    kind: 'read' | 'write' | 'update',
    stack: 'stack' | number | undefined,
  ): void {
    const writes = kind !== 'read';
    const tag = writes ? TLB.write : TLB.read;
    address.push(code);
    code.set(LOCAL.address);
    // TLB entry of the page
    code.get(LOCAL.address);
    code.const64(12n);
    code.op(OP.i64ShrU);
    code.op(OP.i32WrapI64);
    code.const32(TLB.entries - 1);
    code.op(OP.i32And);
    code.const32(4);
    code.op(OP.i32Shl);
    code.get(LOCAL.cpu);
    code.op(OP.i32Add);
    code.tee(LOCAL.tlb);
    code.load64(8, tag);
    code.get(LOCAL.address);
    code.const64(-BigInt(PAGE_SIZE));
    code.op(OP.i64And);
    code.op(OP.i64Eq);
    this.pushPageOffset(code);
    code.const32(PAGE_SIZE - size);
    code.op(OP.i32LeU);
    code.op(OP.i32And);
    code.if();
    code.get(LOCAL.tlb);
    code.load32(tag + 8);
    this.pushPageOffset(code);
    code.op(OP.i32Add);
    code.set(LOCAL.pointer);
    if (writes) this.touch(code, size);
    code.else();
    code.get(LOCAL.record);
    code.get(LOCAL.address);
    code.const32(size);
    if (typeof stack === 'number') {
      code.get(LOCAL.record);
      code.load32(stack);
    } else {
      code.const32(stack === undefined ? 0 : 1);
    }
    code.call(writes ? HOST.write : HOST.read);
    code.tee(LOCAL.pointer);
    code.op(OP.i32Eqz);
    code.if();
    // The host left vector and flags of the exception in the status word.
    code.const32(0);
    code.load32(LAYOUT.scratch + SCRATCH.status);
    code.set(LOCAL.status);
    code.branch(this.exits.self);
    code.end();
    if (writes) {
      // Below the pool is the bounce buffer: the host completes the store after the step.
      code.get(LOCAL.pointer);
      code.const32(LAYOUT.pool);
      code.op(OP.i32LtU);
      code.const32(Math.log2(STATUS.slowStore));
      code.op(OP.i32Shl);
      this.orStatus(code);
    }
    code.end();
    this.logAccess(code, size, kind);
    code.get(LOCAL.pointer);
  }

  private pushPageOffset(code: WasmCode): void {
    code.get(LOCAL.address);
    code.op(OP.i32WrapI64);
    code.const32(PAGE_SIZE - 1);
    code.op(OP.i32And);
  }

  /** Tells the host of the words about to change, unless it knows. */
  private touch(code: WasmCode, size: Size): void {
    code.get(LOCAL.pointer);
    code.const32(3);
    code.op(OP.i32ShrU);
    code.load8(0);
    if (size > 1) {
      code.get(LOCAL.pointer);
      code.const32(size - 1);
      code.op(OP.i32Add);
      code.const32(3);
      code.op(OP.i32ShrU);
      code.load8(0);
      code.op(OP.i32And);
    }
    code.const32(MARK.dirty | MARK.written);
    code.op(OP.i32Ne);
    code.if();
    code.get(LOCAL.pointer);
    code.const32(size);
    code.call(HOST.touch);
    code.end();
  }

  private logAccess(code: WasmCode, size: Size, kind: 'read' | 'write' | 'update'): void {
    code.get(LOCAL.log);
    code.get(LOCAL.address);
    code.store64(8, LAYOUT.accessLog);
    code.get(LOCAL.log);
    code.const32(size | ({ read: 0, write: 1, update: 2 }[kind] << 8));
    code.store32(LAYOUT.accessLog + 8);
    code.get(LOCAL.log);
    code.const32(ACCESS_ENTRY_SIZE);
    code.op(OP.i32Add);
    code.const32(ACCESS_LOG_SIZE - 1);
    code.op(OP.i32And);
    code.set(LOCAL.log);
  }

  // Control

  branch(): void {
    this.effect((code) => code.branch(this.exits.taken));
  }

  jump(address: Value): void {
    const target = this.use(address);
    this.effect((code) => {
      target.push(code);
      code.set(LOCAL.address);
      code.branch(this.exits.indirect);
    });
  }

  repeat(): void {
    this.effect((code) => code.branch(this.exits.self));
  }

  requireCanonical(address: Value): void {
    // Bits 63..47 are equal: adding 2^47 leaves nothing above bit 47.
    this.when(
      address
        .add(1n << 47n)
        .shr(48)
        .ne(0),
      () => this.fault(VECTOR.gp, 0),
    );
  }

  when(condition: Value, yes: () => void, no?: () => void): void {
    const test = this.use(condition);
    const outer = this.body;
    const collect = (part: () => void): Statement[] => {
      this.body = [];
      part();
      return this.body;
    };
    const yesBody = collect(yes);
    const noBody = no === undefined ? [] : collect(no);
    this.body = outer;
    this.effect((code) => {
      test.pushCondition(code);
      code.if();
      for (const statement of yesBody) statement(code);
      if (noBody.length > 0) {
        code.else();
        for (const statement of noBody) statement(code);
      }
      code.end();
    });
  }

  fault(vector: number, errorCode: Arg = 0): void {
    const error = this.use(errorCode);
    this.effect((code) => {
      code.const32(0);
      error.push(code);
      code.op(OP.i32WrapI64);
      code.store32(LAYOUT.scratch + SCRATCH.errorCode);
      // Whatever was signalled before belongs to an instruction that did not happen.
      code.const32(STATUS.fault | vector);
      code.set(LOCAL.status);
      code.branch(this.exits.self);
    });
  }

  trap(vector: number): void {
    this.raise(STATUS.trap | vector);
  }

  signal(what: Signal): void {
    this.raise(STATUS[what]);
  }

  private raise(status: number): void {
    this.effect((code) => {
      code.const32(status);
      this.orStatus(code);
    });
  }

  private orStatus(code: WasmCode): void {
    code.get(LOCAL.status);
    code.op(OP.i32Or);
    code.set(LOCAL.status);
  }

  divide(high: Value, low: Value, divisor: Value, kind: 'unsigned' | 'signed'): Division {
    const [h, l, d] = [this.use(high), this.use(low), this.use(divisor)];
    for (const value of [h, l, d]) value.uses++;
    const signed = kind === 'signed';
    const results = [SCRATCH.quotient, SCRATCH.remainder].map((at) => ({ at, op: at === SCRATCH.quotient ? 0 : 1 }));
    const overflow = this.read((code) => {
      // The short division of the processor we run on serves when the dividend is only 64 bits wide.
      const fits = signed ? l.sar(63) : this.value(0);
      h.push(code);
      if (fits instanceof WasmValue) fits.push(code);
      code.op(OP.i64Eq);
      if (signed) {
        d.push(code);
        code.const64(-1n);
        code.op(OP.i64Ne);
        code.op(OP.i32And);
      }
      code.if(0x7e);
      for (const { at, op } of results) {
        code.const32(0);
        l.push(code);
        d.push(code);
        code.op(signed ? (op === 0 ? OP.i64DivS : OP.i64RemS) : op === 0 ? OP.i64DivU : OP.i64RemU);
        code.store64(8, LAYOUT.scratch + at);
      }
      code.const64(0n);
      code.else();
      for (const [at, value] of [
        [SCRATCH.high, h],
        [SCRATCH.low, l],
        [SCRATCH.divisor, d],
      ] as const) {
        code.const32(0);
        value.push(code);
        code.store64(8, LAYOUT.scratch + at);
      }
      code.const32(signed ? 1 : 0);
      code.call(HOST.divide);
      code.op(OP.i64ExtendI32U);
      code.end();
    });
    const [quotient, remainder] = [SCRATCH.quotient, SCRATCH.remainder].map((at) =>
      this.read((code) => {
        code.const32(0);
        code.load64(8, LAYOUT.scratch + at);
      }),
    );
    if (quotient === undefined || remainder === undefined) throw new Error('unreachable');
    return { quotient, remainder, overflow };
  }
}
