import type { Machine } from '../machine/machine.js';
import type { Monitors } from '../property/monitors.js';
import { endingOf } from './ending.js';
import { type RunEnd, run } from './run.js';
import { SCHEDULE_LIMITS } from './schedule-file.js';
import type { Scheduler } from './scheduler.js';
import { StepLog } from './step-log.js';

/** One execution that is done in slices, so that a long one can be watched and interrupted. */
export class Execution {
  /** How many steps were done. */
  steps = 0;
  /** How it ended; undefined while it can go on. */
  end: RunEnd | undefined;
  private readonly log = new StepLog();

  /** @param limit the most steps it may take */
  constructor(
    private readonly machine: Machine,
    private readonly monitors: Monitors,
    private readonly scheduler: Scheduler,
    private readonly limit: number,
  ) {}

  /** The steps so far; undefined when they are more than a schedule file may hold: those are not kept. */
  get schedule(): StepLog | undefined {
    return this.log.length === this.steps ? this.log : undefined;
  }

  /** Does up to `count` further steps. */
  advance(count: number): RunEnd | undefined {
    if (this.end !== undefined) return this.end;
    const slice = Math.min(count, this.limit - this.steps);
    const { end, schedule } = run(this.machine, this.monitors, this.scheduler, slice);
    this.steps += schedule.length;
    if (this.steps <= SCHEDULE_LIMITS.steps) for (const step of schedule) this.log.push(step);
    if (end.kind !== 'limit') this.end = end;
    else if (this.steps >= this.limit) this.end = endingOf(this.machine, this.monitors);
    return this.end;
  }
}
