import { BigintInterpreter } from '../cpu/backend/bigint.js';
import { WasmInterpreter } from '../cpu/backend/wasm.js';
import { ACTIVITY } from '../cpu/cells.js';
import { CpuState } from '../cpu/cpu-state.js';
import { COHERENT } from '../cpu/fetch.js';
import { HeldStores } from '../cpu/held-store.js';
import type { DataAccess, Interpreter } from '../cpu/interpreter.js';
import { StaleFetch } from '../cpu/stale-fetch.js';
import type { Memory } from '../memory/memory.js';
import { rulesOfProfile } from '../profile/profiles.js';
import type { Rules } from '../profile/rules.js';
import { Budgets } from './budgets.js';
import { Contexts } from './contexts.js';
import { Delivery, type DeliveryHost, type IdtEntry, mapProcedureText, PROCEDURE_TEXT, type Stop } from './delivery.js';
import { EnabledSteps } from './enabled-steps.js';
import type { MachineEvent } from './event.js';
import { InstructionUnit } from './instruction-unit.js';
import { KernelHost } from './kernel-host.js';
import type { MachineConfig } from './machine-config.js';
import type { MachineSnapshot } from './machine-snapshot.js';
import type { Observer } from './observer.js';
import { observedStates } from './observer-states.js';
import { Observers } from './observers.js';
import { PendingInterrupts } from './pending.js';
import type { Procedure } from './procedure.js';
import { ProcedureRunner } from './procedure-runner.js';
import { Rescheduling } from './rescheduling.js';
import { StateBlocks } from './state-blocks.js';
import { stateHash } from './state-hash.js';
import { StateVector } from './state-vector.js';
import type { Step } from './step.js';
import { StepEffects } from './step-effects.js';
import { Tasks, type TaskTraits } from './tasks.js';
import type { WatchedLines } from './watched-lines.js';

const IDEAL_RULES = rulesOfProfile('ideal');
const PROCEDURE_TEXT_LOW = Number(PROCEDURE_TEXT & 0xffffffffn) | 0;

/**
 * N CPUs over one memory. Everything that may happen next is an enabled step; given the list of steps the machine is
 * deterministic. All of its state lies in linear memory, beside the versions of text.
 */
export class Machine implements DeliveryHost {
  readonly memory: Memory;
  readonly cpus: readonly CpuState[];
  readonly cpuCount: number;
  readonly interpreter: Interpreter;
  /** The simulated hardware's rules. */
  readonly rules: Rules;
  /** How many steps were applied. Not part of the state. */
  steps = 0;
  readonly contexts: readonly Contexts[];
  readonly pending: readonly PendingInterrupts[];
  readonly runner: ProcedureRunner;
  readonly tasks: Tasks;
  readonly budgets: Budgets;
  private readonly rescheduling: Rescheduling;
  private readonly next: EnabledSteps;
  private readonly effects: StepEffects;
  /** Absent when every fetch returns what memory holds. */
  readonly fetch: StaleFetch | undefined;
  readonly delivery: Delivery;
  readonly kernel: KernelHost;
  private readonly observers = new Observers(this);
  private readonly blocks: StateBlocks;
  /** What the last step was. */
  private lastKind: Step['kind'] | undefined;

