import type { Watcher } from '../../judge/watcher.js';
import type { Observer } from '../../machine/observer.js';
import { stepCollector } from '../../report/step-events.js';
import type { TraceFilter } from '../../report/trace/trace-filter.js';
import type { TracedExecution, TraceEnd, TraceWriter } from '../../report/trace/trace-writer.js';
import type { Output } from '../io/output.js';

/** Writes executions somewhere, step by step. */
export class Tracer implements Watcher {
  constructor(
    readonly output: Output,
    private readonly writer: TraceWriter,
    /** Undefined: everything is told. */
    private readonly filter: TraceFilter | undefined,
  ) {}

  /**
   * Begins an execution and gives the observer that hears of its steps.
   * @throws InputError when the filter names what the execution does not have
   */
  begin(execution: TracedExecution): Observer {
    const shows = this.filter?.of(execution.subject);
    this.writer.begin(execution);
    return stepCollector('all', (step, nesting) => {
      const { step: number, cpu, interrupted, events } = step;
      const shown = shows === undefined ? events : events.filter(shows);
      this.writer.step({ step: number, cpu, interrupted, events, shown, nesting });
    });
  }

  /** The execution waits until what was written went out. */
  async flush(): Promise<void> {
    await this.output.flush();
  }

  /** The execution is over, and how. */
  end(result: TraceEnd): void {
    this.writer.end(result);
  }

  /** There is no further one. */
  close(): void {
    this.writer.close();
  }
}
