import type { Watcher } from '../../judge/watcher.js';
import type { Observer } from '../../machine/observer.js';
import { EVENT_SCHEMA, eventJson, type Json } from '../../report/event-json.js';
import type { Paint } from '../../report/paint.js';
import { type StepEvents, stepCollector } from '../../report/step-events.js';
import type { Subject } from '../../report/subject.js';
import { TraceText } from '../../report/trace-text.js';
import type { Output } from '../io/output.js';

/** What a trace says of an execution before its first step. */
export interface TracedExecution {
  readonly scenario: string;
  readonly variant: string | undefined;
  readonly scheduler: string;
  readonly subject: Subject;
}

/** Writes executions somewhere, step by step. */
export interface Tracer {
  readonly output: Output;
  /** Begins an execution and gives the observer that hears of its steps. */
  begin(execution: TracedExecution): Observer;
  /** The execution is over, and how. */
  end(result: { readonly end: string; readonly steps: number; readonly hash: string }): void;
}

/** Traces for people. */
export function textTracer(output: Output, paint: Paint): Tracer {
  return {
    output,
    begin({ scenario, variant, scheduler, subject }): Observer {
      const trace = new TraceText(subject, paint);
      const name = variant === undefined ? scenario : `${scenario}, variant ${variant}`;
      output.write(`${paint.bold(`${name}, ${scheduler}`)}\n${trace.heading()}\n`);
      return stepCollector('all', (step: StepEvents) => output.write(`${trace.rows(step).join('\n')}\n`));
    },
    end({ end, steps, hash }): void {
      output.write(`${paint.bold(`${end} after ${steps} steps, state ${hash}`)}\n\n`);
    },
  };
}

/** Traces for programs: an object a line, `begin` and `end` around the events of an execution. */
export function jsonlTracer(output: Output): Tracer {
  const line = (json: Json): void => output.write(`${JSON.stringify(json)}\n`);
  return {
    output,
    begin({ scenario, variant, scheduler, subject }): Observer {
      const { cpus } = subject;
      line({ schema: EVENT_SCHEMA, event: 'begin', scenario, variant: variant ?? null, scheduler, cpus });
      return stepCollector('all', (step: StepEvents) => {
        for (const event of step.events) line(eventJson(step, event, subject));
      });
    },
    end: (result) => line({ event: 'end', ...result }),
  };
}

/** A tracer as executions know it: they wait until what it has written went out. */
export function watcherFor(tracer: Tracer): Watcher {
  return {
    begin: (execution) => tracer.begin(execution),
    flush: () => tracer.output.flush(),
    end: (result) => tracer.end(result),
  };
}
