import type { Step } from '../../machine/step.js';

/** A run of steps of one CPU: [start, end). */
export interface Segment {
  readonly cpu: number;
  readonly start: number;
  readonly end: number;
}

/** The runs of steps between changes of CPU. */
export function segmentsOf(steps: readonly Step[]): Segment[] {
  const segments: Segment[] = [];
  for (const [at, { cpu }] of steps.entries()) {
    const last = segments.at(-1);
    if (last?.cpu === cpu) segments[segments.length - 1] = { ...last, end: at + 1 };
    else segments.push({ cpu, start: at, end: at + 1 });
  }
  return segments;
}
