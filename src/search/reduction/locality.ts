import { CELL, cpuBase } from '../../cpu/cells.js';
import type { Machine } from '../../machine/machine.js';
import type { StateVector } from '../../machine/state-vector.js';
import type { Step } from '../../machine/step.js';
import type { Footprint } from '../../memory/footprint.js';
import type { Monitors } from '../../property/monitors.js';

/** What a step looked at and changed that nobody else sees unless they share memory with it; words by pool offset / 8. */
export interface Locality {
  /** The task, or the idle CPU, whose step it is. */
  readonly owner: number;
  readonly read: readonly number[];
  readonly written: readonly number[];
  /** Pool offsets of the bytes that were executed; none of a procedure's step. */
  readonly text: readonly number[];
  /** The CPU would have accepted an interrupt instead. */
  readonly interruptible: boolean;
  /** What follows begins a state of its own: a procedure's loop, or text that it matters to stand in. */
  readonly ends: boolean;
  /** The address of the instruction, and of the one that follows. */
  readonly from: bigint;
  readonly to: bigint;
}

/** The words of a CPU's block that a local step leaves alone: flags that matter to delivery, mode, task, what is pending. */
const KEPT: readonly (readonly [start: number, end: number])[] = [
  [CELL.systemFlags, CELL.systemFlags + 8],
  [CELL.cpl, CELL.shadow],
  [CELL.activity, CELL.activity + 8],
  [CELL.task, CELL.task + 8],
  [CELL.pending, CELL.pending + 32],
  [CELL.nmiBlocked, CELL.nmiBlocked + 8],
];

/** What a step was seen to look at, what was looked at to find it, and whose it is. */
export interface Seen {
  readonly footprint: Footprint;
  readonly looked: readonly number[];
  readonly owner: number;
}

/** Tells which steps are local: they change nothing but their CPU and memory, and nobody watches. */
export class LocalityProbe {
  private readonly kept = new Int32Array(KEPT.reduce((words, [start, end]) => words + (end - start) / 4, 0));
  private rip = 0n;
  private frames = 0;
  private depth = 0;
  private wasShadowed = false;
  private textTime = 0;
  private storedText = false;
  private inProcedure = false;
  private pc = 0;

  private observed: readonly unknown[] = [];

  constructor(
    private readonly machine: Machine,
    private readonly monitors: Monitors,
  ) {}

  /** To be called before a step. */
  before(cpu: number): void {
    const state = this.machine.cpus[cpu];
    const context = this.machine.contexts[cpu];
    if (state === undefined || context === undefined) return;
    this.copy(cpu, this.kept);
    this.rip = state.rip;
    this.depth = context.depth;
    this.frames = context.frames;
    this.inProcedure = context.inProcedure;
    this.pc = context.inProcedure ? context.pc : 0;
    this.wasShadowed = state.shadowed;
    this.textTime = this.machine.memory.text.now;
    this.observed = this.monitors.save();
  }

  /** To be called right after it: reading the state renumbers text times. */
  applied(): void {
    this.storedText = this.machine.memory.text.now !== this.textTime;
  }

  /**
   * To be called when the state was read, unless the step was a violation.
   * @param parts the parts of the state's vector that it changed
   * @param vector which parts are what
   */
  after(
    step: Step,
    parts: readonly number[],
    vector: StateVector,
    { footprint, looked, owner }: Seen,
  ): Locality | undefined {
    const { machine } = this;
    const { cpu } = step;
    if (step.kind !== 'instruction' && step.kind !== 'procedure') return undefined;
    const { firstLine, observersPart } = vector;
    // It would raise its floor further behind a store to text.
    if (footprint.floors && !vector.hasDeadFloor(cpu)) return undefined;
    // That the CPU has done a step since a patch returned is about its own next instruction.
    const settled = parts.includes(observersPart) && this.monitors.haveOnlySettled(this.observed);
    if (parts.some((part) => part !== cpu && part < firstLine && !(settled && part === observersPart)))
      return undefined;
    if (machine.kernel.lookedAround) return undefined;
    const state = machine.cpus[cpu];
    const context = machine.contexts[cpu];
    if (state === undefined || context?.depth !== this.depth || this.wasShadowed || state.shadowed) return undefined;
    // A store to text concerns whoever fetches it.
    if (!this.isKept(cpu) || this.storedText) return undefined;
    const { watched, interpreter, memory } = machine;
    const text: number[] = [];
    let ends: boolean;
    if (step.kind === 'instruction') {
      if (this.inProcedure) return undefined;
      const { rip, bytes } = interpreter.executed();
      if (rip !== this.rip || bytes.length === 0 || watched.touches(rip, bytes.length)) return undefined;
      for (let i = 0; i < bytes.length; i++) text.push(memory.offsetOf(rip + BigInt(i)));
      ends = watched.isEntered(state.rip);
    } else {
      // Others may ask whether a procedure has come to its end.
      if (!context.inProcedure) return undefined;
      // A loop of a procedure comes back to a step it has been at.
      ends = context.frames === this.frames && context.pc <= this.pc;
    }
    return {
      owner,
      read: [...looked, ...footprint.data],
      written: [...footprint.stored],
      text,
      interruptible: state.interruptsEnabled,
      ends,
      from: this.rip,
      to: state.rip,
    };
  }

  private copy(cpu: number, out: Int32Array): void {
    const { i32 } = this.machine.memory.linear;
    const base = cpuBase(cpu);
    let at = 0;
    for (const [start, end] of KEPT) {
      for (let word = (base + start) >>> 2; word < (base + end) >>> 2; word++) out[at++] = i32[word] ?? 0;
    }
  }

  private readonly now = new Int32Array(this.kept.length);

  private isKept(cpu: number): boolean {
    this.copy(cpu, this.now);
    return this.now.every((word, i) => word === this.kept[i]);
  }
}
