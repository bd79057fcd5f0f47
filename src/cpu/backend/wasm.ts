import { ACCESS_ENTRY_SIZE, CPU_STRIDE, LAYOUT, SCRATCH, TLB, TLB_INVALID } from '../../memory/layout.js';
import type { Memory } from '../../memory/memory.js';
import { pageAddress } from '../../memory/page.js';
import { CELL, cpuBase } from '../cells.js';
import { checkAccess } from '../data-access.js';
import { divide128 } from '../division.js';
import { COHERENT, type FetchRule } from '../fetch.js';
import { HeldStores } from '../held-store.js';
import type { DataAccess, ExecutedInstruction, Interpreter } from '../interpreter.js';
import { isLocked } from '../locked.js';
import { RECORD, STATUS } from '../record.js';
import { RecordCache } from '../record-cache.js';
import { HANDLERS } from '../semantics/index.js';
import { VECTOR } from '../vector.js';
import { interpreterBytes } from './interpreter-bytes.js';
import { PREBUILT } from './prebuilt.js';

let compiled: WebAssembly.Module | undefined;

/** The interpreter's module: made and compiled once in a process. */
function interpreterModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(interpreterBytes(HANDLERS, PREBUILT));
  return compiled;
}

const ACCESS_KINDS = ['read', 'write', 'update'] as const;

/** Runs the definitions as one WebAssembly interpreter over decode records. */
export class WasmInterpreter implements Interpreter {
  readonly name = 'wasm';
  private readonly records: RecordCache;
  private readonly runSteps: (count: number) => number;
  /** A store that waits in the bounce buffer. */
  private slowStore: { readonly cpu: number; address: bigint; size: number; readonly locked: boolean } | undefined;

  constructor(
    readonly memory: Memory,
    rule: FetchRule = COHERENT,
    private readonly stores: HeldStores = new HeldStores(memory),
    maxRecords?: number,
  ) {
    this.records = new RecordCache(memory, rule, maxRecords);
    const host = {
      memory: memory.linear.wasm,
      read: (record: number, address: bigint, size: number, stack: number) =>
        this.slowAccess(record, address, size, 'read', stack !== 0),
      write: (record: number, address: bigint, size: number, stack: number) =>
        this.slowAccess(record, address, size, 'write', stack !== 0),
      touch: (offset: number, size: number) => memory.written.touch(offset, size),
      fall: (record: number) => this.records.fall(record),
      taken: (record: number) => this.records.taken(record),
      lookup: (page: number, rip: bigint) =>
        this.records.findTarget((page - LAYOUT.cpu) / CPU_STRIDE, BigInt.asUintN(64, rip)),
      refetch: (record: number) => this.records.refetch(record),
      divide: (signed: number) => this.divide(signed !== 0),
    };
    const { exports } = new WebAssembly.Instance(interpreterModule(), { host });
    this.runSteps = exports.run as (count: number) => number;
  }

  step(cpu: number): number {
    this.memory.linear.u8[LAYOUT.schedule] = cpu;
    this.runSteps(1);
    return this.finish();
  }

  /**
   * Executes up to `count` steps, the i-th on CPU `schedule[i]` (bytes at `LAYOUT.schedule`, at most 65,536). Stops
   * after a step with a status other than 0, which {@link lastStatus} gives, and after a step that the host had to help
   * with.
   * @returns how many steps it did.
   */
  run(count: number): number {
    this.lastStatus = 0;
    if (count <= 0) return 0;
    const done = this.runSteps(count);
    this.lastStatus = this.finish();
    return done;
  }

  /** The status of the step that ended {@link run}. */
  lastStatus = 0;

  executed(): ExecutedInstruction {
    const { linear } = this.memory;
    const record = linear.int32(LAYOUT.scratch + SCRATCH.record);
    return { rip: linear.uint64(record + RECORD.rip), bytes: this.bytesOf(record) };
  }

  private bytesOf(record: number): Uint8Array {
    const { u8 } = this.memory.linear;
    return u8.slice(record + RECORD.bytes, record + RECORD.bytes + (u8[record + RECORD.length] ?? 0));
  }

  accesses(): DataAccess[] {
    const { linear } = this.memory;
    const end = linear.int32(LAYOUT.scratch + SCRATCH.accessLogEnd);
    const accesses: DataAccess[] = [];
    for (let at = LAYOUT.accessLog; at < LAYOUT.accessLog + end; at += ACCESS_ENTRY_SIZE) {
      const size = linear.int32(at + 8);
      accesses.push({ address: linear.uint64(at), size: size & 0xff, kind: ACCESS_KINDS[size >> 8] ?? 'read' });
    }
    return accesses;
  }

