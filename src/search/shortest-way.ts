import type { Renaming } from '../machine/renaming.js';
import { INTERRUPTS } from '../machine/step-kinds.js';
import { canGoOn } from './can-go-on.js';
import type { Move, WayStep } from './move.js';
import type { Search } from './search.js';

/** Steps from the first state, and how many preemptions are among them. */
export interface Way {
  readonly steps: readonly WayStep[];
  readonly preemptions: number;
}

/** What a way leads to: a state, or a move of one. */
export interface Destination {
  /** Steps that lead there, at least: none in a state that is nearer. */
  readonly length: number;
  /** Whether a move arrives, of a state from which that is near enough. */
  readonly arrives: (move: Move, after: () => number) => boolean;
}

/** The best way known to a state with a CPU that did the last step. */
interface Best {
  readonly preemptions: number;
  readonly before: Best | undefined;
  readonly steps: readonly WayStep[];
  /** The CPU that did the last step; leaving it is free after the end of a handler. */
  readonly last: number;
  readonly endedHandler: boolean;
  /** What CPUs are called on the way, by their numbers in the state: states are represented by others (symmetry). */
  readonly names: readonly number[];
}

/**
 * Among the shortest ways to a destination one with the fewest preemptions: changes from a CPU that could go on to another
 * one. Accepting an interrupt is none, nor is leaving a CPU that waits, is halted or has just ended a handler (semantics
 * of search).
 *
 * Every prefix of a shortest way is a shortest way to its state, so that states which are reached as late as the search
 * reached them are all there is to go through.
 */
export function shortestWay(search: Search, { length, arrives }: Destination): Way {
  const names = search.machine.cpus.map(({ cpu }) => cpu);
  const begin: Best = { preemptions: 0, before: undefined, steps: [], last: -1, endedHandler: true, names };
  const layers = new Map<number, Map<number, Best[]>>([[0, new Map([[0, [begin]]])]]);
  let found: Best | undefined;
  for (let distance = 0; distance < length; distance++) {
    const layer = layers.get(distance) ?? new Map<number, Best[]>();
    layers.delete(distance);
    for (const [state, bests] of layer) {
      for (const { move, cpu, waiting } of movesOf(search, state)) {
        const there = distance + move.steps.length;
        if (there > length) continue;
        const goesOn = move.violation === undefined && move.unsupported === undefined;
        const after = there < length && goesOn ? search.successor(state, move) : undefined;
        const { renaming } = search.hand;
        if (there < length && (after === undefined || search.states.distanceOf(after) !== there)) continue;
        for (const best of bests) {
          const better = extended(best, cpu, move, waiting);
          if (after !== undefined) note(layerAt(layers, there), after, renamed(better, renaming));
          else if (isBetter(better, found) && arrives(move, () => search.after(state, move))) found = better;
        }
      }
    }
  }
  if (length > 0 && found === undefined) throw new Error('there is no way to where the search has been');
  const steps: WayStep[] = [];
  for (let at = found; at !== undefined; at = at.before) steps.unshift(...at.steps);
  return { steps, preemptions: found?.preemptions ?? 0 };
}

interface KnownMove {
  readonly move: Move;
  readonly cpu: number;
  /** The CPUs that cannot go on by themselves, though maybe by an interrupt or with another task. */
  readonly waiting: readonly boolean[];
}

function movesOf(search: Search, state: number): KnownMove[] {
  const all = search.machine.cpus.map(({ cpu }) => search.moves(state, cpu));
  const waiting = all.map((moves) => !canGoOn(moves));
  return all.flatMap((moves, cpu) => moves.map((move) => ({ move, cpu, waiting })));
}

function extended(best: Best, cpu: number, move: Move, waiting: readonly boolean[]): Best {
  const { step, steps, endsHandler } = move;
  const isFree = cpu === best.last || best.endedHandler || INTERRUPTS.has(step.kind) || waiting[best.last];
  return {
    preemptions: best.preemptions + (isFree ? 0 : 1),
    before: best,
    steps: steps.map(({ cpu, choice }) => ({ cpu: best.names[cpu] ?? cpu, choice })),
    last: cpu,
    endedHandler: endsHandler,
    names: best.names,
  };
}

/** The same in the state that represents the one it leads to. */
function renamed(best: Best, renaming: Renaming | undefined): Best {
  if (renaming === undefined || renaming.isIdentity) return best;
  const names = [...best.names];
  best.names.forEach((name, cpu) => {
    names[renaming.cpu(cpu)] = name;
  });
  return { ...best, names, last: renaming.cpu(best.last) };
}

function layerAt(layers: Map<number, Map<number, Best[]>>, distance: number): Map<number, Best[]> {
  const layer = layers.get(distance) ?? new Map<number, Best[]>();
  layers.set(distance, layer);
  return layer;
}

/** Keeps the best for each CPU that did the last step, and whether leaving it is free. */
function note(layer: Map<number, Best[]>, state: number, best: Best): void {
  const bests = layer.get(state);
  if (bests === undefined) {
    layer.set(state, [best]);
    return;
  }
  const at = bests.findIndex(({ last, endedHandler }) => last === best.last && endedHandler === best.endedHandler);
  if (at < 0) bests.push(best);
  else if (isBetter(best, bests[at])) bests[at] = best;
}

function isBetter(one: Best, other: Best | undefined): boolean {
  return other === undefined || one.preemptions < other.preemptions;
}
