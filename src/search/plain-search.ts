import { fetchesCurrent } from '../machine/fetch-view.js';
import type { Machine } from '../machine/machine.js';
import type { MachineSnapshot } from '../machine/machine-snapshot.js';
import type { Step } from '../machine/step.js';
import type { Monitors } from '../property/monitors.js';
import { type Ended, NearestEnd } from './nearest-end.js';
import { plainKey } from './plain-key.js';
import { everythingReturned } from './returned.js';
import type { GoesOn, LimitReached, SearchCounts, SearchEnd, SearchLimits } from './search-end.js';

/** Somebody who wants to see more of a search than how it ends. */
export interface PlainWatcher {
  /** Default: the first step after which nobody goes on ends the search. */
  readonly goesOn?: GoesOn;
  /** A state was found for the first time, and the machine is in it. */
  readonly found?: (state: number) => void;
  /** A step was done from a state. */
  readonly done?: (state: number, step: Step) => void;
}

/** A state of the plain search. */
interface Found {
  readonly from: number;
  /** What led here; undefined in the first state. */
  readonly step: Step | undefined;
  readonly depth: number;
  /** Kept until the state's successors are known. */
  snapshot: MachineSnapshot | undefined;
  readonly returned: boolean;
  /** States that follow by steps which fetch what memory holds. */
  readonly after: number[];
}

/**
 * Every state that a machine can get into under any schedule, the short way: breadth first, whole states compared, every
 * step of every state done on the machine. It shares no table, no cache and no compression with {@link Search}, and is
 * what that is compared with.
 */
export class PlainSearch {
  end: SearchEnd | undefined;
  transitions = 0;
  private readonly found: Found[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly nearest = new NearestEnd();
  private at = 0;
  /** The last state whose successors were asked for. */
  private lookedAt = 0;
  private keyBytes = 0;

  constructor(
    private readonly machine: Machine,
    private readonly monitors: Monitors,
    private readonly limits: SearchLimits,
    private readonly watcher: PlainWatcher = {},
  ) {
    this.note(-1, undefined);
    const { violation } = monitors;
    if (violation !== undefined) this.end = { kind: 'violated', state: 0, step: undefined, steps: 0, violation };
  }

  get counts(): SearchCounts {
    return {
      states: this.found.length,
      frontier: this.found.length - this.at,
      transitions: this.transitions,
      depth: this.found[this.lookedAt]?.depth ?? 0,
      memory: this.memory,
    };
  }

  private get memory(): number {
    return this.keyBytes + 1000 * this.found.length;
  }

  /** Looks at up to `count` further states. */
  advance(count: number): SearchEnd | undefined {
    for (let done = 0; done < count && this.end === undefined; done++) {
      const { limit } = this;
      this.end = this.nearest.before(this.found[this.at]?.depth);
      if (this.end !== undefined) break;
      if (this.at === this.found.length) this.end = { kind: 'exhausted' };
      else if (limit !== undefined) this.end = this.nearest.end ?? { kind: 'limit', limit };
      else this.lookAt(this.at);
    }
    return this.end;
  }

  private get limit(): LimitReached | undefined {
    if (this.found.length > this.limits.states) return 'states';
    return this.memory > this.limits.memory ? 'memory' : undefined;
  }

  private lookAt(number: number): void {
    const { machine } = this;
    const state = this.found[number];
    if (state?.snapshot === undefined) throw new Error('a state is looked at twice');
    this.lookedAt = number;
    for (let cpu = 0; cpu < machine.cpuCount; cpu++) {
      machine.restore(state.snapshot);
      const steps: Step[] = [];
      machine.enabledOn(cpu, steps);
      for (const step of steps) {
        machine.restore(state.snapshot);
        const isCurrent = fetchesCurrent(machine, step);
        machine.apply(step);
        this.transitions++;
        this.watcher.done?.(number, step);
        const end = this.endOf(number, step);
        if (end === undefined) {
          const after = this.note(number, step);
          if (isCurrent) state.after.push(after);
        } else if (this.watcher.goesOn?.(end) !== true) {
          this.nearest.offer(end);
        }
      }
    }
    state.snapshot = undefined;
    this.at = number + 1;
  }

  /** What nobody goes on from: what a step has led to. */
  private endOf(state: number, step: Step): Ended | undefined {
    const { violation } = this.monitors;
    const { stopped: stop } = this.machine;
    const steps = (this.found[state]?.depth ?? 0) + 1;
    if (violation !== undefined) return { kind: 'violated', state, step, steps, violation };
    return stop?.kind === 'unsupported' ? { kind: 'unsupported', state, step, steps, stop } : undefined;
  }

  /** The number of the state that the machine is in. */
  private note(from: number, step: Step | undefined): number {
    const { machine } = this;
    const snapshot = machine.save();
    const key = plainKey(machine, snapshot);
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.found.length;
    this.numbers.set(key, number);
    this.keyBytes += key.length;
    const depth = from < 0 ? 0 : (this.found[from]?.depth ?? 0) + 1;
    this.found.push({ from, step, depth, snapshot, returned: everythingReturned(machine), after: [] });
    this.watcher.found?.(number);
    return number;
  }

  /**
   * P6 `progress`, once the search is exhausted: the first state from which no path, whose fetches all return what memory
   * holds, leads to where every procedure that began has returned.
   */
  firstStuck(): number | undefined {
    const before: number[][] = this.found.map(() => []);
    this.found.forEach(({ after }, state) => {
      for (const to of after) before[to]?.push(state);
    });
    const good = new Set(this.found.flatMap(({ returned }, state) => (returned ? [state] : [])));
    // A set hears of what is added while it is gone through.
    for (const state of good) for (const source of before[state] ?? []) good.add(source);
    const stuck = this.found.findIndex((_, state) => !good.has(state));
    return stuck < 0 ? undefined : stuck;
  }

  /** A shortest schedule to a state: the first that was found. */
  stepsTo(state: number): Step[] {
    const steps: Step[] = [];
    for (let at = this.found[state]; at?.step !== undefined; at = this.found[at.from]) steps.unshift(at.step);
    return steps;
  }
}
