import type { Json } from '../event-json.js';
import type { Write } from './trace-writer.js';

/** The name and version of what {@link PerfettoFile} writes, beside the Trace Event Format itself. */
export const PERFETTO_SCHEMA = 'xmc.perfetto/1';

/** One event in the Trace Event Format; `ts` and `dur` are microseconds, of which a step takes one. */
export type PerfettoEvent = { readonly ph: string; readonly pid: number } & { readonly [key: string]: Json };

/** A file in the Trace Event Format, in its object form, event by event. */
export class PerfettoFile {
  private events = 0;
  private flows = 0;

  constructor(private readonly write: Write) {}

  event(event: PerfettoEvent): void {
    this.write(`${this.events++ === 0 ? HEAD : ',\n'}${JSON.stringify(event)}`);
  }

  /** A number that no other flow has. */
  nextFlow(): number {
    return ++this.flows;
  }

  close(): void {
    this.write(`${this.events === 0 ? HEAD : ''}\n]}\n`);
  }
}

const HEAD = `{"displayTimeUnit":"ns","metadata":{"schema":"${PERFETTO_SCHEMA}","time":"1 us is 1 step"},"traceEvents":[\n`;
