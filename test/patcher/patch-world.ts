import { expect } from 'vitest';
import type { GprName } from '../../src/cpu/cells.js';
import { decode } from '../../src/cpu/decode.js';
import { assemble, assembleInstruction } from '../../src/encoder/assemble.js';
import type { IdtEntry } from '../../src/machine/delivery.js';
import type { MachineEvent } from '../../src/machine/event.js';
import { Machine } from '../../src/machine/machine.js';
import type { Patch } from '../../src/machine/patch.js';
import { formatStep, type Step } from '../../src/machine/step.js';
import { Memory } from '../../src/memory/memory.js';
import { DATA, TEXT } from '../../src/memory/page.js';
import type { Algorithm, InstalledAlgorithm } from '../../src/patcher/algorithm.js';
import { KernelData } from '../../src/patcher/kernel-data.js';
import { patcherTask } from '../../src/patcher/patcher-task.js';
import type { PokeOrder } from '../../src/patcher/poke-bytes.js';
import { CALL_FUNCTION_VECTOR, syncCore } from '../../src/patcher/sync-core.js';
import type { SyncReach } from '../../src/patcher/sync-reach.js';
import { TEXT_POKE_BP } from '../../src/patcher/text-poke-bp.js';
import type { Rules } from '../../src/profile/rules.js';
import { Monitors } from '../../src/property/monitors.js';
import type { Site } from '../../src/property/site.js';

/** Where the code of a patch world lies: its first bytes end a cache line. */
export const TEXT_BASE = 0xffffffff8100003cn;
const STACKS = 0xffffc90000000000n;
const STACK_SIZE = 0x1000n;
/** Where the stack of a CPU begins to grow, and its lowest byte. */
export const stackBase = (cpu: number): bigint => STACKS + 0x10000n * BigInt(cpu);
export const stackTop = (cpu: number): bigint => stackBase(cpu) + STACK_SIZE;

export interface PatchSetup {
  /** Assembly at {@link TEXT_BASE}. */
  readonly asm: string;
  /** The sites by label; without a length, the instruction there. */
  readonly sites: Readonly<
    Record<string, { readonly clobbers?: readonly GprName[]; readonly flagClobbers?: bigint; readonly length?: number }>
  >;
  readonly patches: readonly { readonly site: string; readonly new: string; readonly emulate?: string }[];
  /** How many of the patches go together, one call of the API after the other; default: each alone. */
  readonly batches?: readonly number[];
  /** Labels where CPUs 1, 2, ... begin; undefined is an idle CPU. CPU 0 is the patcher. */
  readonly workers: readonly (string | undefined)[];
  readonly algorithm?: Algorithm;
  readonly properties?: readonly string[];
  readonly order?: PokeOrder;
  /** IF of the workers; default 1. */
  readonly if?: 0 | 1;
  readonly backend?: 'wasm' | 'bigint';
  /** Handlers in guest code by vector; they replace what the algorithm brings. */
  readonly idt?: Readonly<Record<number, string>>;
  readonly repeat?: number;
  /** CPUs that sync core does not reach at once. Default: none. */
  readonly reach?: SyncReach;
  /** The rules of the hardware; default those of the profile `ideal`. */
  readonly rules?: Rules;
  /** No events are kept, so that every schedule can be tried. */
  readonly quiet?: boolean;
}

/** A patcher on CPU 0, workers on the others, all the monitors. */
export class PatchWorld {
  readonly machine: Machine;
  readonly monitors: Monitors;
  readonly installed: InstalledAlgorithm;
  readonly events: MachineEvent[] = [];
  readonly symbols: ReadonlyMap<string, bigint>;
  readonly patches: readonly Patch[];

  constructor(setup: PatchSetup) {
    const { blocks, symbols } = assemble([{ base: TEXT_BASE, source: setup.asm }]);
    const code = blocks[0]?.bytes ?? new Uint8Array();
    const cpus = 1 + setup.workers.length;
    const memory = new Memory(64);
    memory.map(TEXT_BASE, BigInt(code.length), TEXT, code);
    for (let cpu = 0; cpu < cpus; cpu++) memory.map(stackBase(cpu), STACK_SIZE, DATA);
    const addressOf = (label: string): bigint => lookUp(symbols, label);
    const sites = Object.entries(setup.sites).map(([symbol, given]): Site => {
      const address = addressOf(symbol);
      const { clobbers = [], flagClobbers = 0n, length = lengthAt(memory, address) } = given;
      return { symbol, address, length, clobbers: new Set(clobbers), flagClobbers };
    });
    this.patches = setup.patches.map((patch): Patch => {
      const address = addressOf(patch.site);
      const bytes = (text: string): Uint8Array => assembleInstruction(text, address, symbols);
      const emulate = patch.emulate === undefined ? undefined : bytes(patch.emulate);
      return { site: patch.site, address, bytes: bytes(patch.new), emulate };
    });
    const data = new KernelData();
    const sync = syncCore(data, cpus, setup.reach);
    const { algorithm = TEXT_POKE_BP, order = 'ascending' } = setup;
    this.installed = algorithm.install({ data, cpus, sync, patches: this.patches, order });
    data.map(memory);
    let first = 0;
    const batches = (setup.batches ?? this.patches.map(() => 1)).map((count) => {
      first += count;
      return { first: first - count, count };
    });
    const patcher = patcherTask(batches, setup.repeat ?? 1, this.installed.apply);
    this.symbols = new Map([...symbols, ...data.symbols]);
    const guest = Object.entries(setup.idt ?? {}).map(([vector, label]): [number, IdtEntry] => [
      Number(vector),
      { address: addressOf(label) },
    ]);
    this.machine = new Machine({
      memory,
      cpus,
      idt: new Map([...this.installed.idt, [CALL_FUNCTION_VECTOR, { procedure: sync.handler }], ...guest]),
      symbols: this.symbols,
      procedures: [patcher],
      onKernelEntry: sync.onKernelEntry,
      gracePeriods: this.installed.gracePeriods,
      ...(setup.rules === undefined ? {} : { rules: setup.rules }),
      ...(setup.backend === undefined ? {} : { backend: setup.backend }),
    });
    const things = { sites, patches: this.patches, ranges: this.installed.ranges };
    this.monitors = new Monitors(this.machine, things, setup.properties);
    if (setup.quiet !== true) {
      this.machine.observe({ instructions: 'all', observe: (event) => this.events.push(event) });
    }
    this.machine.cpus.forEach((state, cpu) => {
      state.rsp = stackTop(cpu);
      state.setInterruptsEnabled(cpu === 0 || setup.if !== 0);
      if (cpu === 0) this.machine.startProcedure(0, patcher);
    });
    setup.workers.forEach((label, index) => {
      if (label !== undefined) this.machine.startTask(index + 1, addressOf(label));
    });
  }

