import { Replay, type ReplayOutcome } from '../../explore/replay.js';
import type { Schedule } from '../../explore/schedule-file.js';
import { seedRandomNumbers } from '../../machine/random-numbers.js';
import type { ViolationReport } from '../../report/run-report.js';
import { Story } from '../../report/story.js';
import type { Onlooker } from '../onlooker.js';
import type { Prepared } from '../prepare.js';
import { endWatch, flushAll, startWatch, type Watcher } from '../watcher.js';

/** Steps between two looks at signals and outputs. */
const SLICE = 500;

/** What a replay needs. */
export interface ReplaySurroundings {
  readonly watchers: readonly Watcher[];
  readonly onlooker: Onlooker;
}

/** What a replay has shown. */
export interface ReplayFinding {
  readonly outcome: ReplayOutcome;
  /** Of the last state. */
  readonly hash: string;
  readonly violation: ViolationReport | undefined;
}

/**
 * Executes a schedule again and compares every step. Undefined: interrupted.
 * @param prepared the machine of its scenario, or of another one
 */
export async function replaySchedule(
  schedule: Schedule,
  { built, subject }: Prepared,
  { watchers, onlooker }: ReplaySurroundings,
): Promise<ReplayFinding | undefined> {
  const { machine, monitors } = built;
  if (schedule.randomSeed !== undefined) seedRandomNumbers(machine, schedule.randomSeed);
  const story = new Story();
  machine.observe(story.observer);
  const { scenario, variant, scheduler } = schedule;
  const { length: steps } = schedule.steps;
  startWatch(machine, watchers, { scenario, variant, scheduler: `replay of ${scheduler}`, steps, subject });
  const replaying = new Replay(machine, monitors, schedule);
  let outcome: ReplayOutcome | undefined;
  while (outcome === undefined && !onlooker.signal.aborted) {
    outcome = replaying.advance(SLICE);
    await flushAll(watchers);
    await onlooker.pause();
  }
  const hash = machine.hash();
  const { violation } = monitors;
  await endWatch(watchers, { end: outcome?.kind ?? 'interrupted', steps: machine.steps, hash, violation });
  if (outcome === undefined) return undefined;
  const told = violation === undefined ? undefined : { violation, story: story.leadingTo(violation.cpu), subject };
  return { outcome, hash, violation: told };
}
