import { CPU_STRIDE } from '../memory/layout.js';
import type { LinearMemory } from '../memory/linear-memory.js';
import { ACTIVITY, CELL, cpuBase, GPR, type GprName, MOV_SS_SHADOW, XMM_CELLS, XMM_SIZE } from './cells.js';
import { lazyFlagsOf, normaliseLazyFlags, RFLAGS, STATUS_FLAGS, statusFlagsOfHalves } from './flags.js';

/** Cells that are one 64-bit word. */
type WordCell = Exclude<keyof typeof CELL, 'pending' | 'nextRecord' | 'known' | `hash${string}`>;

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

  cell(name: WordCell): bigint {
    return this.linear.uint64(this.base + CELL[name]);
  }

  setCell(name: WordCell, value: bigint): void {
    this.linear.setUint64(this.base + CELL[name], value);
    this.changed();
  }

  /** To be called when something else than this class changes the block: what was known of it is not right any more. */
  changed(): void {
    this.linear.setInt32(this.base + CELL.known, 0);
  }

  get rip(): bigint {
    return this.cell('rip');
  }

  set rip(value: bigint) {
    this.setCell('rip', value);
  }

  /** The low half of RIP as a signed number, without touching bigints. */
  get ripLow(): number {
    return this.linear.int32(this.base + CELL.rip);
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
    this.changed();
  }

  /** XMM register n, 128 bits. */
  xmm(n: number): bigint {
    const at = this.base + XMM_CELLS + XMM_SIZE * n;
    return this.linear.uint64(at) | (this.linear.uint64(at + 8) << 64n);
  }

  setXmm(n: number, value: bigint): void {
    const at = this.base + XMM_CELLS + XMM_SIZE * n;
    this.linear.setUint64(at, BigInt.asUintN(64, value));
    this.linear.setUint64(at + 8, BigInt.asUintN(64, value >> 64n));
    this.changed();
  }

  /** Canonical RFLAGS. */
  get rflags(): bigint {
    const half = (offset: number): number => this.linear.int32(this.base + offset);
    const status = statusFlagsOfHalves(
      half(CELL.result),
      half(CELL.result + 4),
      half(CELL.carries),
      half(CELL.carries + 4),
    );
    return this.cell('systemFlags') | BigInt(status);
  }

  set rflags(value: bigint) {
    const { result, carries } = lazyFlagsOf(value);
    this.setCell('result', result);
    this.setCell('carries', carries);
    this.setCell('systemFlags', (value & ~STATUS_FLAGS) | RFLAGS.fixed);
  }

  /** Gives the lazy status flags the form that depends on their values alone, not on how they came about. */
  normaliseFlags(): void {
    normaliseLazyFlags(this.linear.i32, (this.base + CELL.result) >>> 2, (this.base + CELL.carries) >>> 2);
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
    this.changed();
  }

  /** Stopped for good. */
  get dead(): boolean {
    return this.linear.int32(this.base + CELL.activity) === Number(ACTIVITY.dead);
  }

  /** TF. */
  get singleSteps(): boolean {
    return (this.linear.int32(this.base + CELL.systemFlags) & Number(RFLAGS.tf)) !== 0;
  }

  get nmiBlocked(): boolean {
    return this.linear.int32(this.base + CELL.nmiBlocked) !== 0;
  }

  set nmiBlocked(on: boolean) {
    this.linear.setInt32(this.base + CELL.nmiBlocked, on ? 1 : 0);
    this.changed();
  }

  /** The shadow is that of MOV SS, which holds NMI and #DB too. */
  get shadowOfMovSs(): boolean {
    return this.linear.int32(this.base + CELL.shadow) === MOV_SS_SHADOW;
  }

  /** In an interrupt shadow. */
  get shadowed(): boolean {
    return this.linear.int32(this.base + CELL.shadow) !== 0;
  }
}
