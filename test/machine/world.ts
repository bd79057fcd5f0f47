import { expect } from 'vitest';
import { assemble } from '../../src/encoder/assemble.js';
import type { IdtEntry } from '../../src/machine/delivery.js';
import type { MachineEvent } from '../../src/machine/event.js';
import { Machine } from '../../src/machine/machine.js';
import type { NmiStack } from '../../src/machine/nmi-stack.js';
import type { Procedure } from '../../src/machine/procedure.js';
import { formatStep, type Step } from '../../src/machine/step.js';
import { Memory } from '../../src/memory/memory.js';
import { DATA, type Permissions, TEXT } from '../../src/memory/page.js';
import { rulesOfProfile } from '../../src/profile/profiles.js';
import type { Rules } from '../../src/profile/rules.js';

/** Where the code of a test lies, where its data, and where the stack of CPU 0 ends; others are 64 KiB apart. */
export const CODE = 0xffffffff81000000n;
export const DATA_PAGE = 0xffffffff83000000n;
const STACKS = 0xffffc90000000000n;
const STACK_SPACING = 0x10000n;
export const STACK_SIZE = 0x2000n;

/** The lowest byte of a CPU's stack; the page below it is a hole. */
export const stackBase = (cpu: number): bigint => STACKS + BigInt(cpu) * STACK_SPACING;
/** Where a CPU's stack begins to grow. */
export const stackTop = (cpu: number): bigint => stackBase(cpu) + STACK_SIZE;

/** What the machine of a test is made of. Symbols of `asm` may be used everywhere. */
export interface Setup {
  /** Assembly at {@link CODE}. */
  readonly asm?: string;
  readonly text?: Permissions;
  readonly cpus?: number;
  readonly backend?: 'wasm' | 'bigint';
  /** Handlers: a label of the code, or a procedure. */
  readonly idt?: Readonly<Record<number, string | Procedure>>;
  readonly procedures?: readonly Procedure[];
  /** Where each CPU's task begins: a label or a procedure; a CPU without one has no task at all. */
  readonly tasks?: readonly (string | Procedure | undefined)[];
  /** The NMI stack of each CPU, which is mapped; default: none. */
  readonly nmiStacks?: readonly NmiStack[];
  /** IF at start; default 1. */
  readonly if?: 0 | 1;
  /** Rules that differ from the profile `ideal`. */
  readonly rules?: Partial<Rules>;
}

/** A machine with code, stacks and a page of data, and everything that happened in it. */
export class World {
  readonly machine: Machine;
  readonly events: MachineEvent[] = [];
  private readonly symbols: ReadonlyMap<string, bigint>;

  constructor(setup: Setup) {
    const { asm = 'nothing: hlt', cpus = 1, tasks = [] } = setup;
    const { blocks, symbols } = assemble([{ base: CODE, source: asm }]);
    this.symbols = symbols;
    const memory = new Memory(64);
    const code = blocks[0]?.bytes ?? new Uint8Array();
    memory.map(CODE, BigInt(code.length), setup.text ?? TEXT, code);
    memory.map(DATA_PAGE, 0x1000n, DATA);
    for (let cpu = 0; cpu < cpus; cpu++) memory.map(stackBase(cpu), STACK_SIZE, DATA);
    for (const { base, top } of setup.nmiStacks ?? []) memory.map(base, top - base, DATA);
    const idt = Object.entries(setup.idt ?? {}).map(([vector, to]): [number, IdtEntry] => [
      Number(vector),
      typeof to === 'string' ? { address: this.at(to) } : { procedure: to },
    ]);
    const running = tasks.filter((task): task is Procedure => typeof task === 'object');
    this.machine = new Machine({
      memory,
      cpus,
      idt: new Map(idt),
      symbols,
      rules: { ...rulesOfProfile('ideal'), ...setup.rules },
      procedures: [...(setup.procedures ?? []), ...running],
      ...(setup.nmiStacks === undefined ? {} : { nmiStacks: setup.nmiStacks }),
      ...(setup.backend === undefined ? {} : { backend: setup.backend }),
    });
    this.machine.observe({ instructions: 'all', observe: (event) => this.events.push(event) });
    tasks.forEach((task, cpu) => {
      const state = this.machine.state(cpu);
      state.rsp = stackTop(cpu);
      state.setInterruptsEnabled(setup.if !== 0);
      if (typeof task === 'string') this.machine.startTask(cpu, this.at(task));
      else if (task !== undefined) this.machine.startProcedure(cpu, task);
    });
  }

  /** The address of a label. */
  at(label: string): bigint {
    const address = this.symbols.get(label);
    if (address === undefined) throw new Error(`no label ${label}`);
    return address;
  }

  get cpu() {
    return this.machine.state(0);
  }

  /** Applies steps, each of which must be enabled. */
  apply(...steps: readonly Step[]): this {
    for (const step of steps) {
      expect(this.enabled(step.cpu), 'the enabled steps').toContain(formatStep(step));
      this.machine.apply(step);
    }
    return this;
  }

  insn(cpu = 0, times = 1): this {
    for (let i = 0; i < times; i++) this.apply({ kind: 'instruction', cpu });
    return this;
  }

  proc(cpu = 0, choice = 0): this {
    return this.apply({ kind: 'procedure', cpu, choice });
  }

  accept(vector: number, cpu = 0): this {
    return this.apply({ kind: 'accept', cpu, vector });
  }

  /** A non-maskable interrupt arrives; there must be budget for it. */
  nmi(cpu = 0): this {
    return this.apply({ kind: 'nmi', cpu });
  }

  /** Makes an interrupt pending. */
  send(vector: number, cpu = 0): this {
    this.machine.setPending(cpu, vector);
    return this;
  }

  /** The enabled steps of a CPU, as schedules write them. */
  enabled(cpu = 0): string[] {
    const steps: Step[] = [];
    this.machine.enabledOn(cpu, steps);
    return steps.map(formatStep);
  }

  word(address: bigint): bigint {
    return this.machine.memory.read(address, 8);
  }

  /** The events of one kind. */
  of<K extends MachineEvent['kind']>(kind: K): (MachineEvent & { kind: K })[] {
    return this.events.filter((event): event is MachineEvent & { kind: K } => event.kind === kind);
  }

  /** The labels of the procedure steps so far. */
  get labels(): string[] {
    return this.of('procedure-step').map(({ label }) => label);
  }
}