  constructor(config: MachineConfig) {
    this.memory = config.memory;
    this.cpuCount = config.cpus;
    const { linear } = config.memory;
    const each = <T>(make: (cpu: number) => T): T[] => Array.from({ length: config.cpus }, (_, cpu) => make(cpu));
    this.tasks = new Tasks(linear);
    this.budgets = new Budgets(linear);
    this.blocks = new StateBlocks(linear, config.cpus, this.tasks, this.budgets);
    this.cpus = each((cpu) => new CpuState(linear, cpu));
    this.contexts = each((cpu) => new Contexts(linear, cpu));
    this.pending = each((cpu) => new PendingInterrupts(linear, cpu));
    const idt = config.idt ?? new Map<number, IdtEntry>();
    this.delivery = new Delivery(this, idt, config.nmiStacks);
    this.kernel = new KernelHost(this, this.delivery, config);
    const Backend = config.backend === 'bigint' ? BigintInterpreter : WasmInterpreter;
    mapProcedureText(config.memory);
    const { rules = IDEAL_RULES } = config;
    this.rules = rules;
    if (rules.fetch !== 'coherent') this.fetch = new StaleFetch(config.memory, rules, config.cpus);
    config.memory.text.floor = this.fetch === undefined ? Number.POSITIVE_INFINITY : 0;
    const stores = new HeldStores(config.memory, rules.storeBoundary);
    this.interpreter = new Backend(config.memory, this.fetch ?? COHERENT, stores);
    const handlers = [...idt.values()].flatMap((entry) => ('procedure' in entry ? [entry.procedure] : []));
    this.runner = new ProcedureRunner(this.kernel, this.contexts, [...(config.procedures ?? []), ...handlers]);
    const instructions = new InstructionUnit(this, this.observers, this.delivery, this.fetch, stores);
    this.rescheduling = new Rescheduling(this, this.tasks, this.budgets, this.delivery, config.idleStacks ?? []);
    this.next = new EnabledSteps(this, this.runner, this.pending, this.fetch, this.rescheduling, this.budgets, stores);
    this.effects = new StepEffects(this, {
      instructions,
      runner: this.runner,
      kernel: this.kernel,
      delivery: this.delivery,
      rescheduling: this.rescheduling,
      budgets: this.budgets,
      pending: this.pending,
      fetch: this.fetch,
    });
    config.memory.onTextStore = (address, before, after, time, alias) => {
      const cpu = this.kernel.acting;
      const same = alias === undefined && (this.lastKind === 'instruction' || this.lastKind === 'store');
      this.fetch?.ownStore(cpu, address, after.length, same ? 'same' : 'alias');
      this.emit({ kind: 'text-store', cpu, address, before, after, time, ...(alias === undefined ? {} : { alias }) });
    };
    for (const cpu of this.cpus) {
      cpu.rflags = 2n;
      cpu.setCell('activity', ACTIVITY.halted);
    }
  }

  // Setting up

  /** Puts a task that executes guest code on a CPU. Registers and stack are set by the caller. */
  startTask(cpu: number, entry: bigint, traits: Partial<TaskTraits> = {}): number {
    const state = this.state(cpu);
    const task = this.tasks.add({ name: `task ${this.tasks.traits.length}`, reschedulable: true, ...traits });
    this.tasks.assign(cpu, task);
    state.rip = entry;
    state.halted = false;
    this.context(cpu).push(undefined, state.rsp);
    return task;
  }

  /** Takes the task that was just started off its CPU before it has done anything: somebody may resume it. */
  setAside(cpu: number, task: number): void {
    this.tasks.park(cpu, task, 'fresh');
    this.rescheduling.idle(cpu);
  }

  /** Leaves a CPU idle, with interrupts on. */
  idle(cpu: number): void {
    this.rescheduling.idle(cpu);
  }

  /** Puts a task that is a procedure on a CPU; unless said otherwise it is not rescheduled. */
  startProcedure(cpu: number, procedure: Procedure, traits: Partial<TaskTraits> = {}): number {
    const task = this.startTask(cpu, PROCEDURE_TEXT, { name: procedure.name, reschedulable: false, ...traits });
    this.runner.start(cpu, procedure);
    return task;
  }

  /** Text whose execution observers hear of even if they do not trace everything. */
  get watched(): WatchedLines {
    return this.observers.watched;
  }

  observe(observer: Observer): void {
    this.observers.add(observer);
  }

  // What may happen next

  /** Every enabled step, CPU by CPU. */
  enabled(): Step[] {
    const steps: Step[] = [];
    for (let cpu = 0; cpu < this.cpuCount; cpu++) this.enabledOn(cpu, steps);
    return steps;
  }

  /** Adds the enabled steps of one CPU to `steps`. */
  enabledOn(cpu: number, steps: Step[]): void {
    this.next.on(cpu, steps);
  }

  /** Whether a step is enabled now. */
  isEnabled(step: Step): boolean {
    return this.next.includes(step);
  }

