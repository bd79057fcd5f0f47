import type { CpuState } from '../cpu/cpu-state.js';
import type { CpuNaming, CpuWords } from '../machine/cpu-naming.js';
import type { Memory } from '../memory/memory.js';
import { DATA } from '../memory/page.js';
import type { KernelSymbol, PerCpuSymbol } from './kernel-symbols.js';

/** Where the simulated kernel's own data lies; scenarios must leave these pages alone. */
export const KERNEL_DATA = 0xffffffff84000000n;

/** Bytes of the per-CPU data of one CPU. */
const PER_CPU_SIZE = 64;

/** Data of the simulated kernel that races: it lies in simulated memory, and every access to it is a step. */
export class KernelData {
  private next = KERNEL_DATA;
  /** Where the per-CPU data of each CPU lies, once there is any, and how much of it is taken. */
  private areas: readonly bigint[] = [];
  private perCpuNext = 0;
  private readonly text: { readonly address: bigint; readonly bytes: Uint8Array }[] = [];
  readonly symbols = new Map<string, bigint>();
  private readonly cpuWords: CpuWords[] = [];
  private readonly roles: string[] = [];
  private order: string | undefined;

  /**
   * Reserves `size` zero bytes under a name, aligned to 8 bytes.
   * @param naming how they name CPUs, if they do
   */
  allocate(name: KernelSymbol, size: number, naming?: Partial<CpuWords>): bigint {
    const address = this.next;
    this.symbols.set(name, address);
    if (naming !== undefined) this.cpuWords.push({ perCpu: false, cpuSet: false, ...naming, address });
    this.next += BigInt(Math.ceil(size / 8) * 8);
    return address;
  }

  /**
   * Reserves 8 zero bytes for each CPU (DEFINE_PER_CPU).
   * @returns the offset, which is the address as code sees it: `%gs:offset`.
   */
  allocatePerCpu(name: PerCpuSymbol, cpus: number): bigint {
    if (this.areas.length === 0) {
      const base = this.allocate('per_cpu_areas', PER_CPU_SIZE * cpus);
      this.areas = Array.from({ length: cpus }, (_, cpu) => base + BigInt(PER_CPU_SIZE * cpu));
    }
    if (this.perCpuNext === PER_CPU_SIZE) throw new Error('no room for more per-CPU data');
    const offset = BigInt(this.perCpuNext);
    this.perCpuNext += 8;
    this.areas.forEach((area, cpu) => {
      this.symbols.set(`${name}@${cpu}`, area + offset);
    });
    return offset;
  }

  /** Some CPUs are treated otherwise than others: those with the same text alike. */
  distinguish(cpu: number, how: string): void {
    this.roles[cpu] = `${this.roles[cpu] ?? ''} ${how}`;
  }

  /** CPUs are told apart by more than words that name them, say because something is done to one after the other. */
  tellApart(why: string): void {
    this.order ??= why;
  }

  get naming(): CpuNaming {
    return { words: this.cpuWords, roles: this.roles, order: this.order };
  }

  /** per_cpu_ptr(): where the datum at a per-CPU offset lies for a CPU. */
  perCpu(cpu: number, offset: bigint): bigint {
    const area = this.areas[cpu];
    if (area === undefined) throw new Error(`no per-CPU data for CPU ${cpu}`);
    return area + offset;
  }

  /** Text of the kernel's own that lies in memory from the start, in a page that is mapped otherwise. */
  addText(address: bigint, bytes: Uint8Array): void {
    this.text.push({ address, bytes });
  }

  /** Maps what was reserved and puts the text in its place. */
  map(memory: Memory): void {
    if (this.next > KERNEL_DATA) memory.map(KERNEL_DATA, this.next - KERNEL_DATA, DATA);
    for (const { address, bytes } of this.text) {
      const page = memory.pageAt(address);
      if (page === undefined) throw new Error(`no page for text at 0x${address.toString(16)}`);
      memory.map(address, BigInt(bytes.length), page.permissions, bytes);
    }
  }

  /** Lets the GS base of each CPU be where its per-CPU data lies, if there is any. */
  pointGs(cpus: readonly CpuState[]): void {
    this.areas.forEach((area, cpu) => {
      cpus[cpu]?.setCell('gsBase', area);
    });
  }
}
