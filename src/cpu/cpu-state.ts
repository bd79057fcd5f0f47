import { CPU_STRIDE } from '../memory/layout.js';
import type { LinearMemory } from '../memory/linear-memory.js';
import { CELL, cpuBase, GPR, type GprName } from './cells.js';
import { lazyFlagsOf, RFLAGS, STATUS_FLAGS, statusFlagsOf } from './flags.js';

/** The architectural state of one CPU, read and written where the backends keep it. */
export class CpuState {
  private readonly base: number;

  constructor(
    private readonly linear: LinearMemory,
    readonly cpu: number,
  ) {
    this.base = cpuBase(cpu);
  }

  /** Makes everything 0, but for the bit of RFLAGS that is always 1. */
  reset(): void {
    this.linear.u8.fill(0, this.base, this.base + CPU_STRIDE);
    this.rflags = RFLAGS.fixed;
  }

  cell(name: Exclude<keyof typeof CELL, 'pending' | 'nextRecord'>): bigint {
    return this.linear.uint64(this.base + CELL[name]);
  }

  setCell(name: Exclude<keyof typeof CELL, 'pending' | 'nextRecord'>, value: bigint): void {
    this.linear.setUint64(this.base + CELL[name], value);
  }

  get rip(): bigint {
    return this.cell('rip');
  }

  set rip(value: bigint) {
    this.setCell('rip', value);
  }

  get rsp(): bigint {
    return this.gpr('rsp');
  }

  set rsp(value: bigint) {
    this.setGpr('rsp', value);
  }

  gpr(name: GprName): bigint {
    return this.linear.uint64(this.base + 8 * GPR[name]);
  }

  setGpr(name: GprName, value: bigint): void {
    this.linear.setUint64(this.base + 8 * GPR[name], value);
  }

  /** Canonical RFLAGS. */
  get rflags(): bigint {
    return this.cell('systemFlags') | statusFlagsOf(this.cell('result'), this.cell('carries'));
  }

  set rflags(value: bigint) {
    const { result, carries } = lazyFlagsOf(value);
    this.setCell('result', result);
    this.setCell('carries', carries);
    this.setCell('systemFlags', (value & ~STATUS_FLAGS) | RFLAGS.fixed);
  }

  /** IF, without touching bigints: asked at every boundary. */
  get interruptsEnabled(): boolean {
    return (this.linear.int32(this.base + CELL.systemFlags) & Number(RFLAGS.if)) !== 0;
  }

  setInterruptsEnabled(on: boolean): void {
    const flags = this.cell('systemFlags');
    this.setCell('systemFlags', on ? flags | RFLAGS.if : flags & ~RFLAGS.if);
  }

  get halted(): boolean {
    return this.linear.int32(this.base + CELL.activity) !== 0;
  }

  set halted(on: boolean) {
    this.linear.setInt32(this.base + CELL.activity, on ? 1 : 0);
  }

  /** In the interrupt shadow of STI. */
  get shadowed(): boolean {
    return this.linear.int32(this.base + CELL.shadow) !== 0;
  }
}