  /** Whether a CPU's task was a procedure and has returned. */
  isFinished(cpu: number): boolean {
    const contexts = this.context(cpu);
    return (
      contexts.depth === 1 &&
      !contexts.inProcedure &&
      this.state(cpu).ripLow === PROCEDURE_TEXT_LOW &&
      this.state(cpu).rip === PROCEDURE_TEXT
    );
  }

  // Doing it

  /** Applies an enabled step. What happened is told to the observers. */
  apply(step: Step): void {
    this.kernel.begin(step.cpu);
    this.lookThrough(step.cpu);
    this.memory.text.writer = step.cpu;
    this.steps++;
    this.state(step.cpu).changed();
    this.lastKind = step.kind;
    this.effects.apply(step);
    this.observers.after(step.cpu);
  }

  /** From now on memory is seen as the CPU's task sees it. */
  lookThrough(cpu: number): void {
    this.memory.lookThrough(this.tasks.owner(cpu), cpu);
  }

  // What happens to CPUs

  setPending(cpu: number, vector: number): void {
    this.pending[cpu]?.raise(vector);
    this.state(cpu).changed();
  }

  serialize(cpu: number): void {
    this.fetch?.serialized(cpu);
    this.emit({ kind: 'serialize', cpu });
  }

  executed(cpu: number): void {
    this.fetch?.executed(cpu, undefined);
  }

  startHandler(cpu: number, procedure: Procedure): void {
    this.runner.start(cpu, procedure);
  }

  emit(event: MachineEvent): void {
    this.observers.emit(event);
  }

  // Looking at it

  /** The data accesses of the last step, in order; those of deliveries and pokes are not among them. */
  accesses(): readonly DataAccess[] {
    return this.lastKind === 'instruction' ? this.interpreter.accesses() : this.kernel.accesses;
  }

  /** The first CPU that stopped for good. */
  get stopped(): Stop | undefined {
    return this.delivery.stopped;
  }

  state(cpu: number): CpuState {
    this.memory.footprint?.cpu(cpu);
    const state = this.cpus[cpu];
    if (state === undefined) throw new Error(`no CPU ${cpu}`);
    return state;
  }

  context(cpu: number): Contexts {
    this.memory.footprint?.cpu(cpu);
    const contexts = this.contexts[cpu];
    if (contexts === undefined) throw new Error(`no CPU ${cpu}`);
    return contexts;
  }

  /** The procedure and step that a CPU is at, if its top context is a procedure. */
  procedureAt(cpu: number): { procedure: string; label: string } | undefined {
    if (!this.context(cpu).inProcedure) return undefined;
    const { procedure, step } = this.runner.current(cpu);
    return { procedure: procedure.name, label: step.label };
  }

  /** Its states as vectors of numbers, which searches keep. */
  vector(hasDeadFloor: (cpu: number) => boolean = () => false): StateVector {
    const { memory, cpus, contexts, blocks, fetch } = this;
    const observers = observedStates(this.observers, this.delivery);
    return new StateVector({ memory, cpus, contexts, blocks, fetch, observers, hasDeadFloor });
  }

  /** The hash `xmc-state/1` of what software can see, as 16 hex digits. */
  hash(): string {
    return stateHash(this.memory, this.cpuCount);
  }

  /**
   * Everything that {@link restore} needs to go on from here.
   * @param reuse a snapshot that is not needed any more: its arrays are used again where they fit.
   */
  save(reuse?: MachineSnapshot): MachineSnapshot {
    return {
      blocks: this.blocks.save(reuse?.blocks),
      memory: this.memory.save(reuse?.memory),
      steps: this.steps,
      stopped: this.stopped,
      unitFloors: this.fetch?.save(),
      observers: this.observers.save(),
    };
  }

  restore(snapshot: MachineSnapshot): void {
    this.blocks.restore(snapshot.blocks);
    this.memory.restore(snapshot.memory);
    this.steps = snapshot.steps;
    this.delivery.stopped = snapshot.stopped;
    if (snapshot.unitFloors !== undefined) this.fetch?.restore(snapshot.unitFloors);
    this.observers.restore(snapshot.observers);
  }
}
