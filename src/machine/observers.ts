import { type Interpreter, noteInstruction } from '../cpu/interpreter.js';
import { STATUS } from '../cpu/record.js';
import type { MachineEvent } from './event.js';
import type { Machine } from './machine.js';
import type { Executing, Observer } from './observer.js';
import type { Renaming } from './renaming.js';
import { WatchedLines } from './watched-lines.js';

/** Who watches a machine, and of what: the way from steps to events. */
export class Observers {
  readonly watched = new WatchedLines();
  private readonly all: Observer[] = [];
  private tracesAll = false;

  constructor(private readonly machine: Machine) {}

  add(observer: Observer): void {
    this.all.push(observer);
    if (observer.instructions === 'all') this.tracesAll = true;
  }

  emit(event: MachineEvent): void {
    for (const observer of this.all) observer.observe(event, this.machine);
  }

  /** Executes an instruction and tells of it: before, if it may touch a watched range, and after, who wants to hear. */
  aroundInstruction(cpu: number, interpreter: Interpreter, times?: readonly number[]): number {
    const watched = this.watched.mayTouch(this.machine.state(cpu).ripLow);
    if (watched) for (const observer of this.all) observer.before?.(cpu, this.machine);
    const status = interpreter.step(cpu);
    noteInstruction(interpreter);
    // An observer may have asked for the hash before.
    this.machine.state(cpu).changed();
    if (watched || this.tracesAll) this.emitInstruction(cpu, interpreter, status, watched, times);
    return status;
  }

  private emitInstruction(
    cpu: number,
    interpreter: Interpreter,
    status: number,
    watched: boolean,
    fetched: readonly number[] | undefined,
  ): void {
    const { rip, bytes } = interpreter.executed();
    const touches = watched && this.watched.touches(rip, Math.max(bytes.length, 1));
    if (!touches && !this.tracesAll) return;
    const exception = (status & (STATUS.fault | STATUS.trap)) !== 0 ? status & 0xff : undefined;
    const times = fetched ?? interpreter.memory.textTimes(rip, bytes.length);
    const event = { kind: 'instruction', cpu, rip, bytes, times, exception } as const;
    for (const observer of this.all) {
      if (touches || observer.instructions === 'all') observer.observe(event, this.machine);
    }
  }

  /** Called after every step. */
  after(cpu: number): void {
    for (const observer of this.all) observer.after?.(cpu, this.machine);
  }

  save(): readonly (readonly unknown[])[] {
    return this.all.map((observer) => observer.save?.() ?? NOTHING);
  }

  /** What {@link save} would give if CPUs had other names. */
  renamed(states: readonly (readonly unknown[])[], renaming: Renaming): readonly (readonly unknown[])[] {
    return this.all.map((observer, index) => {
      const state = states[index] ?? NOTHING;
      return observer.renamed?.(state, renaming) ?? state;
    });
  }

  /** What of states that {@link save} gave concerns who executes. */
  concerning(states: readonly (readonly unknown[])[], who: Executing): readonly (readonly unknown[])[] {
    return this.all.map((observer, index) => {
      const state = states[index] ?? NOTHING;
      return observer.concerning?.(state, who) ?? state;
    });
  }

  restore(states: readonly (readonly unknown[])[]): void {
    this.all.forEach((observer, index) => {
      observer.restore?.(states[index] ?? NOTHING);
    });
  }
}

const NOTHING: readonly unknown[] = [];
