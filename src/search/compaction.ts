import type { FingerprintKind } from './fingerprints.js';
import type { Search } from './search.js';
import type { LimitReached } from './search-end.js';
import type { SearchOptions } from './search-options.js';

/** When fingerprints take the place of vectors, and which. */
export interface Compaction extends FingerprintKind {
  /** When there are so many states; default: when memory is used up. */
  readonly states?: number;
  /** Vectors are dropped so many at a time, as a power of two. */
  readonly chunk?: number;
}

/** Where memory was used up, what part of it remembered moves may have. */
const CACHE_SHARE = 4;

/** What a search has used up; if that is memory, fingerprints make room first. */
export function limitReached(search: Search, { limits, fingerprints }: SearchOptions): LimitReached | undefined {
  const { states } = search;
  if (states.count > limits.states) return 'states';
  const isFull = (): boolean => memoryOf(search) > limits.memory;
  const most = fingerprints?.states ?? Number.POSITIVE_INFINITY;
  if (fingerprints !== undefined && states.fingerprints === undefined && (states.count >= most || isFull())) {
    compact(search, fingerprints);
    search.workshop.cache?.shrink(limits.memory / CACHE_SHARE);
    search.onFingerprints?.();
  }
  return isFull() ? 'memory' : undefined;
}

/** Bytes in use. */
export function memoryOf({ states, successors, returned, workshop, subsumption }: Search): number {
  return states.bytes + successors.bytes + returned.bytes + workshop.bytes + (subsumption?.bytes ?? 0);
}

/** Gives up the vectors of states that a search has looked at; from now on fingerprints are compared. */
function compact(search: Search, kind: FingerprintKind): void {
  const { states, returned, subsumption } = search;
  const waits = waitingStates(search);
  for (let state = 0; state < states.count; state++) if (waits[state] === 0) returned.note(state);
  states.useFingerprints(kind, waits);
  subsumption?.forget(states.vectors.firstKept);
}

/** By state: 1 if it is to be looked at. */
export function waitingStates({ states, frontier, isExact }: Search): Uint8Array {
  const waits = new Uint8Array(states.count);
  // A state that was reached by a nearer way meanwhile waits twice.
  for (const [distance, list] of frontier.left())
    for (const state of list) if (!isExact || states.distanceOf(state) === distance) waits[state] = 1;
  return waits;
}

/** A state was looked at: its vector may be given up. */
export function letGo({ states, returned, subsumption }: Search, state: number): void {
  if (states.fingerprints === undefined) return;
  returned.note(state);
  if (states.vectors.looked(state, states.count)) subsumption?.forget(states.vectors.firstKept);
}
