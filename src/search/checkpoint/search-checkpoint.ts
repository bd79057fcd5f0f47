import type { SavedVector } from '../../machine/vector-contents.js';
import { type Experience, experienceOf, share } from '../experience.js';
import type { Detour } from '../found-way.js';
import { Frontier } from '../frontier.js';
import type { Ended } from '../nearest-end.js';
import type { SavedConclusions } from '../reduction/conclusions.js';
import type { Search } from '../search.js';
import { dataOfText, dataText } from './plain-data.js';
import { type RecordSink, type RecordSource, wordsIn } from './records.js';
import { loadStates, type StatesHeart, saveStates, statesHeart } from './states-checkpoint.js';

/** The names of the records that a search is made of. */
const RECORD = {
  /** Plain data: {@link Heart}. */
  heart: 'search',
  /** Pool offsets of the words that were ever written, in the order of that. */
  written: 'written words',
  /** Pool offsets of the lines that have a number, in the order of that. */
  lines: 'lines',
  /** The contents of parts by number, one after the other, and how long each is. */
  contents: 'contents',
  lengths: 'lengths of contents',
  /** Plain data: lists of observers' data, in the order of their numbers. */
  observed: 'data of observers',
  /** What comes after states: all, and of each state where it begins and how many there are. */
  after: 'successors',
  afterStarts: 'where successors begin',
  afterCounts: 'how many successors',
  frontier: 'frontier',
  /** States that need not be looked at, each with the one that subsumes it. */
  covered: 'covered states',
} as const;

/** What is small. */
interface Heart {
  readonly transitions: number;
  readonly restarts: number;
  readonly looked: number;
  readonly depth: number;
  readonly nextLayer: number;
  readonly isExact: boolean;
  readonly nearest: Ended | undefined;
  readonly conclusions: SavedConclusions;
  readonly experience: Omit<Experience, 'written' | 'lines'>;
  readonly vector: Omit<SavedVector, 'words' | 'lengths' | 'observers'>;
  readonly observers: readonly number[];
  readonly states: StatesHeart;
  readonly detour: Detour | undefined;
}

/** Data of observers in one record. */
const BATCH = 1000;

/** Writes down all that a search between two states has to remember, moves apart: it finds those again. */
export function saveSearch(search: Search, sink: RecordSink): void {
  const { states } = search;
  const { words, lengths, observers, ...vector } = search.vector.save();
  const { written, lines, ...experience } = experienceOf(search);
  const heart: Heart = {
    transitions: search.transitions,
    restarts: search.restarts,
    looked: search.looked,
    depth: search.depth,
    nextLayer: search.nextLayer,
    isExact: search.isExact,
    nearest: search.nearest.end,
    conclusions: search.conclusions.save(),
    experience,
    vector,
    observers: observers.numbers,
    states: statesHeart(states),
    detour: search.detour,
  };
  putData(sink, RECORD.heart, heart);
  sink.put(RECORD.written, written);
  sink.put(RECORD.lines, lines);
  sink.put(RECORD.contents, words);
  sink.put(RECORD.lengths, lengths);
  for (let i = 0; i < observers.data.length; i += BATCH)
    putData(sink, RECORD.observed, observers.data.slice(i, i + BATCH));
  saveStates(search, sink);
  const after = search.successors.save(states.count);
  sink.put(RECORD.after, after.all);
  sink.put(RECORD.afterStarts, after.starts);
  sink.put(RECORD.afterCounts, after.counts);
  sink.put(RECORD.frontier, search.frontier.save());
  sink.put(RECORD.covered, pairsOf(search.subsumption?.covered ?? new Map()));
}

/**
 * Brings a search that has not looked at any state to where another one was that began in the same state with the same
 * reductions: all numbers are the same, and all that is found from here on is found in the same order.
 */
export function loadSearch(search: Search, source: RecordSource): void {
  const heart = dataIn(source, RECORD.heart)[0] as Heart;
  share(
    { ...heart.experience, lines: wordsIn(source, RECORD.lines), written: wordsIn(source, RECORD.written) },
    search,
  );
  const data = dataIn(source, RECORD.observed).flatMap((batch) => batch as readonly unknown[]);
  search.vector.load({
    words: wordsIn(source, RECORD.contents),
    lengths: wordsIn(source, RECORD.lengths),
    ...heart.vector,
    observers: { numbers: heart.observers, data },
  });
  search.conclusions.load(heart.conclusions);
  search.successors.load({
    all: wordsIn(source, RECORD.after),
    starts: wordsIn(source, RECORD.afterStarts),
    counts: wordsIn(source, RECORD.afterCounts),
  });
  search.frontier = Frontier.load(wordsIn(source, RECORD.frontier));
  search.isExact = heart.isExact;
  loadStates(search, source, heart.states);
  const covered = wordsIn(source, RECORD.covered);
  for (let i = 0; i < covered.length; i += 2) search.subsumption?.covered.set(covered[i] ?? 0, covered[i + 1] ?? 0);
  search.nearest.end = heart.nearest;
  const { transitions, restarts, looked, depth, nextLayer, isExact, detour } = heart;
  Object.assign(search, { transitions, restarts, looked, depth, nextLayer, isExact, detour });
}

function pairsOf(map: ReadonlyMap<number, number>): Int32Array {
  const words = new Int32Array(2 * map.size);
  let at = 0;
  for (const pair of map) for (const number of pair) words[at++] = number;
  return words;
}

function putData(sink: RecordSink, name: string, data: unknown): void {
  sink.put(name, new TextEncoder().encode(dataText(data)));
}

function dataIn(source: RecordSource, name: string): unknown[] {
  return Array.from(source.all(name), (bytes) => dataOfText(new TextDecoder().decode(bytes)));
}
