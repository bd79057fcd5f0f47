import { waitingStates } from '../compaction.js';
import { Fingerprints, type SavedFingerprints } from '../fingerprints.js';
import type { Search } from '../search.js';
import { StateTable } from '../state-table.js';
import { type RecordSink, type RecordSource, wordsIn, wordsOf } from './records.js';

/** The names of the records that states are made of. */
const RECORD = {
  /** Vectors of states in the order of their numbers; where fingerprints are compared, of those states that still have one. */
  vectors: 'vectors',
  /** Of each state who is before it, which step led here, how far it is. */
  parents: 'states before',
  steps: 'steps',
  distances: 'distances',
  /** Both lanes of the fingerprint of each state, and bits of those of which nothing else says whether all has returned. */
  firsts: 'first lanes',
  seconds: 'second lanes',
  returned: 'states where all has returned',
} as const;

/** What is small. */
export interface StatesHeart {
  /** Words of a vector in {@link RECORD.vectors}. */
  readonly stride: number;
  /** Undefined: vectors are compared. */
  readonly fingerprints: SavedFingerprints | undefined;
  /** The first state of each record of vectors. */
  readonly starts: readonly number[];
}

export function statesHeart({ length, fingerprints, vectors, count }: StateTable): StatesHeart {
  return {
    stride: length,
    fingerprints: fingerprints?.save(),
    starts: Array.from(vectors.all(count), ([first]) => first),
  };
}

export function saveStates({ states, returned }: Search, sink: RecordSink): void {
  const { count, vectors, fingerprints, columns } = states;
  for (const [, words] of vectors.all(count)) sink.put(RECORD.vectors, words);
  sink.put(RECORD.parents, columns.parents);
  sink.put(RECORD.steps, columns.steps);
  sink.put(RECORD.distances, columns.distances);
  if (fingerprints === undefined) return;
  sink.put(RECORD.firsts, columns.hashes);
  sink.put(RECORD.seconds, fingerprints.column(count));
  sink.put(RECORD.returned, returned.save(count));
}

/** Gives a search that has its frontier again the states that were found. The first one is known to it already. */
export function loadStates(search: Search, source: RecordSource, { stride, fingerprints, starts }: StatesHeart): void {
  const [parents, steps, distances] = [RECORD.parents, RECORD.steps, RECORD.distances].map((name) =>
    wordsIn(source, name),
  );
  if (parents === undefined || steps === undefined || distances === undefined) throw new Error('columns are missing');
  const states = new StateTable(stride, search.states.vectors.shift);
  search.states = states;
  if (fingerprints !== undefined) {
    const seconds = Fingerprints.load(fingerprints, wordsIn(source, RECORD.seconds));
    states.load({ parents, steps: new Uint32Array(steps), distances, hashes: wordsIn(source, RECORD.firsts) }, seconds);
    search.returned.load(wordsIn(source, RECORD.returned));
  }
  let record = 0;
  for (const bytes of source.all(RECORD.vectors)) {
    const words = wordsOf(bytes);
    const first = starts[record++] ?? 0;
    if (fingerprints !== undefined) states.vectors.put(first, words);
    for (let at = 0; at < words.length; at += stride) {
      const number = first + at / stride;
      const vector = words.subarray(at, at + stride);
      const step = StateTable.stepOf(steps[number] ?? 0);
      const arrival = { from: parents[number] ?? 0, ...step, distance: distances[number] ?? 0 };
      if (fingerprints === undefined && states.insert(vector, stride, arrival) !== number)
        throw new Error('a state comes twice');
      if (number > 0) search.subsumption?.add(number, vector, stride);
    }
  }
  if (fingerprints !== undefined) states.vectors.dropLooked(waitingStates(search));
}
