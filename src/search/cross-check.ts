import { GPR } from '../cpu/cells.js';
import type { Machine } from '../machine/machine.js';
import { LINE_SIZE, PAGE_SIZE } from '../memory/layout.js';
import type { Monitors } from '../property/monitors.js';
import { PROGRESS } from '../property/progress.js';
import { MovedVector } from './moved-vector.js';
import { firstStuck } from './progress.js';
import { NO_REDUCTIONS, type Reductions } from './reduction/reductions.js';
import { Search } from './search.js';
import type { SearchLimits } from './search-end.js';

/** A machine at its beginning, who watches it, and what is asked. */
export interface Checked {
  readonly machine: Machine;
  readonly monitors: Monitors;
  readonly properties: readonly string[];
}

/** What a search with reductions and one without have in common, or do not. */
export interface CrossChecked {
  /** States with and without reductions. */
  readonly states: number;
  readonly unreduced: number;
  /** How the verdict of the search without reductions reads. */
  readonly verdict: string;
  /** In words, what differs; undefined when nothing does, or a limit was met first. */
  readonly difference: string | undefined;
  readonly isPartial: boolean;
}

/**
 * Compares a search with reductions with one that looks at every state: verdict, how near the violation is, progress, the
 * goals that were reached; and of everything that several tasks share, text and data but for stacks, all contents that
 * it ever has.
 * @param build makes the same machine each time
 */
export function crossCheck(build: () => Checked, reductions: Reductions, limits: SearchLimits): CrossChecked {
  const plain = look(build(), NO_REDUCTIONS, limits);
  const reduced = look(build(), reductions, limits);
  const isPartial = plain.verdict === 'limit' || reduced.verdict === 'limit';
  const isStack = (word: number): boolean =>
    reduced.stacks.has(word & -PAGE_SIZE) || reduced.search.machine.memory.pageOf(word)?.owner !== undefined;
  const words = (reduced.search.conclusions.sharing?.words ?? []).filter((word) => !isStack(word));
  const pairs: readonly (readonly [what: string, with_: string, without: string])[] = [
    ['verdict', reduced.verdict, plain.verdict],
    ['goals reached', reduced.goals, plain.goals],
    ...(plain.isExhausted && reduced.isExhausted
      ? [['contents of what is shared', contents(reduced.search, words), contents(plain.search, words)] as const]
      : []),
  ];
  const differing = isPartial ? undefined : pairs.find(([, one, other]) => one !== other);
  return {
    states: reduced.search.counts.states,
    unreduced: plain.search.counts.states,
    verdict: plain.verdict,
    isPartial,
    difference: differing === undefined ? undefined : `${differing[0]}: ${firstDifference(differing[1], differing[2])}`,
  };
}

function look({ machine, monitors, properties }: Checked, reductions: Reductions, limits: SearchLimits) {
  const stacks = stackPages(machine);
  const search = new Search(machine, monitors, { limits, moveCache: true, reductions });
  const end = search.advance(Number.POSITIVE_INFINITY);
  const isExhausted = end?.kind === 'exhausted';
  const stuck = isExhausted && properties.includes(PROGRESS) && firstStuck(search) !== undefined;
  const verdict =
    end?.kind === 'violated'
      ? `${end.violation.property} after ${end.steps} steps`
      : end?.kind === 'unsupported'
        ? `unsupported after ${end.steps} steps`
        : stuck
          ? PROGRESS
          : (end?.kind ?? '');
  const reached = monitors.goals.filter((goal) => goal.reached).map(({ name }) => name);
  return { search, stacks, verdict, isExhausted, goals: isExhausted ? reached.join(', ') : '' };
}

/** Pool offsets of the pages where stacks begin: what lies below RSP there is nobody's, as on private stacks. */
function stackPages({ cpus, tasks, memory }: Machine): ReadonlySet<number> {
  const parked = [...tasks.runnable()].map((task) => memory.linear.uint64(tasks.slot(task) + 8 * GPR.rsp));
  const pages = [...cpus.map(({ rsp }) => rsp), ...parked].map((rsp) => memory.pageAt(rsp - 8n)?.offset);
  return new Set(pages.filter((offset) => offset !== undefined));
}

/** All that some words, by pool offset, hold together in any state; a text a state. */
function contents(search: Search, words: readonly number[]): string {
  const { machine, vector, states } = search;
  const { written } = machine.memory;
  const places = words.map((offset) => {
    const line = written.lineOf(offset);
    return { part: line === undefined ? -1 : vector.partOfLine(line), at: (offset % LINE_SIZE) / 4 };
  });
  const found = new Set<string>();
  const at = new MovedVector();
  for (let state = 0; state < states.count; state++) {
    for (const { words } of everyName(search, at, state)) {
      found.add(
        places.map(({ part, at }) => (part < 0 ? UNCHANGED : textOf(vector.words, words[part] ?? 0, at))).join(' | '),
      );
    }
  }
  return [...found].sort().join('\n');
}

/** A state, and all those that it represents. */
function* everyName(
  { states, conclusions: { symmetry }, vector }: Search,
  at: MovedVector,
  state: number,
): Generator<MovedVector> {
  const vectorOf = new Int32Array(states.length);
  states.read(state, vectorOf);
  const begin = (): MovedVector => at.copy(vectorOf, states.length);
  if (symmetry === undefined) {
    begin().reach(vector.length);
    yield at;
    return;
  }
  for (const renaming of symmetry.all()) {
    begin().reach(vector.length);
    symmetry.states.rename(at, renaming);
    yield at;
  }
}

/** How a line's word of 8 bytes differs from what it was in the beginning. */
function textOf(words: Search['vector']['words'], id: number, at: number): string {
  const start = words.start(id) + at;
  const own = words.words.subarray(start, start + 2);
  return own.every((word) => word === 0) ? UNCHANGED : own.join(',');
}

const UNCHANGED = 'as in the beginning';

function firstDifference(one: string, other: string): string {
  const [a, b] = [one.split('\n'), other.split('\n')];
  const at = a.findIndex((line, i) => line !== b[i]);
  const place = at < 0 ? a.length : at;
  return `"${a[place] ?? 'nothing'}" with reductions, "${b[place] ?? 'nothing'}" without`;
}
