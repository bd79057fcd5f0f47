import type { BuiltScenario } from '../../src/scenario/build/build.js';
import { Records } from '../../src/search/checkpoint/records.js';
import { loadSearch, saveSearch } from '../../src/search/checkpoint/search-checkpoint.js';
import type { Compaction } from '../../src/search/compaction.js';
import { ALL_REDUCTIONS, type Reductions } from '../../src/search/reduction/reductions.js';
import { Search } from '../../src/search/search.js';
import { found } from './found.js';
import { numbers } from './random-scenario.js';

function begin(
  { machine, monitors }: BuiltScenario,
  { reductions = ALL_REDUCTIONS, states = 20_000, fingerprints }: Pieces,
): Search {
  const limits = { states, memory: 2 ** 31 };
  return new Search(machine, monitors, { limits, moveCache: true, reductions, fingerprints });
}

/** A search that goes through, and one that is stopped, written down and read back again and again. */
export interface Resumed {
  readonly whole: unknown;
  readonly resumed: unknown;
  readonly pieces: number;
}

/** How a search is done in pieces. */
export interface Pieces {
  /** The most states that a piece looks at. */
  readonly most: number;
  readonly seed: number;
  readonly reductions?: Reductions;
  readonly fingerprints?: Compaction;
  /** The limit of states. */
  readonly states?: number;
}

/**
 * Does a search twice: at once, and in pieces of random length, each by another machine.
 * @param build makes the same machine each time
 */
export function resumed(build: () => BuiltScenario, pieces: Pieces): Resumed {
  const next = numbers(pieces.seed);
  const whole = begin(build(), pieces);
  whole.advance(Number.POSITIVE_INFINITY);
  let search = begin(build(), pieces);
  let done = 1;
  while (search.advance(1 + next(pieces.most)) === undefined) {
    const records = new Records();
    saveSearch(search, records);
    search = begin(build(), pieces);
    loadSearch(search, records);
    done++;
  }
  return { whole: found(whole), resumed: found(search), pieces: done };
}
