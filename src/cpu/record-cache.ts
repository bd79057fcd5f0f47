import { BRANCH_TARGET_ENTRIES, LAYOUT, MAX_CPUS, SCRATCH } from '../memory/layout.js';
import type { Memory } from '../memory/memory.js';
import { CELL, cpuBase } from './cells.js';
import type { CellOperand } from './decoded-instruction.js';
import { type Executable, executableAt, executableOfFetch } from './executable.js';
import type { FetchRule } from './fetch.js';
import { MAX_RECORDS, RECORD, RECORD_SIZE } from './record.js';

/** The version of what is mapped. */
const MAPPINGS = LAYOUT.scratch + SCRATCH.mappings;

/**
 * The decode records of all CPUs: a cache keyed by (CPU, RIP), bounded, decoded again in place when the bytes under a
 * record changed, so that links from other records stay right. Never part of a snapshot.
 */
export class RecordCache {
  private readonly byRip: Map<bigint, number>[] = Array.from({ length: MAX_CPUS }, () => new Map());
  private used = 0;

  constructor(
    private readonly memory: Memory,
    private readonly rule: FetchRule,
    /** Records that may be in use at once. */
    private readonly capacity: number = MAX_RECORDS,
  ) {}

  /** The record of a CPU at an address, made if there is none. */
  find(cpu: number, rip: bigint): number {
    return this.byRip[cpu]?.get(rip) ?? this.add(cpu, rip);
  }

  /** The same, entered into the CPU's branch-target table. */
  findTarget(cpu: number, rip: bigint): number {
    const record = this.find(cpu, rip);
    const { linear } = this.memory;
    const index = Number(rip & BigInt(BRANCH_TARGET_ENTRIES - 1));
    const entry = LAYOUT.branchTargets + (cpu * BRANCH_TARGET_ENTRIES + index) * 16;
    linear.setUint64(entry, rip);
    linear.setInt32(entry + 8, record);
    return record;
  }

  /** The record of the instruction after this one. */
  fall(record: number): number {
    return this.link(record, RECORD.fall, RECORD.next);
  }

  /** The record at this one's branch target. */
  taken(record: number): number {
    return this.link(record, RECORD.taken, RECORD.target);
  }

  private link(record: number, field: number, addressField: number): number {
    const { linear } = this.memory;
    const to = this.find(linear.int32(record + RECORD.cpu), linear.uint64(record + addressField));
    // When the cache was emptied meanwhile, this record is free and the link is lost with it.
    linear.setInt32(record + field, to);
    return to;
  }

  /** Looks at the bytes again: the same leave the record as it is, others are decoded into it. */
  refetch(record: number): number {
    const { linear } = this.memory;
    const cpu = linear.int32(record + RECORD.cpu);
    const rip = linear.uint64(record + RECORD.rip);
    const fetched = this.rule.fetch(this.memory, cpu, rip);
    // Where text ends, what was mapped counts too.
    const length = fetched.end === undefined ? this.lengthHeld(record, fetched.bytes) : 0;
    if (length > 0) this.writeLines(record, { offsets: fetched.offsets.slice(0, length), faulted: false });
    else this.write(record, cpu, executableOfFetch(this.memory, rip, fetched));
    return record;
  }

  /** How long the record's instruction is if the bytes fetched begin with it: they decode to it again. Else 0. */
  private lengthHeld(record: number, bytes: Uint8Array): number {
    const { u8 } = this.memory.linear;
    if (this.memory.linear.int32(record + RECORD.lastLine) === MAPPINGS) return 0; // cut off by a fault: no instruction
    const length = u8[record + RECORD.length] ?? 0;
    for (let i = 0; i < length; i++) if (u8[record + RECORD.bytes + i] !== bytes[i]) return 0;
    return length;
  }

  private add(cpu: number, rip: bigint): number {
    if (this.used >= this.capacity) this.clear();
    const record = LAYOUT.records + this.used++ * RECORD_SIZE;
    this.byRip[cpu]?.set(rip, record);
    this.write(record, cpu, executableAt(this.memory, this.rule, cpu, rip));
    return record;
  }

