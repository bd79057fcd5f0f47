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
