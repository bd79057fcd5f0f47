import type { ReplayOutcome } from '../explore/replay.js';
import type { Schedule } from '../explore/schedule-file.js';
import { formatStep } from '../machine/step.js';
import type { Json } from './event-json.js';
import type { Paint } from './paint.js';
import { quantity } from './quantity.js';
import { violationJson } from './run-json.js';
import type { ViolationReport } from './run-report.js';
import { safeText, wrap } from './safe-text.js';
import { violationText } from './violation-text.js';

/** How the replay of a schedule came out. */
export interface ReplayReport {
  readonly schedule: Schedule;
  /** Names of the schedule file and of what it was replayed against; undefined = the embedded scenario. */
  readonly file: string;
  readonly against: string | undefined;
  readonly outcome: ReplayOutcome;
  /** The hash of the last state. */
  readonly hash: string;
  readonly violation: ViolationReport | undefined;
}

/** The lines about a replay. */
export function replayText(report: ReplayReport, paint: Paint): string[] {
  const { schedule, outcome, violation, hash } = report;
  if (outcome.kind === 'reproduced') {
    const { kind, property, reason } = schedule.end;
    const what = [kind === 'violated' ? 'VIOLATED' : kind, property, reason].filter((part) => part !== undefined);
    const steps = quantity(schedule.steps.length, 'step');
    const line = `${paint.green('REPRODUCED')}  ${safeText(what.join(' '))}  ${steps}, state ${hash}`;
    if (violation === undefined) return [line];
    return [line, '', ...violationText(violation.violation, violation.story, violation.subject, paint)];
  }
  const { step, recorded, expected, found } = outcome;
  const at =
    recorded === undefined
      ? `at the end, after ${quantity(schedule.steps.length, 'step')}`
      : `at step ${step} of ${schedule.steps.length}: ${formatStep(recorded.step)}`;
  const label = recorded?.label === undefined ? '' : ` "${safeText(recorded.label)}"`;
  return [
    `${paint.red('DIVERGED')}  ${at}${label}`,
    ...labelled('recorded', expected),
    ...labelled('found', found),
    ...(report.against === undefined ? [] : [`  the schedule was replayed against ${safeText(report.against)}`]),
  ];
}

function labelled(name: string, text: string): string[] {
  return wrap(safeText(text), 86).map((line, index) => `  ${(index === 0 ? name : '').padEnd(8)}  ${line}`);
}

/** The name and version of the format that {@link replayJson} gives. */
export const REPLAY_SCHEMA = 'xmc.replay/1';

/** The same as an object. */
export function replayJson(report: ReplayReport): Json {
  return { schema: REPLAY_SCHEMA, ...replayFields(report) };
}

/** Its members, without the schema. */
export function replayFields(report: ReplayReport): { readonly [key: string]: Json } {
  const { schedule, file, against, outcome, hash, violation } = report;
  return {
    file,
    against: against ?? null,
    scenario: schedule.scenario,
    variant: schedule.variant ?? null,
    scheduler: schedule.scheduler,
    steps: schedule.steps.length,
    recorded: { ...schedule.end },
    outcome: outcome.kind,
    hash,
    divergence:
      outcome.kind === 'reproduced'
        ? null
        : {
            step: outcome.step,
            id: outcome.recorded === undefined ? null : formatStep(outcome.recorded.step),
            label: outcome.recorded?.label ?? null,
            what: outcome.what,
            expected: outcome.expected,
            found: outcome.found,
          },
    violation: violation === undefined ? null : violationJson(violation),
  };
}
