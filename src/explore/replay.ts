import type { Machine } from '../machine/machine.js';
import { formatStep } from '../machine/step.js';
import type { Monitors } from '../property/monitors.js';
import { endingOf } from './ending.js';
import { endDifference, type RecordedEnd, recordedEnd } from './recorded-end.js';
import { type RecordedRun, type RecordedStep, stepLabel } from './recorded-run.js';
import { endOf, type RunEnd } from './run.js';

/** How a replay came out. */
export type ReplayOutcome =
  /** The recorded end was reached, through the recorded states. */
  { readonly kind: 'reproduced'; readonly end: RunEnd } | Divergence;

/** Where a replay left the recorded execution. */
export interface Divergence {
  readonly kind: 'diverged';
  /** The step, counting from 1; one more than there are when only the end differs. */
  readonly step: number;
  /** The recorded step; undefined when only the end differs. */
  readonly recorded: RecordedStep | undefined;
  readonly what: 'not-enabled' | 'label' | 'hash' | 'end';
  readonly expected: string;
  readonly found: string;
}

/** Executes a recorded schedule again, in slices, and compares every step with the record. */
export class Replay {
  /** How many steps were replayed as recorded. */
  done = 0;
  outcome: ReplayOutcome | undefined;

  /** @param machine as it is before the first step */
  constructor(
    private readonly machine: Machine,
    private readonly monitors: Monitors,
    private readonly record: RecordedRun,
  ) {}

  /** Replays up to `count` further steps. */
  advance(count: number): ReplayOutcome | undefined {
    for (let left = count; left > 0 && this.outcome === undefined; left--) {
      const recorded = this.record.steps[this.done];
      this.outcome = recorded === undefined ? this.finish() : this.step(recorded);
    }
    return this.outcome;
  }

  private step(recorded: RecordedStep): Divergence | undefined {
    const divergence = replayStep(this.machine, this.monitors, recorded, this.done + 1);
    if (divergence === undefined) this.done++;
    return divergence;
  }

  private finish(): ReplayOutcome {
    const end = endingOf(this.machine, this.monitors);
    const difference = endDifference(this.record.end, recordedEnd(end, this.machine.hash()));
    if (difference === undefined) return { kind: 'reproduced', end };
    const text = (value: string): string => `${difference.field} ${value}`;
    return {
      kind: 'diverged',
      step: this.done + 1,
      recorded: undefined,
      what: 'end',
      expected: text(difference.expected),
      found: text(difference.found),
    };
  }
}

/**
 * Does one recorded step, unless it cannot be done, and compares it with the record.
 * @param number the step's, counting from 1
 */
export function replayStep(
  machine: Machine,
  monitors: Monitors,
  recorded: RecordedStep,
  number: number,
): Divergence | undefined {
  const diverged = (what: Divergence['what'], expected: string, found: string): Divergence => {
    return { kind: 'diverged', step: number, recorded, what, expected, found };
  };
  const early = endOf(machine, monitors);
  if (early !== undefined) {
    return diverged('end', 'the execution goes on', endText(recordedEnd(early, machine.hash())));
  }
  if (!machine.isEnabled(recorded.step)) {
    return diverged('not-enabled', `${formatStep(recorded.step)} is enabled`, enabledText(machine));
  }
  const label = stepLabel(machine, recorded.step);
  if (label !== recorded.label) return diverged('label', labelText(recorded.label), labelText(label));
  machine.apply(recorded.step);
  const hash = machine.hash();
  if (hash !== recorded.hash) return diverged('hash', `state ${recorded.hash}`, `state ${hash}`);
  return undefined;
}

/** `violated no-torn-instruction`. */
export function endText({ kind, property, reason }: RecordedEnd): string {
  return [kind, property, reason].filter((part) => part !== undefined).join(' ');
}

function labelText(label: string | undefined): string {
  return label === undefined ? 'no step of a procedure' : `"${label}"`;
}

function enabledText(machine: Machine): string {
  const steps = machine.enabled().map((step) => {
    const label = stepLabel(machine, step);
    return label === undefined ? formatStep(step) : `${formatStep(step)} "${label}"`;
  });
  return steps.length === 0 ? 'nothing is enabled' : `enabled: ${steps.join('; ')}`;
}
