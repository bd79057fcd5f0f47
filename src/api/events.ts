import type { Watcher } from '../judge/watcher.js';
import type { MachineEvent } from '../machine/event.js';
import { stepCollector } from '../report/step-events.js';
import type { LoadedScenario } from '../scenario/load.js';
import { Relay } from './relay.js';
import { type RunOptions, type RunResult, watchedRun } from './run.js';

/** How a variant is executed whose events are heard: once. */
export type EventsOptions = Omit<RunOptions, 'runs'>;

/** What happens in an execution, in order: the events of its steps, and the result at the end. */
export type RunEvent =
  | (MachineEvent & {
      /** The step in which it happened, counting from 1. */
      readonly step: number;
    })
  | VerdictEvent;

/** The last event: the execution is over. */
export interface VerdictEvent {
  readonly kind: 'verdict';
  /** How many steps there were. */
  readonly step: number;
  /** As {@link run} gives it. */
  readonly result: RunResult;
}

/**
 * Executes a variant once and gives every event, as `xmc run --jsonl` does. The execution waits while its events are dealt with:
 * of a few hundred steps, no more, they are held in memory. Whoever leaves the loop ends the execution.
 *
 * @example
 * for await (const event of events(scenario, { seed: 7 })) {
 *   if (event.kind === 'text-store') console.log(event.step, event.address.toString(16), event.after);
 *   if (event.kind === 'verdict') console.log(event.result.text);
 * }
 *
 * @throws InputError when the scenario cannot be built or an option is wrong.
 */
export async function* events(
  scenario: LoadedScenario,
  options: EventsOptions = {},
): AsyncGenerator<RunEvent, void, void> {
  const relay = new Relay<RunEvent>();
  const watcher: Watcher = {
    begin: () =>
      stepCollector('all', ({ step, events: all }) => {
        for (const event of all) relay.put({ ...event, step });
      }),
    flush: () => relay.flush(),
    end: () => {},
  };
  let isLeft = false;
  const signal = {
    get aborted(): boolean {
      return isLeft || options.signal?.aborted === true;
    },
  };
  const running = watchedRun(scenario, { ...options, runs: 1, signal }, [watcher]);
  // Whoever takes the events hears of a failure below.
  running.then(
    () => relay.end(),
    () => relay.end(),
  );
  try {
    yield* relay.taken();
    const result = await running;
    yield { kind: 'verdict', step: result.steps, result };
  } finally {
    isLeft = true;
    relay.end();
    await running;
  }
}
