import { LAYOUT, SCRATCH } from '../../memory/layout.js';
import { CELL } from '../cells.js';
import type { Handler } from '../definition.js';
import type { AccessSegment, CellName, Division, Insn, Operand, Size, Value } from '../insn.js';
import { RECORD } from '../record.js';
import { VECTOR } from '../vector.js';
import { pushDivision } from './wasm-division.js';
import { type Exits, LOCAL } from './wasm-locals.js';
import { WasmOperands } from './wasm-operands.js';

/** Records what a definition does and emits it as WebAssembly. */
export class WasmInsn extends WasmOperands implements Insn {
  readonly size: Size;
  readonly sourceSize: Size;
  readonly dest: Operand;
  readonly src: Operand;
  readonly third: Operand;

  constructor(handler: Handler, exits: Exits) {
    super(exits);
    this.size = handler.size;
    this.sourceSize = handler.sourceSize;
    const access = handler.definition.shape.dest ?? 'rw';
    this.dest = handler.form.startsWith('m')
      ? this.memoryOperand(access, this.size)
      : this.cellOperand(RECORD.dest, this.size);
    this.src =
      handler.form === 'rm' ? this.memoryOperand('r', this.sourceSize) : this.cellOperand(RECORD.src, this.size);
    this.third =
      handler.form === 'rrm' ? this.memoryOperand('r', this.size) : this.cellOperand(RECORD.third, this.size);
  }

  constant(value: number | bigint): Value {
    return this.value(value);
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

  load(address: Value, size: Size, segment?: AccessSegment, kind: 'read' | 'update' = 'read'): Value {
    const from = this.use(address);
    return this.read((code) => {
      this.locate(code, { address: from, size, kind, segment });
      code.load64(size, 0);
    });
  }

  store(address: Value, size: Size, value: Value, segment?: AccessSegment): void {
    const to = this.use(address);
    const stored = this.use(value);
    this.effect((code) => {
      this.locate(code, { address: to, size, kind: 'write', segment });
      stored.push(code);
      code.store64(size, 0);
    });
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
    const yesBody = this.collect(yes);
    const noBody = no === undefined ? [] : this.collect(no);
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

  divide(high: Value, low: Value, divisor: Value, kind: 'unsigned' | 'signed'): Division {
    const operands = { high: this.use(high), low: this.use(low), divisor: this.use(divisor) };
    // Each is pushed more than once.
    for (const operand of Object.values(operands)) operand.uses++;
    const overflow = this.read((code) => pushDivision(code, { ...operands, signed: kind === 'signed' }));
    return { overflow, quotient: this.scratch(SCRATCH.quotient), remainder: this.scratch(SCRATCH.remainder) };
  }

  private scratch(at: number): Value {
    return this.read((code) => {
      code.const32(0);
      code.load64(8, LAYOUT.scratch + at);
    });
  }
}
