import { formatStep, type Step } from '../../src/machine/step.js';
import type { GoalResult } from '../../src/property/goal.js';
import type { BuiltScenario } from '../../src/scenario/build/build.js';
import { plainKey } from '../../src/search/plain-key.js';
import { PlainSearch } from '../../src/search/plain-search.js';
import { currentSuccessors, firstStuck } from '../../src/search/progress.js';
import { Search } from '../../src/search/search.js';
import type { GoesOn, SearchCounts, SearchEnd } from '../../src/search/search-end.js';

/** What the engines have to agree on. */
export interface Findings {
  readonly end: string;
  /** Every step after which nobody goes on, if the search went on elsewhere. */
  readonly ended: readonly string[];
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /** The first state that cannot go on to where everything has returned; undefined when a limit was reached, too. */
  readonly stuck: number | undefined;
  /** Goals that were reached. When a search ends in a violation it depends on the engine what was tried beside it. */
  readonly goals: readonly string[] | undefined;
}

/** A machine with its monitors. */
export type Watched = Pick<BuiltScenario, 'machine' | 'monitors'>;

export interface Limits {
  readonly states: number;
  /** Whether violations end the search. */
  readonly first: boolean;
}

export const ALL_MEMORY = Number.MAX_SAFE_INTEGER;

/** What the plain engine finds, and each state as text. */
export function plainStates({ machine, monitors }: Watched, states: number): string[] {
  const keys: string[] = [];
  const found = (): void => void keys.push(plainKey(machine, machine.save()));
  endOf(new PlainSearch(machine, monitors, { states, memory: ALL_MEMORY }, { found, goesOn: () => true }));
  return keys;
}

/** The same of the fast engine. */
export function fastStates({ machine, monitors }: Watched, states: number): string[] {
  const limits = { states, memory: ALL_MEMORY };
  const search = new Search(machine, monitors, { limits, moveCache: true, goesOn: () => true });
  endOf(search);
  return Array.from({ length: search.states.count }, (_, state) => {
    search.restore(state);
    return plainKey(machine, machine.save());
  });
}

/** The plain engine. */
export function plainFindings({ machine, monitors }: Watched, { states, first }: Limits): Findings {
  const ended: string[] = [];
  const search = new PlainSearch(machine, monitors, { states, memory: ALL_MEMORY }, { goesOn: noteIn(ended, first) });
  const end = endOf(search);
  const stuck = end.kind === 'exhausted' ? search.firstStuck() : undefined;
  return findings(end, ended, search.counts, stuck, monitors.goals);
}

/** The fast engine. */
export function fastFindings(built: Watched, { states, first }: Limits, moveCache: boolean): Findings {
  const { machine, monitors } = built;
  const ended: string[] = [];
  const limits = { states, memory: ALL_MEMORY };
  const search = new Search(machine, monitors, { limits, moveCache, goesOn: noteIn(ended, first) });
  const end = endOf(search);
  const { counts } = search;
  const reached = monitors.goals;
  const stuck = end.kind === 'exhausted' ? firstStuck(search) : undefined;
  if (end.kind === 'exhausted') expectSuccessors(search);
  return findings(end, ended, counts, stuck, reached);
}

/** What was kept of each state's successors is what its moves lead to, done again. */
function expectSuccessors(search: Search): void {
  for (let state = 0; state < search.states.count; state++) {
    const kept = search.successors.of(state)?.join();
    const again = currentSuccessors(search, state).join();
    if (kept !== again) throw new Error(`state ${state} leads to ${again}, but ${kept} was kept`);
  }
}

function noteIn(ended: string[], first: boolean): GoesOn {
  return (end) => {
    if (!first) ended.push(describeEnd(end));
    return !first;
  };
}

function endOf(search: { advance(count: number): SearchEnd | undefined }): SearchEnd {
  for (;;) {
    const end = search.advance(1000);
    if (end !== undefined) return end;
  }
}

function findings(
  end: SearchEnd,
  ended: readonly string[],
  { states, transitions, depth }: SearchCounts,
  stuck: number | undefined,
  goals: readonly GoalResult[],
): Findings {
  const isWhole = end.kind === 'exhausted' || end.kind === 'limit';
  const reached = isWhole ? goals.filter((goal) => goal.reached).map(({ name }) => name) : undefined;
  return { end: describeEnd(end), ended, states, transitions, depth, stuck, goals: reached };
}

function describeEnd(end: SearchEnd): string {
  switch (end.kind) {
    case 'violated':
      return `${end.violation.property} violated by ${stepText(end.step)} from state ${end.state}: ${end.violation.message}`;
    case 'unsupported':
      return `${end.stop.reason} at ${end.stop.rip}, by ${stepText(end.step)} from state ${end.state}`;
    case 'limit':
      return `limit of ${end.limit}`;
    case 'exhausted':
      return 'exhausted';
  }
}

/** Text times have other numbers in the other engine. */
function stepText(step: Step | undefined): string {
  if (step === undefined) return 'no step';
  return step.kind === 'instruction' ? `cpu${step.cpu} insn` : formatStep(step);
}
