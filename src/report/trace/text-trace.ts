import { type TraceLines, type TraceWidth, traceLines } from '../column-trace.js';
import type { Paint } from '../paint.js';
import type { TraceWriter, Write } from './trace-writer.js';

/** Digits of a step number that have room; a longer one shifts its line. */
const MOST_DIGITS = 9;

/** Traces for people: a column for each CPU, where there is room. */
export function textTrace(write: Write, paint: Paint, width: TraceWidth): TraceWriter {
  const all = (rows: readonly string[]): void => {
    for (const row of rows) write(`${row}\n`);
  };
  let lines: TraceLines | undefined;
  return {
    begin({ scenario, variant, scheduler, steps, subject }): void {
      lines = traceLines(subject, paint, width, Math.min(MOST_DIGITS, String(steps).length));
      const name = variant === undefined ? scenario : `${scenario}, variant ${variant}`;
      all([paint.bold(`${name}, ${scheduler}`), ...lines.heading()]);
    },
    step: (step) => all(lines?.rows(step, step.shown) ?? []),
    end({ end, steps, hash }): void {
      write(`${paint.bold(`${end} after ${steps} steps, state ${hash}`)}\n\n`);
    },
    close(): void {},
  };
}
