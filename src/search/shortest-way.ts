import type { Step } from '../machine/step.js';
import type { Move } from './move.js';
import type { Search } from './search.js';

/** A step of a way: one of those that are enabled on a CPU. */
export interface WayStep {
  readonly cpu: number;
  readonly choice: number;
}

/** Steps from the first state, and how many preemptions are among them. */
export interface Way {
  readonly steps: readonly WayStep[];
  readonly preemptions: number;
}

/** What a way leads to: a state, or a move of one. */
export interface Destination {
  /** Steps that lead there, at least: none in a state that is nearer. */
  readonly length: number;
  /** Whether a move of a state in the last layer but one arrives. */
  readonly arrives: (move: Move, after: () => number) => boolean;
}

/** The best way known to a state with a CPU that did the last step. */
interface Best {
  readonly preemptions: number;
  readonly before: Best | undefined;
  readonly step: WayStep | undefined;
  /** The CPU that did the last step; leaving it is free after the end of a handler. */
  readonly last: number;
  readonly endedHandler: boolean;
}

/**
 * Among the shortest ways to a destination one with the fewest preemptions: changes from a CPU that could go on to another
 * one. Accepting an interrupt is none, nor is leaving a CPU that waits, is halted or has just ended a handler (semantics
 * of search).
 *
 * Every prefix of a shortest way is a shortest way to its state, so that the layers of the search are all there is to go
 * through.
 */
export function shortestWay(search: Search, { length, arrives }: Destination): Way {
  const begin: Best = { preemptions: 0, before: undefined, step: undefined, last: -1, endedHandler: true };
  let layer = new Map<number, Best[]>([[0, [begin]]]);
  let found: Best | undefined;
  for (let depth = 0; depth < length; depth++) {
    const next = new Map<number, Best[]>();
    const [first, end] = [search.layers[depth + 1] ?? 0, search.layers[depth + 2] ?? search.states.count];
    for (const [state, bests] of layer) {
      for (const { move, cpu, choice, waiting } of movesOf(search, state)) {
        for (const best of bests) {
          const better = extended(best, { cpu, choice }, move, waiting);
          if (depth + 1 === length) {
            if (isBetter(better, found) && arrives(move, () => search.after(state, move))) found = better;
          } else if (move.violation === undefined && move.unsupported === undefined) {
            const after = search.after(state, move);
            if (after >= first && after < end) note(next, after, better);
          }
        }
      }
    }
    layer = next;
  }
  if (length > 0 && found === undefined) throw new Error('there is no way to where the search has been');
  const steps: WayStep[] = [];
  for (let at = found; at?.step !== undefined; at = at.before) steps.unshift(at.step);
  return { steps, preemptions: found?.preemptions ?? 0 };
}

/** What a CPU does by itself, without an interrupt and with the task that it has. */
const OWN_STEPS: ReadonlySet<Step['kind']> = new Set(['instruction', 'store', 'procedure']);

interface KnownMove extends WayStep {
  readonly move: Move;
  /** The CPUs that cannot go on by themselves, though maybe by an interrupt or with another task. */
  readonly waiting: readonly boolean[];
}

function movesOf(search: Search, state: number): KnownMove[] {
  const all = search.machine.cpus.map(({ cpu }) => search.moves(state, cpu));
  const waiting = all.map((moves) => !moves.some(({ step }) => OWN_STEPS.has(step.kind)));
  return all.flatMap((moves, cpu) => moves.map((move, choice) => ({ move, cpu, choice, waiting })));
}

function extended(best: Best, step: WayStep, { step: { kind }, endsHandler }: Move, waiting: readonly boolean[]): Best {
  const interrupts = kind === 'accept' || kind === 'nmi' || kind === 'mc';
  const isFree = step.cpu === best.last || best.endedHandler || interrupts || waiting[best.last];
  return {
    preemptions: best.preemptions + (isFree ? 0 : 1),
    before: best,
    step,
    last: step.cpu,
    endedHandler: endsHandler,
  };
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
