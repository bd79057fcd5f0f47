import type { MachineEvent } from '../machine/event.js';
import type { Observer } from '../machine/observer.js';
import { type StepEvents, stepCollector } from './step-events.js';

/** How many steps a story has at most. */
const LONGEST = 16;
/** Of them, how many may be mere executions of watched text by CPUs that the story is not about. */
const OTHERS = 4;

/** Events that alone do not make a step worth telling. */
const QUIET: ReadonlySet<MachineEvent['kind']> = new Set(['procedure-step', 'serialize', 'halt', 'iret']);

/**
 * Remembers the last steps of an execution in which something happened that bears on patched text: stores to it,
 * executions of it, patches beginning and returning, IPIs, exceptions.
 */
export class Story {
  private steps: StepEvents[] = [];
  readonly observer: Observer = stepCollector('watched', (step) => this.take(step));

  /** Hears of a step, with what of its instructions bears on watched text. */
  take(step: StepEvents): void {
    if (step.events.every(({ kind }) => QUIET.has(kind))) return;
    this.steps.push(step);
    if (this.steps.length > 8 * LONGEST) this.steps = this.steps.slice(-4 * LONGEST);
  }

  /** What led to something that happened to `cpu` just now, oldest first. */
  leadingTo(cpu: number): readonly StepEvents[] {
    const told: StepEvents[] = [];
    let others = 0;
    for (const step of this.steps.toReversed()) {
      const only = step.events.every(({ kind }) => kind === 'instruction');
      if (only && step.cpu !== cpu && ++others > OTHERS) continue;
      told.push(step);
      if (told.length === LONGEST) break;
    }
    return told.toReversed();
  }
}
