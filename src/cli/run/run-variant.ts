import { Execution } from '../../explore/execution.js';
import { recordRun } from '../../explore/recorded-run.js';
import type { Schedule } from '../../explore/schedule-file.js';
import type { Scheduler } from '../../explore/scheduler.js';
import { SCHEDULERS } from '../../explore/schedulers.js';
import { type Verdict, verdictOf } from '../../explore/verdict.js';
import { hasDrawn, seedRandomNumbers } from '../../machine/random-numbers.js';
import type { GoalResult } from '../../property/goal.js';
import type { VariantReport, ViolationReport } from '../../report/run-report.js';
import { standstillText } from '../../report/standstill.js';
import { Story } from '../../report/story.js';
import type { Interrupt } from '../io/interrupt.js';
import type { Progress } from '../io/progress.js';
import { expectedOf } from '../scenario/expected.js';
import { prepare, type Recipe } from '../scenario/prepare.js';
import { recipeSchedule } from '../scenario/recipe-schedule.js';
import type { Tracer } from '../trace/tracer.js';
import { DEFAULT_STEPS, type RunOptions } from './options.js';

/** Steps between two looks at signals and outputs; fewer when every one of them is written somewhere. */
const SLICE = { silent: 5_000, traced: 500 } as const;

const INTERRUPTED: Verdict = { kind: 'inconclusive', reason: 'interrupted' };

/** What the executions of a variant need. */
export interface RunSurroundings {
  readonly options: RunOptions;
  /** The scenario file, as on the command line. */
  readonly path: string;
  readonly tracers: readonly Tracer[];
  readonly interrupt: Interrupt;
  readonly progress: Progress;
}

/** What the executions of a variant have shown, and the last of them as a schedule where there is a reason to keep it. */
export interface VariantResult {
  readonly report: VariantReport;
  readonly schedule: Schedule | undefined;
}

/** One execution that is over, or was interrupted. */
interface Executed {
  readonly seed: number;
  readonly scheduler: string;
  readonly execution: Execution;
  readonly verdict: Verdict;
  readonly hash: string;
  /** The goals that this execution has reached, and those that it has not. */
  readonly goals: readonly GoalResult[];
  readonly details: readonly string[];
}

/** Executes a variant until a property is violated, all runs are done, or somebody interrupts. */
export async function runVariant(recipe: Recipe, around: RunSurroundings): Promise<VariantResult> {
  const { options, interrupt } = around;
  const { seed = 1, runs = 1 } = options;
  let last = await execute(recipe, seed, around);
  let telling = last;
  let { steps } = last.execution;
  let executions = 1;
  const missed = new Set(last.goals.map(({ name }) => name));
  const strike = ({ goals }: Executed): void => {
    for (const { name, reached } of goals) if (reached) missed.delete(name);
  };
  strike(last);
  while (executions < runs && interrupt.code === undefined && last.verdict.kind !== 'violated') {
    last = await execute(recipe, seed + executions, around);
    steps += last.execution.steps;
    executions++;
    strike(last);
    // A violation says more than anything else, and the first inconclusive execution more than one that found nothing.
    if (last.verdict.kind === 'violated' || telling.verdict.kind === 'no-bug-found') telling = last;
  }
  const interrupted = interrupt.code !== undefined && telling.verdict.kind !== 'violated';
  const report: VariantReport = {
    variant: recipe.variant,
    verdict: interrupted ? INTERRUPTED : telling.verdict,
    expected: expectedOf(recipe.loaded.variant(recipe.variant).expect),
    scheduler: last.scheduler,
    executions,
    steps,
    end: last.execution.end?.kind ?? 'interrupted',
    hash: last.hash,
    goalsNotReached: [...missed],
    details: interrupted ? [] : telling.details,
    violation: undefined,
    schedule: undefined,
  };
  const asked = options.schedule !== undefined && last.execution.schedule !== undefined;
  if (asked || last.verdict.kind === 'violated') return retell(recipe, last, around, report);
  return { report, schedule: undefined };
}

function schedulerFor({ scheduler }: RunOptions, seed: number): Scheduler {
  return SCHEDULERS[scheduler](seed);
}

async function execute(recipe: Recipe, seed: number, around: RunSurroundings): Promise<Executed> {
  const { options, tracers, interrupt, progress } = around;
  const { built, subject } = prepare(recipe);
  const { machine, monitors, scenario } = built;
  seedRandomNumbers(machine, seed);
  const { name, variant } = scenario;
  const scheduler = schedulerFor(options, seed);
  const { description } = scheduler;
  const most = limitOf(recipe, options);
  for (const tracer of tracers) {
    machine.observe(tracer.begin({ scenario: name, variant, scheduler: description, steps: most, subject }));
  }
  const execution = new Execution(machine, monitors, scheduler, most);
  const slice = tracers.length === 0 ? SLICE.silent : SLICE.traced;
  while (execution.advance(slice) === undefined && interrupt.code === undefined) {
    for (const { output } of tracers) await output.flush();
    progress.update(() => `${variant ?? name}: ${description}, step ${execution.steps}`);
    await interrupt.pause();
  }
  progress.clear();
  const { end, steps } = execution;
  const hash = machine.hash();
  for (const tracer of tracers) {
    tracer.end({ end: end?.kind ?? 'interrupted', steps, hash, violation: monitors.violation });
    await tracer.output.flush();
  }
  await interrupt.pause();
  const verdict = end === undefined ? INTERRUPTED : verdictOf(end);
  const details = end === undefined ? [] : standstillText(end, machine, subject.code);
  return { seed, scheduler: description, execution, verdict, hash, goals: monitors.goals, details };
}

function limitOf({ loaded, variant }: Recipe, { steps }: RunOptions): number {
  return steps ?? loaded.variant(variant).steps ?? DEFAULT_STEPS;
}

/** Executes the last schedule once more: for its record, and for the story of a violation. */
function retell(recipe: Recipe, last: Executed, around: RunSurroundings, report: VariantReport): VariantResult {
  const { built, subject } = prepare(recipe);
  const { machine, monitors } = built;
  seedRandomNumbers(machine, last.seed);
  const story = new Story();
  machine.observe(story.observer);
  const { schedule } = last.execution;
  const record = schedule === undefined ? undefined : recordRun(machine, monitors, schedule);
  if (record === undefined) {
    // Too long to be kept, hence chosen anew.
    const { options } = around;
    const again = new Execution(machine, monitors, schedulerFor(options, last.seed), limitOf(recipe, options));
    while (again.steps < last.execution.steps) again.advance(SLICE.silent);
  }
  if (machine.hash() !== last.hash) throw new Error('the same schedule has ended in two different states');
  const { violation } = monitors;
  const told: ViolationReport | undefined =
    violation === undefined ? undefined : { violation, story: story.leadingTo(violation.cpu), subject };
  const randomSeed = hasDrawn(machine, last.seed) ? last.seed : undefined;
  return {
    report: { ...report, violation: told },
    schedule: record && recipeSchedule(record, recipe, around.path, last.scheduler, randomSeed),
  };
}
