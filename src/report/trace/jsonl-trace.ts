import { EVENT_SCHEMA } from '../event-json.js';
import { EventLines } from './event-lines.js';
import type { TraceWriter, Write } from './trace-writer.js';

/** Traces for programs: an object a line, `begin` and `end` around the events of an execution (docs/trace.md). */
export function jsonlTrace(write: Write): TraceWriter {
  const line = (json: object): void => write(`${JSON.stringify(json)}\n`);
  let lines: EventLines | undefined;
  return {
    begin({ scenario, variant, scheduler, subject }): void {
      const { cpus } = subject;
      lines = new EventLines(subject);
      line({ schema: EVENT_SCHEMA, event: 'begin', scenario, variant: variant ?? null, scheduler, cpus });
    },
    step({ step, shown }): void {
      for (const event of shown) write(lines?.line(step, event) ?? '');
    },
    end: ({ end, steps, hash }) => line({ event: 'end', end, steps, hash }),
    close(): void {},
  };
}