  at(label: string): bigint {
    return lookUp(this.symbols, label);
  }

  /** The property that was violated, if any. */
  get violated(): string | undefined {
    return this.monitors.violation?.property;
  }

  /** Applies a step, which must be enabled. */
  apply(step: Step): this {
    expect(this.machine.enabled().map(formatStep), 'the enabled steps').toContain(formatStep(step));
    this.machine.apply(step);
    return this;
  }

  /** A CPU executes instructions of guest code. */
  insn(cpu = 1, times = 1): this {
    for (let i = 0; i < times; i++) this.apply({ kind: 'instruction', cpu });
    return this;
  }

  /** A CPU does steps of its procedure; always the first choice. */
  proc(cpu = 0, times = 1): this {
    for (let i = 0; i < times; i++) {
      const steps: Step[] = [];
      this.machine.enabledOn(cpu, steps);
      const step = steps.find(({ kind }) => kind === 'procedure');
      expect(step, `a procedure step of CPU ${cpu}`).toBeDefined();
      if (step !== undefined) this.machine.apply(step);
    }
    return this;
  }

  /** A CPU does the procedures of its handler until it is back in guest code, idle or stopped. */
  handler(cpu = 1): this {
    while (this.machine.context(cpu).inProcedure && !this.machine.state(cpu).dead) this.proc(cpu);
    return this;
  }

  /** A CPU accepts the interrupt that is pending and does all of its handler. */
  interrupt(cpu = 1): this {
    const steps: Step[] = [];
    this.machine.enabledOn(cpu, steps);
    const step = steps.find(({ kind }) => kind === 'accept');
    expect(step, `an interrupt that CPU ${cpu} can accept`).toBeDefined();
    if (step !== undefined) this.machine.apply(step);
    return this.handler(cpu);
  }

  /** The label of the step that a CPU is about to do. */
  next(cpu = 0): string | undefined {
    return this.machine.procedureAt(cpu)?.label;
  }

  /**
   * The patcher goes on until its next step is the `nth` one from here whose label begins with `label`; whenever it waits
   * for other CPUs, those that can do accept their interrupt.
   */
  until(label: string, nth = 1): this {
    let left = nth;
    for (let steps = 0; steps < 100_000; steps++) {
      if (this.next()?.startsWith(label) && --left === 0) return this;
      this.patcherStep();
    }
    throw new Error(`the patcher does not come to "${label}", but to "${this.next()}"`);
  }

  /** The patcher goes on until it is finished. */
  finish(): this {
    while (!this.machine.isFinished(0)) this.patcherStep();
    return this;
  }

  private patcherStep(): void {
    const steps: Step[] = [];
    this.machine.enabledOn(0, steps);
    if (steps.length > 0) {
      this.proc(0);
      return;
    }
    const accepts = this.machine.enabled().filter(({ kind }) => kind === 'accept');
    const inHandlers = this.machine.cpus.filter(({ cpu, dead }) => !dead && this.machine.context(cpu).depth > 1);
    for (const accept of accepts) this.machine.apply(accept);
    for (let cpu = 1; cpu < this.machine.cpuCount; cpu++) this.handler(cpu);
    if (accepts.length + inHandlers.length === 0) throw new Error(`the patcher waits for ever: ${this.next()}`);
  }

  /** The labels of a CPU's procedure steps so far. */
  labels(cpu = 0): string[] {
    return this.events.flatMap((event) => (event.kind === 'procedure-step' && event.cpu === cpu ? [event.label] : []));
  }

  /** The bytes of text at a label, in hex. */
  text(label: string, length: number): string {
    return Buffer.from(this.machine.memory.bytes(this.at(label), length)).toString('hex');
  }
}

function lookUp(symbols: ReadonlyMap<string, bigint>, label: string): bigint {
  const address = symbols.get(label);
  if (address === undefined) throw new Error(`no label ${label}`);
  return address;
}

function lengthAt(memory: Memory, address: bigint): number {
  const decoded = decode(memory.bytes(address, 15));
  if (decoded.kind !== 'instruction') throw new Error('no instruction at the site');
  return decoded.bytes.length;
}

/** The registers that a function call may change. */
export const CALL_CLOBBERS = ['rax', 'rcx', 'rdx', 'rsi', 'rdi', 'r8', 'r9', 'r10', 'r11'] as const;
