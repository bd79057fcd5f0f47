import type { Machine } from '../../machine/machine.js';
import type { MachineSnapshot } from '../../machine/machine-snapshot.js';
import type { Step } from '../../machine/step.js';
import type { GoalResult } from '../../property/goal.js';
import type { Monitors } from '../../property/monitors.js';
import { endingOf } from '../ending.js';
import { type RunEnd, run } from '../run.js';
import type { Scheduler } from '../scheduler.js';
import type { Chooser } from '../strategy/chooser.js';
import { haveReturned, type Rehearsal, rehearse } from '../strategy/rehearsal.js';
import { type HuntStrategy, STRATEGIES, type StrategyName, strategyOf } from '../strategy/strategies.js';
import { verdictOf } from '../verdict.js';
import { executionSeed } from './execution-seed.js';
import { type Places, placeOfViolation, samePlace, type ViolationPlace } from './place-of-violation.js';

/** What a hunt is done with. */
export interface HuntOptions {
  readonly strategy: HuntStrategy;
  readonly preemptions?: number | undefined;
  readonly seed: number;
  /** The most steps of an execution. */
  readonly steps: number;
  /**
   * Whether an execution goes on to that limit although every task that is a procedure has returned. False: it goes
   * on for as many steps as those took in the rehearsal, as nothing changes any more.
   */
  readonly toTheEnd?: boolean;
}

/** Different violations that are kept: where a CPU runs wild, each execution may have one of its own. */
const MOST_KEPT = 100;
/** Steps that an execution goes on for, at least, when all procedures have returned. */
const LEAST_AFTER = 256;
/** Steps between two looks at whether an execution is over. */
const SLICE = 128;

/** One execution, by which it can be done again. */
export interface HuntedExecution {
  /** Counting from 1. */
  readonly execution: number;
  readonly strategy: StrategyName;
  readonly schedule: readonly Step[];
}

/** A violation, and who met it. */
export interface Catch extends ViolationPlace {
  /** The first execution that met it, and those of each strategy that did, by their numbers. */
  readonly first: HuntedExecution;
  readonly by: ReadonlyMap<StrategyName, { count: number; readonly first: number }>;
}

/** How many executions a strategy had, and how many of them violated something. */
export interface StrategyTally {
  executions: number;
  violated: number;
  steps: number;
}

/** The execution that is under way. */
interface Current {
  readonly strategy: StrategyName;
  readonly scheduler: Scheduler;
  readonly schedule: Step[];
  limit: number;
  isShortened: boolean;
}

/** Executes a machine again and again under random schedules, and keeps the first schedule to every violation. */
export class Hunt {
  readonly rehearsal: Rehearsal;
  readonly catches: Catch[] = [];
  readonly tallies = new Map<StrategyName, StrategyTally>();
  /** The first execution in which something stood in the way: not implemented, stopped for good, deadlocked. */
  standstill: (HuntedExecution & { readonly end: RunEnd }) | undefined;
  /** Executions that are over. */
  executions = 0;
  /** The state in which executions begin. */
  readonly start: MachineSnapshot;
  private current: Current | undefined;

  /** @param machine before its first step */
  constructor(
    private readonly machine: Machine,
    private readonly monitors: Monitors,
    private readonly places: Places,
    private readonly options: HuntOptions,
  ) {
    this.start = machine.save();
    this.rehearsal = rehearse(machine, options.steps);
    machine.restore(this.start);
  }

  /** The goals of algorithm and scenario, and whether any execution has reached them. */
  get goals(): readonly GoalResult[] {
    return this.monitors.goals;
  }

  /** Steps of all executions that are over. */
  get steps(): number {
    return [...this.tallies.values()].reduce((sum, { steps }) => sum + steps, 0);
  }

  /** Goes on with an execution for a while; the next one begins when it is over. */
  advance(): void {
    const { machine, monitors } = this;
    const execution = this.executions + 1;
    this.current ??= this.begin(execution);
    const { scheduler, strategy, schedule, limit } = this.current;
    const { end, schedule: done } = run(machine, monitors, scheduler, Math.min(SLICE, limit - schedule.length));
    machine.memory.footprint = undefined;
    for (const step of done) schedule.push(step);
    if (end.kind === 'limit' && schedule.length < limit) {
      this.shorten(this.current);
      return;
    }
    const ended = end.kind === 'limit' ? endingOf(machine, monitors) : end;
    this.over({ execution, strategy, schedule }, ended);
  }

  /** Nothing but loops are left when the procedures have returned. */
  private shorten(current: Current): void {
    const { rehearsal, options, machine } = this;
    const { returning } = rehearsal;
    if (options.toTheEnd || current.isShortened || returning === undefined) return;
    if (!haveReturned(machine, returning)) return;
    current.isShortened = true;
    current.limit = Math.min(current.limit, current.schedule.length + Math.max(rehearsal.length, LEAST_AFTER));
  }

  private begin(execution: number): Current {
    const { options, rehearsal } = this;
    this.machine.restore(this.start);
    const strategy = strategyOf(options.strategy, execution);
    const seed = executionSeed(options.seed, execution, strategy);
    const chooser = STRATEGIES[strategy](seed, { rehearsal, preemptions: options.preemptions });
    return {
      strategy,
      scheduler: schedulerOf(chooser, strategy),
      schedule: [],
      limit: options.steps,
      isShortened: false,
    };
  }

  private over(execution: HuntedExecution, end: RunEnd): void {
    this.current = undefined;
    this.executions = execution.execution;
    const tally = this.tallies.get(execution.strategy) ?? { executions: 0, violated: 0, steps: 0 };
    this.tallies.set(execution.strategy, tally);
    tally.executions++;
    tally.steps += execution.schedule.length;
    if (end.kind !== 'violated') {
      if (verdictOf(end).kind === 'inconclusive') this.standstill ??= { ...execution, end };
      return;
    }
    tally.violated++;
    this.caught(execution, placeOfViolation(end.violation, this.places));
  }

  private caught(execution: HuntedExecution, place: ViolationPlace): void {
    const known = this.catches.find((other) => samePlace(other, place));
    if (known === undefined && this.catches.length >= MOST_KEPT) return;
    const by = new Map(known?.by);
    const before = by.get(execution.strategy);
    by.set(execution.strategy, {
      count: (before?.count ?? 0) + 1,
      first: before?.first ?? execution.execution,
    });
    if (known === undefined) this.catches.push({ ...place, first: execution, by });
    else this.catches[this.catches.indexOf(known)] = { ...known, by };
  }
}

function schedulerOf(chooser: Chooser, description: string): Scheduler {
  return { description, next: (machine) => chooser.next(machine, machine) };
}