  private finish(): number {
    const status = this.memory.linear.int32(LAYOUT.scratch + SCRATCH.status);
    this.completeStore();
    return status & ~STATUS.slowStore;
  }

  private completeStore(): void {
    if (this.slowStore === undefined) return;
    const { cpu, address, size, locked } = this.slowStore;
    this.slowStore = undefined;
    const bounce = LAYOUT.scratch + SCRATCH.bounce;
    this.stores.store(cpu, address, this.memory.linear.u8.slice(bounce, bounce + size), locked);
  }

  /** An access that missed the TLB: checked, then the TLB filled, or the bounce buffer used. */
  private slowAccess(record: number, signed: bigint, size: number, kind: 'read' | 'write', stack: boolean): number {
    // ENTER reads after it stored.
    if (kind === 'read') this.completeStore();
    const { linear } = this.memory;
    const address = BigInt.asUintN(64, signed);
    const base = cpuBase(linear.int32(record + RECORD.cpu));
    const user = linear.uint64(base + CELL.cpl) !== 0n;
    const fault = checkAccess(this.memory, { address, size, kind, stack, user });
    if (fault !== undefined) {
      if (fault.vector === VECTOR.pf) linear.setUint64(base + CELL.cr2, fault.address ?? 0n);
      linear.setInt32(LAYOUT.scratch + SCRATCH.errorCode, fault.errorCode);
      linear.setInt32(LAYOUT.scratch + SCRATCH.status, STATUS.fault | fault.vector);
      return 0;
    }
    const crosses = Number(address & 0xfffn) + size > 0x1000;
    const page = this.memory.pageAt(address);
    if (crosses || page === undefined || (kind === 'write' && page.text)) {
      return kind === 'write' ? this.bounceStore(record, address, size) : this.bounceLoad(address, size);
    }
    const entry = 2 * base + TLB[kind] + 16 * Number((address >> 12n) & BigInt(TLB.entries - 1));
    linear.setUint64(entry, pageAddress(address));
    linear.setInt32(entry + 8, page.offset);
    const offset = page.offset + Number(address & 0xfffn);
    if (kind === 'write') this.memory.written.touch(offset, size);
    return offset;
  }

  private bounceLoad(address: bigint, size: number): number {
    const at = LAYOUT.scratch + SCRATCH.bounceRead;
    this.memory.linear.u8.set(this.memory.bytes(address, size), at);
    return at;
  }

  /** A locked operation's second half joins the first, and both are found again when they are written. */
  private bounceStore(record: number, address: bigint, size: number): number {
    const { linear } = this.memory;
    const bounce = LAYOUT.scratch + SCRATCH.bounce;
    const first = this.slowStore;
    const inFirst = first?.locked === true ? Number(address - first.address) : -1;
    if (first !== undefined && inFirst >= 0 && inFirst + size <= first.size) return bounce + inFirst;
    if (first !== undefined && inFirst === first.size && inFirst + size <= SCRATCH.bounceRead - SCRATCH.bounce) {
      first.size += size;
    } else {
      this.completeStore();
      const cpu = linear.int32(record + RECORD.cpu);
      this.slowStore = { cpu, address, size, locked: isLocked(this.bytesOf(record)) };
      this.forgetReads(cpu, address);
      this.forgetReads(cpu, address + BigInt(size - 1));
    }
    const at = bounce + Number(address - (this.slowStore?.address ?? address));
    linear.u8.set(this.memory.bytes(address, size), at);
    return at;
  }

  /** Reads of the page miss the TLB, so that they come here, where a store that waits is made first. */
  private forgetReads(cpu: number, address: bigint): void {
    const entry = 2 * cpuBase(cpu) + TLB.read + 16 * Number((address >> 12n) & BigInt(TLB.entries - 1));
    this.memory.linear.u8.fill(TLB_INVALID, entry, entry + 8);
  }

  private divide(signed: boolean): number {
    const { linear } = this.memory;
    const operand = (at: number): bigint => linear.uint64(LAYOUT.scratch + at);
    const { quotient, remainder, overflow } = divide128(
      operand(SCRATCH.high),
      operand(SCRATCH.low),
      operand(SCRATCH.divisor),
      signed,
    );
    linear.setUint64(LAYOUT.scratch + SCRATCH.quotient, quotient);
    linear.setUint64(LAYOUT.scratch + SCRATCH.remainder, remainder);
    return overflow ? 1 : 0;
  }
}
