import { CELL } from '../cells.js';
import type { AccessFault } from '../data-access.js';
import type { CellOperand, MemoryOperand } from '../decoded-instruction.js';
import type { DestAccess, Handler } from '../definition.js';
import { divide128 } from '../division.js';
import type { Executable } from '../executable.js';
import type {
  AccessSegment,
  AccessSize,
  Arg,
  CellName,
  Division,
  Insn,
  Operand,
  Signal,
  Size,
  Value,
  Variable,
  Xmm,
} from '../insn.js';
import type { DataAccess } from '../interpreter.js';
import type { ProcessorView } from '../processor-view.js';
import { STATUS } from '../record.js';
import { VECTOR } from '../vector.js';
import { BigintValue, bigintOf } from './bigint-values.js';

const value = (v: bigint): Value => new BigintValue(BigInt.asUintN(64, v));

/**
 * Executes a definition at once on bigints. After a fault everything that the definition still says is without effect:
 * a fault ends the instruction.
 */
export class BigintInsn implements Insn {
  readonly size: Size;
  readonly sourceSize: Size;
  readonly dest: Operand;
  readonly src: Operand;
  readonly third: Operand;
  /** Bits of STATUS. */
  status = 0;
  errorCode = 0;
  /** Where execution goes on. */
  rip: bigint;
  readonly accesses: DataAccess[] = [];

  constructor(
    handler: Handler,
    private readonly executable: Executable,
    private readonly view: ProcessorView,
  ) {
    this.size = handler.size;
    this.sourceSize = handler.sourceSize;
    this.rip = this.nextRip;
    const access = handler.definition.shape.dest ?? 'rw';
    const destInMemory = handler.form.startsWith('m');
    const srcInMemory = handler.form === 'rm';
    this.dest = destInMemory ? this.memoryOperand(access, this.size) : this.cellOperand(executable.dest);
    this.src = srcInMemory ? this.memoryOperand('r', this.sourceSize) : this.cellOperand(executable.src);
    this.third =
      handler.form === 'rrm'
        ? this.memoryOperand('r', this.size)
        : this.cellOperand(executable.instruction?.third ?? { kind: 'none' });
  }

  /** Nothing happens any more. */
  private get faulted(): boolean {
    return (this.status & (STATUS.fault | STATUS.unsupported)) !== 0;
  }

  private get nextRip(): bigint {
    return BigInt.asUintN(64, this.executable.rip + BigInt(this.executable.bytes.length));
  }

  constant(v: number | bigint): Value {
    return value(BigInt(v));
  }

  private cellOperand(operand: CellOperand): Operand {
    return {
      inMemory: false,
      read: (size = this.size) => {
        if (operand.kind === 'cell') return value(this.view.cell(operand.offset, size));
        return value(operand.kind === 'immediate' ? BigInt.asUintN(8 * size, operand.value) : 0n);
      },
      write: (v) => {
        if (operand.kind === 'cell') this.writeCell(operand.offset, this.size, v);
      },
      readXmm: () => {
        const offset = operand.kind === 'cell' ? operand.offset : 0;
        return { low: value(this.view.cell(offset, 8)), high: value(this.view.cell(offset + 8, 8)) };
      },
      writeXmm: ({ low, high }) => {
        if (operand.kind !== 'cell') return;
        this.writeCell(operand.offset, 8, low);
        this.writeCell(operand.offset + 8, 8, high);
      },
    };
  }

  private writeCell(offset: number, size: Size, v: Value): void {
    if (this.faulted) return;
    if (size === 4) this.view.setCell(offset, 8, BigInt.asUintN(32, bigintOf(v)));
    else this.view.setCell(offset, size, bigintOf(v));
  }

  private memoryOperand(access: DestAccess, size: Size): Operand {
    let address: bigint | undefined;
    return {
      inMemory: true,
      read: () => {
        address = bigintOf(this.linearAddress());
        return this.loadChecked(address, size, access === 'rw' ? 'update' : 'read', this.stackOperand);
      },
      write: (v) => {
        address ??= bigintOf(this.linearAddress());
        this.storeChecked(address, size, bigintOf(v), access === 'rw' ? 'done' : 'check', this.stackOperand);
      },
      readXmm: () => this.loadXmm(bigintOf(this.linearAddress())),
      writeXmm: ({ low, high }) => {
        const v = bigintOf(low) | (bigintOf(high) << 64n);
        this.storeChecked(bigintOf(this.linearAddress()), 16, v, 'check', this.stackOperand);
      },
    };
  }

  private get stackOperand(): boolean {
    return this.executable.instruction?.memory?.stack ?? false;
  }

  effectiveAddress(offset?: Value): Value {
    const memory: MemoryOperand | undefined = this.executable.instruction?.memory;
    if (memory === undefined) return value(0n);
    const cell = (operand: CellOperand): bigint => (operand.kind === 'cell' ? this.view.cell(operand.offset, 8) : 0n);
    const origin = memory.ripRelative ? this.executable.rip : 0n;
    const sum =
      cell(memory.base) +
      (cell(memory.index) << BigInt(memory.scale)) +
      memory.displacement +
      origin +
      bigintOf(offset ?? 0);
    return value(sum & memory.addressMask);
  }

