import type { WayStep } from './move.js';
import { MovedVector } from './moved-vector.js';
import { type Ended, endOf } from './nearest-end.js';
import type { Search } from './search.js';
import type { Origin } from './state-table.js';

/** The steps by which a search has come to a state, and what they lead to. */
export interface FoundWay {
  readonly steps: readonly WayStep[];
  /** The vector of the state. */
  readonly vector: MovedVector;
  /** What CPUs are called in the first state, by their numbers in this one: states are represented by others (symmetry). */
  readonly names: readonly number[];
}

/**
 * Does again the moves by which a state was found, from the first one on. That needs no vectors of states, and what it
 * leads to is there even if fingerprints took it for something else.
 */
export function foundWay(search: Search, state: number): FoundWay {
  const origins: Origin[] = [];
  for (let at = state; at > 0; at = origins.at(-1)?.from ?? 0) origins.push(search.states.originOf(at));
  const vector = new MovedVector().copy(search.first, search.first.length);
  const steps: WayStep[] = [];
  let names: readonly number[] = search.machine.cpus.map(({ cpu }) => cpu);
  for (const { cpu, choice } of origins.reverse()) {
    const move = search.workshop.source.moves(vector.words, vector.length, cpu).list[choice];
    if (move === undefined) throw new Error(`the search has found a move of CPU ${cpu} that is not there`);
    steps.push(...namedSteps(move.steps, names));
    vector.apply(move);
    const renaming = search.conclusions.symmetry?.represent(vector);
    if (renaming === undefined || renaming.isIdentity) continue;
    const renamed = [...names];
    for (const [number, name] of names.entries()) renamed[renaming.cpu(number)] = name;
    names = renamed;
  }
  return { steps, vector, names };
}

/** Steps by the names that CPUs have in the first state. */
export function namedSteps(steps: readonly WayStep[], names: readonly number[]): WayStep[] {
  return steps.map(({ cpu, choice }) => ({ cpu: names[cpu] ?? cpu, choice }));
}

/** How a search would end, and steps that lead there, though not the fewest. */
export interface Detour {
  readonly end: Ended;
  readonly steps: readonly WayStep[];
}

/** The nearest end that a search knows of, and the way by which it came there. */
export function detourOf(search: Search): Detour | undefined {
  const { end } = search.nearest;
  return end === undefined ? undefined : { end, steps: stepsTo(search, end) };
}

/** The steps by which a search has come to an end. */
export function stepsTo(search: Search, end: Ended): readonly WayStep[] {
  if (end.step === undefined) return [];
  // Its state has that number in another search.
  if (end === search.detour?.end) return search.detour.steps;
  const { steps, names } = foundWay(search, end.state);
  const before = search.states.distanceOf(end.state);
  const last = search
    .moves(end.state, end.step.cpu)
    .find((move) => isTheSame(endOf(move, end.state, before + move.steps.length), end));
  if (last === undefined) throw new Error('the search has found an end that is not there');
  return [...steps, ...namedSteps(last.steps, names)];
}

function isTheSame(one: Ended | undefined, other: Ended): boolean {
  if (one?.kind !== other.kind || one.steps !== other.steps) return false;
  return one.kind !== 'violated' || (other.kind === 'violated' && one.violation.property === other.violation.property);
}
