import type { Step } from '../../machine/step.js';
import type { Reproduction } from './reproducer.js';
import { segmentsOf } from './segments.js';

/** Places in a schedule that are left out together. */
export type Unit = readonly number[];

/** Cuts an execution into units, each of which may turn out not to be needed. */
export type Cut = (execution: Reproduction) => readonly Unit[];

/** How many loops of each CPU are tried at a time. */
const LOOPS = 12;

/** What each CPU does at all. */
export const byCpu: Cut = ({ steps }) => {
  const cpus = [...new Set(steps.map(({ cpu }) => cpu))];
  return cpus.map((cpu) => placesOf(steps, cpu));
};

/** What a CPU does between two changes of CPU. */
export const bySegment: Cut = ({ steps }) =>
  segmentsOf(steps).map(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i));

export const byStep: Cut = ({ steps }) => steps.map((_, at) => [at]);

/** What a CPU does from the acceptance of an interrupt, or an exception, to the return from it. */
export const byHandler: Cut = ({ steps, depths }) =>
  steps.flatMap(({ cpu }, at) => {
    const later = placesOf(steps, cpu).filter((place) => place > at);
    const back = later.findIndex((place) => (depths[place] ?? 0) <= (depths[at] ?? 0));
    const until = back < 0 ? later : later.slice(0, back);
    return until.length === 0 ? [] : [[at, ...until]];
  });

/**
 * What a CPU does until it is where it was, loops: the longest first. The handlers that interrupt a loop may be needed
 * although the loop is not.
 */
export const byLoop: Cut = ({ steps, places, depths }) =>
  [...new Set(steps.map(({ cpu }) => cpu))].flatMap((cpu) => {
    const own = placesOf(steps, cpu);
    const loops: Unit[] = [];
    const add = (from: number, to: number): void => {
      const loop = own.slice(from, to);
      const uninterrupted = loop.filter((at) => depths[at] === depths[loop[0] ?? 0]);
      loops.push(loop);
      if (uninterrupted.length < loop.length) loops.push(uninterrupted);
    };
    const firsts = new Map<string, number>();
    const lasts = new Map<string, number>();
    for (const [i, at] of own.entries()) {
      const place = places[at] ?? '';
      const first = firsts.get(place);
      const last = lasts.get(place);
      if (first === undefined) firsts.set(place, i);
      else add(first, i);
      if (last !== undefined && last !== first) add(last, i);
      lasts.set(place, i);
    }
    loops.sort((a, b) => b.length - a.length);
    // The longest ones, and the shortest.
    return loops.length <= 2 * LOOPS ? loops : [...loops.slice(0, LOOPS), ...loops.slice(-LOOPS)];
  });

/** The steps without those at some places. */
export function without(steps: readonly Step[], units: readonly Unit[]): Step[] {
  const left = new Set(units.flat());
  return steps.filter((_, at) => !left.has(at));
}

function placesOf(steps: readonly Step[], cpu: number): number[] {
  return [...steps.keys()].filter((at) => steps[at]?.cpu === cpu);
}