  /**
   * Frees every record. The first one stays as it is while it is the last that was executed, which may be asked for.
   */
  private clear(): void {
    const { linear } = this.memory;
    for (let i = 0; i < this.used; i++) linear.setInt32(LAYOUT.records + i * RECORD_SIZE + RECORD.block, -1);
    linear.u8.fill(0, LAYOUT.branchTargets, LAYOUT.branchTargets + MAX_CPUS * BRANCH_TARGET_ENTRIES * 16);
    for (const map of this.byRip) map.clear();
    this.used = linear.int32(LAYOUT.scratch + SCRATCH.record) === LAYOUT.records ? 1 : 0;
  }

  private write(record: number, cpu: number, executable: Executable): void {
    const { linear } = this.memory;
    const { rip, instruction, bytes } = executable;
    const memory = instruction?.memory;
    const word32: [number, number][] = [
      [RECORD.handler, executable.handler],
      [RECORD.fall, 0],
      [RECORD.taken, 0],
      [RECORD.block, cpuBase(cpu)],
      [RECORD.cpu, cpu],
      [RECORD.dest, cellAddress(cpu, executable.dest, record + RECORD.immediate)],
      [RECORD.src, cellAddress(cpu, executable.src, record + secondImmediate(executable))],
      [RECORD.third, cellAddress(cpu, instruction?.third, record + RECORD.immediate)],
      [RECORD.base, cellAddress(cpu, memory?.base)],
      [RECORD.index, cellAddress(cpu, memory?.index)],
      [RECORD.segment, memory?.segment === undefined ? LAYOUT.zero : cpuBase(cpu) + CELL[memory.segment]],
      [RECORD.scale, memory?.scale ?? 0],
      [RECORD.stack, memory?.stack ? 1 : 0],
    ];
    for (const [field, value] of word32) linear.setInt32(record + field, value);
    for (const [field, value] of [
      [RECORD.rip, rip],
      [RECORD.next, rip + BigInt(bytes.length)],
      [RECORD.target, rip + (instruction?.branch ?? 0n)],
      [RECORD.displacement, (memory?.displacement ?? 0n) + (memory?.ripRelative ? rip : 0n)],
      [RECORD.mask, memory?.addressMask ?? ~0n],
    ] as const) {
      linear.setUint64(record + field, value);
    }
    this.writeImmediates(record, executable);
    linear.u8[record + RECORD.length] = bytes.length;
    linear.u8.set(bytes, record + RECORD.bytes);
    this.writeLines(record, executable);
  }

  private writeImmediates(record: number, executable: Executable): void {
    const third = executable.instruction?.third;
    for (const [operand, field] of [
      [third, RECORD.immediate],
      [executable.dest, RECORD.immediate],
      [executable.src, secondImmediate(executable)],
    ] as const) {
      if (operand?.kind === 'immediate') this.memory.linear.setUint64(record + field, operand.value);
    }
  }

  /** The version counters that the record is valid for: of its bytes, and of the mappings when the fetch faulted. */
  private writeLines(record: number, { offsets, faulted }: Pick<Executable, 'offsets' | 'faulted'>): void {
    const { linear } = this.memory;
    const first = lineVersion(offsets[0]);
    // What could be fetched before a fault is less than 15 bytes at the end of a page: one line.
    const last = faulted ? MAPPINGS : lineVersion(offsets.at(-1));
    // A version that the counter never has makes every step fetch anew.
    const stale = offsets.some((offset) => this.rule.mayDiffer(this.memory, offset)) ? 1 : 0;
    for (const [line, version, cell] of [
      [RECORD.firstLine, RECORD.firstVersion, first],
      [RECORD.lastLine, RECORD.lastVersion, last],
    ] as const) {
      linear.setInt32(record + line, cell);
      linear.setInt32(record + version, linear.int32(cell) - stale);
    }
  }
}

/** The version counter of the line of a byte in the pool; without one, a cell that never changes. */
function lineVersion(offset: number | undefined): number {
  return offset === undefined ? LAYOUT.zero : (offset >>> 6) << 2;
}

function secondImmediate({ dest }: Executable): number {
  return dest.kind === 'immediate' ? RECORD.immediate2 : RECORD.immediate;
}

/** Address of an operand's cell in linear memory: a register, an immediate of the record, or the zero cell. */
function cellAddress(cpu: number, operand: CellOperand | undefined, immediate: number = LAYOUT.zero): number {
  if (operand?.kind === 'cell') return cpuBase(cpu) + operand.offset;
  return operand?.kind === 'immediate' ? immediate : LAYOUT.zero;
}
