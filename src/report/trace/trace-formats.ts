import type { TraceWidth } from '../column-trace.js';
import type { Paint } from '../paint.js';
import { jsonlTrace } from './jsonl-trace.js';
import { perfettoTrace } from './perfetto-trace.js';
import { textTrace } from './text-trace.js';
import type { TraceWriter, Write } from './trace-writer.js';

/** How a text trace looks; the other formats do not. */
export interface TraceLook {
  readonly paint: Paint;
  readonly width: TraceWidth;
}

/** What makes the writer of each format. */
export const TRACE_FORMATS = {
  text: (write, { paint, width }) => textTrace(write, paint, width),
  jsonl: (write) => jsonlTrace(write),
  perfetto: (write) => perfettoTrace(write),
} as const satisfies Readonly<Record<string, (write: Write, look: TraceLook) => TraceWriter>>;

export type TraceFormat = keyof typeof TRACE_FORMATS;

/** The format that the name of a file asks for. */
export function formatOfName(file: string): TraceFormat {
  if (file.endsWith('.jsonl')) return 'jsonl';
  return file.endsWith('.json') ? 'perfetto' : 'text';
}
