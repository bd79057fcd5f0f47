import { formatStep, type Step } from '../../src/machine/step.js';
import { Monitors } from '../../src/property/monitors.js';
import { PlainSearch } from '../../src/search/plain-search.js';
import { Search } from '../../src/search/search.js';
import type { GoesOn } from '../../src/search/search-end.js';
import type { LitmusWorld } from './litmus-world.js';
import { Lockstep } from './lockstep.js';

/** What all schedules of a case end in. */
export interface EveryOutcome {
  /** Each outcome, with a schedule that gives it where the engine tells one. */
  readonly outcomes: ReadonlyMap<string, readonly string[]>;
  readonly states: number;
  /** Where the machine offers other fetch results than the naive reference. */
  readonly disagreements: readonly string[];
}

const LIMITS = { states: 100_000, memory: Number.MAX_SAFE_INTEGER };

/** Watches for undefined execution where the rule has it, and for nothing else. */
function monitorsOf({ machine, rules }: LitmusWorld): Monitors {
  const properties = rules.fetch.startsWith('undefined-xmc') ? ['no-undefined-xmc'] : [];
  return new Monitors(machine, { sites: [], patches: [], ranges: new Map() }, properties);
}

/** By the plain engine, the naive reference beside it. A path ends where execution is undefined. */
export function plainOutcomes(world: LitmusWorld): EveryOutcome {
  const { machine } = world;
  const lockstep = new Lockstep(machine, world.rules);
  const monitors = monitorsOf(world);
  const outcomes = new Map<string, () => readonly Step[]>();
  const note = (outcome: string, steps: () => readonly Step[]): void => {
    if (!outcomes.has(outcome)) outcomes.set(outcome, steps);
  };
  const disagreements: (() => string)[] = [];
  /** By state and CPU: what may be fetched, and what was. */
  const allowed = new Map<string, string>();
  const offered = new Map<string, string[]>();

  const goesOn: GoesOn = (end) => {
    const steps = (): Step[] => [...search.stepsTo(end.state), ...(end.step === undefined ? [] : [end.step])];
    note(end.kind === 'violated' ? 'undefined' : world.outcome, steps);
    return true;
  };
  const found = (state: number): void => {
    if (machine.stopped !== undefined || machine.enabled().length === 0)
      note(world.outcome, () => search.stepsTo(state));
    for (const { cpu } of machine.cpus) allowed.set(`${state} ${cpu}`, lockstep.allowed(cpu).sort().join(' '));
  };
  const done = (state: number, { cpu }: Step): void => {
    const { last } = lockstep;
    if (last === undefined) return;
    const key = `${state} ${cpu}`;
    offered.set(key, [...(offered.get(key) ?? []), last.bytes]);
    if (last.undefined !== (monitors.violation !== undefined))
      disagreements.push(() => `${text(search.stepsTo(state)).join('; ')}: is executing ${last.bytes} undefined?`);
  };
  const search = new PlainSearch(machine, monitors, LIMITS, { goesOn, found, done });
  finish(search);
  for (const [key, bytes] of offered) {
    const may = bytes.sort().join(' ');
    if (may === allowed.get(key)) continue;
    const [state, cpu] = key.split(' ').map(Number);
    disagreements.push(
      () => `${text(search.stepsTo(state ?? 0)).join('; ')}: CPU ${cpu} may fetch ${may}, not ${allowed.get(key)}`,
    );
  }
  return {
    outcomes: new Map([...outcomes].map(([outcome, steps]) => [outcome, text(steps())])),
    states: search.counts.states,
    disagreements: disagreements.map((say) => say()),
  };
}

/** By the fast engine, as `xmc check` uses it. */
export function fastOutcomes(world: LitmusWorld): EveryOutcome {
  const { machine } = world;
  const outcomes = new Map<string, readonly string[]>();
  const goesOn: GoesOn = (end) => {
    outcomes.set(end.kind === 'violated' ? 'undefined' : world.outcome, []);
    return true;
  };
  const search = new Search(machine, monitorsOf(world), { limits: LIMITS, moveCache: true, goesOn });
  finish(search);
  for (let state = 0; state < search.states.count; state++) {
    const isOver = machine.cpus.every(({ cpu }) => search.moves(state, cpu).length === 0);
    search.restore(state);
    if (isOver || machine.stopped !== undefined) outcomes.set(world.outcome, []);
  }
  return { outcomes, states: search.states.count, disagreements: [] };
}

function finish(search: PlainSearch | Search): void {
  while (search.advance(1000) === undefined);
  if (search.end?.kind !== 'exhausted') throw new Error('too many states');
}

const text = (steps: readonly Step[]): string[] => steps.map(formatStep);
