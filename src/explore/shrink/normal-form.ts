import type { Step } from '../../machine/step.js';
import { segmentsOf } from './segments.js';

/**
 * Orders of the same steps that may have fewer changes of CPU: a segment follows the one of its CPU before it at
 * once, or comes right before the next one of its CPU, or begins the schedule.
 */
export function* withFewerSwitches(steps: readonly Step[]): Generator<readonly Step[]> {
  const segments = segmentsOf(steps);
  for (const [index, segment] of segments.entries()) {
    const { cpu, start, end } = segment;
    const before = segments.slice(0, index).findLast((other) => other.cpu === cpu);
    if (before !== undefined) yield moved(steps, start, end, before.end);
    const after = segments.slice(index + 1).find((other) => other.cpu === cpu);
    if (after !== undefined) yield moved(steps, start, end, after.start);
    if (before === undefined && index > 0) yield moved(steps, start, end, 0);
  }
}

/** How often the CPU changes. */
export function switchesOf(steps: readonly Step[]): number {
  return Math.max(0, segmentsOf(steps).length - 1);
}

/** The steps with [start, end) in front of what was at `to`. */
function moved(steps: readonly Step[], start: number, end: number, to: number): Step[] {
  const part = steps.slice(start, end);
  const rest = [...steps.slice(0, start), ...steps.slice(end)];
  const at = to <= start ? to : to - part.length;
  return [...rest.slice(0, at), ...part, ...rest.slice(at)];
}
