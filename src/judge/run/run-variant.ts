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
import { expectedOf } from '../expected.js';
import type { Onlooker, ProgressListener } from '../onlooker.js';
import { prepare, type Recipe } from '../prepare.js';
import { recipeSchedule } from '../recipe-schedule.js';
import { endWatch, flushAll, startWatch, type Watcher } from '../watcher.js';
import { DEFAULT_STEPS, type RunChoice } from './choice.js';

/** Steps between two looks at signals and outputs; fewer when every one of them is written somewhere. */
const SLICE = { silent: 5_000, traced: 500 } as const;

const INTERRUPTED: Verdict = { kind: 'inconclusive', reason: 'interrupted' };

/** What the executions of a variant need. */
export interface RunSurroundings {
  readonly choice: RunChoice;
  readonly watchers: readonly Watcher[];
  readonly onlooker: Onlooker;
  readonly progress: ProgressListener<RunProgress>;
}

/** How far an execution is. */
export interface RunProgress {
  /** `random seed 7`. */
  readonly scheduler: string;
  readonly steps: number;
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
  const { choice, onlooker } = around;
  const { seed, runs } = choice;
  let last = await execute(recipe, seed, around);
  let telling = last;
  let { steps } = last.execution;
  let executions = 1;
  const missed = new Set(last.goals.map(({ name }) => name));
  const strike = ({ goals }: Executed): void => {
    for (const { name, reached } of goals) if (reached) missed.delete(name);
  };
  strike(last);
  while (executions < runs && !onlooker.signal.aborted && last.verdict.kind !== 'violated') {
    last = await execute(recipe, seed + executions, around);
    steps += last.execution.steps;
    executions++;
    strike(last);
    // A violation says more than anything else, and the first inconclusive execution more than one that found nothing.
    if (last.verdict.kind === 'violated' || telling.verdict.kind === 'no-bug-found') telling = last;
  }
  const interrupted = onlooker.signal.aborted && telling.verdict.kind !== 'violated';
  const report: VariantReport = {
    variant: recipe.variant,
    verdict: interrupted ? INTERRUPTED : telling.verdict,
    // Under another profile nothing is expected.
    expected: recipe.profile === undefined ? expectedOf(recipe.loaded.variant(recipe.variant).expect) : undefined,
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
  const asked = choice.keepSchedule && last.execution.schedule !== undefined;
  if (asked || last.verdict.kind === 'violated') return retell(recipe, last, around, report);
  return { report, schedule: undefined };
}

function schedulerFor({ scheduler }: RunChoice, seed: number): Scheduler {
  return SCHEDULERS[scheduler](seed);
}

async function execute(recipe: Recipe, seed: number, around: RunSurroundings): Promise<Executed> {
  const { choice, watchers, onlooker, progress } = around;
  const { built, subject } = prepare(recipe);
  const { machine, monitors, scenario } = built;
  seedRandomNumbers(machine, seed);
  const { name, variant } = scenario;
  const scheduler = schedulerFor(choice, seed);
  const { description } = scheduler;
  const most = limitOf(recipe, choice);
  startWatch(machine, watchers, { scenario: name, variant, scheduler: description, steps: most, subject });
  const execution = new Execution(machine, monitors, scheduler, most);
  const slice = watchers.length === 0 ? SLICE.silent : SLICE.traced;
  while (execution.advance(slice) === undefined && !onlooker.signal.aborted) {
    await flushAll(watchers);
    progress.update(() => ({ scheduler: description, steps: execution.steps }));
    await onlooker.pause();
  }
  progress.clear();
  const { end, steps } = execution;
  const hash = machine.hash();
  await endWatch(watchers, { end: end?.kind ?? 'interrupted', steps, hash, violation: monitors.violation });
  await onlooker.pause();
  const verdict = end === undefined ? INTERRUPTED : verdictOf(end);
  const details = end === undefined ? [] : standstillText(end, machine, subject.code);
  return { seed, scheduler: description, execution, verdict, hash, goals: monitors.goals, details };
}

function limitOf({ loaded, variant }: Recipe, { steps }: RunChoice): number {
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
    const { choice } = around;
    const again = new Execution(machine, monitors, schedulerFor(choice, last.seed), limitOf(recipe, choice));
    while (again.steps < last.execution.steps) again.advance(SLICE.silent);
  }
  if (machine.hash() !== last.hash) throw new Error('the same schedule has ended in two different states');
  const { violation } = monitors;
  const told: ViolationReport | undefined =
    violation === undefined ? undefined : { violation, story: story.leadingTo(violation.cpu), subject };
  const randomSeed = hasDrawn(machine, last.seed) ? last.seed : undefined;
  return {
    report: { ...report, violation: told },
    schedule: record && recipeSchedule(record, recipe, last.scheduler, randomSeed),
  };
}