  linearAddress(offset?: Value): Value {
    return this.effectiveAddress(offset).add(this.segmentBase());
  }

  segmentBase(): Value {
    const segment = this.executable.instruction?.memory?.segment;
    return segment === undefined ? value(0n) : this.cell(segment);
  }

  register(number: number, size: Size = 8): Value {
    return value(this.view.cell(8 * number, size));
  }

  setRegister(number: number, v: Value, size: Size = 8): void {
    this.writeCell(8 * number, size, v);
  }

  cell(name: CellName): Value {
    return value(this.view.cell(CELL[name], 8));
  }

  setCell(name: CellName, v: Value): void {
    if (!this.faulted) this.view.setCell(CELL[name], 8, bigintOf(v));
  }

  next(): Value {
    return value(this.nextRip);
  }

  target(): Value {
    return value(this.executable.rip + (this.executable.instruction?.branch ?? 0n));
  }

  load(address: Value, size: Size, segment?: AccessSegment, kind: 'read' | 'update' = 'read'): Value {
    return this.loadChecked(bigintOf(address), size, kind, this.isStack(segment));
  }

  store(address: Value, size: Size, v: Value, segment?: AccessSegment): void {
    this.storeChecked(bigintOf(address), size, bigintOf(v), 'check', this.isStack(segment));
  }

  private isStack(segment: AccessSegment | undefined): boolean {
    return segment === 'operand' ? this.stackOperand : segment === 'stack';
  }

  private loadChecked(address: bigint, size: Size, kind: DataAccess['kind'], stack: boolean): Value {
    if (!this.allowed(address, size, kind === 'read' ? 'read' : 'write', stack)) return value(0n);
    this.accesses.push({ address, size, kind });
    return value(this.view.load(address, size));
  }

  private loadXmm(address: bigint): Xmm {
    if (!this.allowed(address, 16, 'read', this.stackOperand)) return { low: value(0n), high: value(0n) };
    this.accesses.push({ address, size: 16, kind: 'read' });
    return { low: value(this.view.load(address, 8)), high: value(this.view.load(address + 8n, 8)) };
  }

  private storeChecked(address: bigint, size: AccessSize, v: bigint, check: 'check' | 'done', stack: boolean): void {
    if (check === 'check') {
      if (!this.allowed(address, size, 'write', stack)) return;
      this.accesses.push({ address, size, kind: 'write' });
    }
    if (!this.faulted) this.view.store(address, size, BigInt.asUintN(8 * size, v));
  }

  private allowed(address: bigint, size: AccessSize, kind: 'read' | 'write', stack: boolean): boolean {
    if (this.faulted) return false;
    const user = this.view.cell(CELL.cpl, 8) !== 0n;
    const fault = this.view.check({ address, size, kind, stack, user });
    if (fault !== undefined) this.raiseAccess(fault);
    return fault === undefined;
  }

  private raiseAccess(fault: AccessFault): void {
    if (fault.address !== undefined) this.view.setCell(CELL.cr2, 8, fault.address);
    this.fault(fault.vector, fault.errorCode);
  }

  when(condition: Value, yes: () => void, no?: () => void): void {
    if (this.faulted) return;
    if (bigintOf(condition) !== 0n) yes();
    else no?.();
  }

  variable(initial: Arg): Variable {
    let current = bigintOf(initial);
    return {
      read: () => value(current),
      write: (v) => {
        current = bigintOf(v);
      },
    };
  }

  loop(count: Arg, body: (index: Value) => void): void {
    const end = BigInt.asUintN(64, bigintOf(count));
    for (let index = 0n; index < end && !this.faulted; index++) body(value(index));
  }

  branch(): void {
    this.goTo(bigintOf(this.target()));
  }

  jump(address: Value): void {
    this.goTo(bigintOf(address));
  }

  repeat(): void {
    this.goTo(this.executable.rip);
  }

  private goTo(rip: bigint): void {
    if (!this.faulted) this.rip = rip;
  }

  requireCanonical(address: Value): void {
    const top = bigintOf(address) >> 47n;
    if (top !== 0n && top !== 0x1ffffn) this.fault(VECTOR.gp, 0);
  }

  fault(vector: number, errorCode: Arg = 0): void {
    if (this.faulted) return;
    // Whatever was signalled before belongs to an instruction that did not happen.
    this.status = STATUS.fault | vector;
    this.errorCode = Number(bigintOf(errorCode) & 0xffffffffn);
    this.rip = this.executable.rip;
  }

  unsupported(): void {
    if (this.faulted) return;
    this.status = STATUS.unsupported;
    this.rip = this.executable.rip;
  }

  trap(vector: Arg): void {
    if (!this.faulted) this.status |= STATUS.trap | Number(bigintOf(vector));
  }

  signal(what: Signal): void {
    if (!this.faulted) this.status |= STATUS[what];
  }

  divide(high: Value, low: Value, divisor: Value, kind: 'unsigned' | 'signed'): Division {
    if (this.faulted) return { quotient: value(0n), remainder: value(0n), overflow: value(0n) };
    const result = divide128(bigintOf(high), bigintOf(low), bigintOf(divisor), kind === 'signed');
    return {
      quotient: value(result.quotient),
      remainder: value(result.remainder),
      overflow: value(result.overflow ? 1n : 0n),
    };
  }
}
