import type { Observer } from '../machine/observer.js';
import type { Subject } from '../report/subject.js';

/** What is known of an execution before its first step. */
export interface WatchedExecution {
  readonly scenario: string;
  readonly variant: string | undefined;
  /** What chooses the steps: `random seed 7`. */
  readonly scheduler: string;
  readonly subject: Subject;
}

/** Hears of executions, step by step. */
export interface Watcher {
  /** Begins an execution and gives the observer that hears of its steps. */
  begin(execution: WatchedExecution): Observer;
  /** The execution waits until what was heard is dealt with. */
  flush(): Promise<void>;
  /** The execution is over, and how. */
  end(result: { readonly end: string; readonly steps: number; readonly hash: string }): void;
}
