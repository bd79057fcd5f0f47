import type { Machine } from '../machine/machine.js';
import type { Observer } from '../machine/observer.js';
import type { TracedExecution, TraceEnd } from '../report/trace/trace-writer.js';

/** Hears of executions, step by step. */
export interface Watcher {
  /** Begins an execution and gives the observer that hears of its steps. */
  begin(execution: TracedExecution): Observer;
  /** The execution waits until what was heard is dealt with. */
  flush(): Promise<void>;
  /** The execution is over, and how. */
  end(result: TraceEnd): void;
}

/** Each hears of the execution that a machine begins. */
export function startWatch(machine: Machine, watchers: readonly Watcher[], execution: TracedExecution): void {
  for (const watcher of watchers) machine.observe(watcher.begin(execution));
}

/** The execution waits for all of them. */
export async function flushAll(watchers: readonly Watcher[]): Promise<void> {
  for (const watcher of watchers) await watcher.flush();
}

/** The execution is over; it is waited until all have dealt with that. */
export async function endWatch(watchers: readonly Watcher[], result: TraceEnd): Promise<void> {
  for (const watcher of watchers) watcher.end(result);
  await flushAll(watchers);
}
