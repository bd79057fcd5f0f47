import type { StepContext } from '../../machine/step-context.js';
import type { MemoryRange, UsedRange } from '../algorithm.js';
import type { KernelData } from '../kernel-data.js';
import { packBytes } from '../poke-bytes.js';

/** Bytes of a slot. */
const SIZE = 8;

/** One slot of one CPU. */
interface Slot {
  readonly range: string;
  readonly address: bigint;
}

/** Per-CPU data by name that an int3 handler fills for the context that it interrupted, which reads it in a stub. */
export class PerCpuSlots<Name extends string> {
  /** @param offsets per-CPU offsets, by name */
  constructor(
    private readonly data: KernelData,
    private readonly cpus: number,
    private readonly offsets: Readonly<Record<Name, bigint>>,
  ) {}

  /**
   * this_cpu_write(): the slot is the interrupted context's now. Whoever is in a stub with another value in it has lost
   * that; the same value again is no matter, as when an NMI comes by the same site.
   */
  fill(c: StepContext, name: Name, value: bigint): void {
    const { range, address } = this.slot(name, c.cpu);
    // Compared for the event only: the handler does not read the slot.
    const before = packBytes(c.host.text(address, SIZE));
    if (before !== value) c.host.emit({ kind: 'range-retired', cpu: c.cpu, range });
    c.host.emit({ kind: 'range-entered', cpu: c.cpu, range, interrupted: true });
    c.store(address, value);
  }

  /** Frees the slots of all CPUs. */
  retire(c: StepContext): void {
    for (const { range } of this.all) c.host.emit({ kind: 'range-retired', cpu: c.cpu, range });
  }

  /** Every slot of every CPU, by name; who has one keeps it until it leaves the `stub`. */
  ranges(stub: MemoryRange): ReadonlyMap<string, UsedRange> {
    return new Map(this.all.map(({ range, address }) => [range, { address, size: SIZE, usedBy: stub }]));
  }

  private get all(): readonly Slot[] {
    const names = Object.keys(this.offsets) as Name[];
    return Array.from({ length: this.cpus }, (_, cpu) => names.map((name) => this.slot(name, cpu))).flat();
  }

  private slot(name: Name, cpu: number): Slot {
    return { range: `${name}@${cpu}`, address: this.data.perCpu(cpu, this.offsets[name]) };
  }
}
