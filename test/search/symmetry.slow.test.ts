import { describe, expect, it } from 'vitest';
import { type CpuNaming, NAMES_NO_CPU } from '../../src/machine/cpu-naming.js';
import { Renaming } from '../../src/machine/renaming.js';
import { type BuiltScenario, buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';
import { ALL_REDUCTIONS, type Reductions } from '../../src/search/reduction/reductions.js';
import { Search } from '../../src/search/search.js';
import { shortestWay } from '../../src/search/shortest-way.js';
import { stepsOfWay } from '../../src/search/way-steps.js';
import { siteScenario } from '../site-scenario.js';

const WORKERS = '{cpu: [1, 2], entry: worker, stack: {private: 4096}}';

/** A patcher and two workers that execute the same site for ever. */
function built(algorithm: string, worker = WORKERS, more = ''): BuiltScenario {
  const conditions = `algorithm: ${algorithm}\nprofile: spin-baseline\n${more}`;
  const text = siteScenario({ name: 'alike', cpus: 3, worker, more: conditions });
  return buildScenario(loadScenario(text, 'alike.yaml'), {});
}

const NO_SYMMETRY = new Set([...ALL_REDUCTIONS].filter((name) => name !== 'symmetry'));

function searched({ machine, monitors }: BuiltScenario, reductions: Reductions = ALL_REDUCTIONS): Search {
  const limits = { states: 1e6, memory: 2 ** 31 };
  const search = new Search(machine, monitors, { limits, moveCache: true, reductions });
  search.advance(Number.POSITIVE_INFINITY);
  return search;
}

const whyNot = (search: Search): string | undefined => search.applied.unused.get('symmetry');

describe('CPUs that do the same work', () => {
  it('exchange their numbers: about half of the states are left of two', () => {
    const symmetric = searched(built('text-poke-bp-desc'));
    const other = searched(built('text-poke-bp-desc'), NO_SYMMETRY);
    expect([symmetric.end?.kind, other.end?.kind, whyNot(symmetric)]).toEqual(['exhausted', 'exhausted', undefined]);
    expect(symmetric.counts.states / other.counts.states).toBeLessThan(0.55);
  });

  it.each([
    ['text-poke-bp', WORKERS, '', 'text_poke_array_refs are changed CPU by CPU'],
    ['memcpy', '{cpu: [1, 2], entry: worker, stack: 4096}', '', 'no two tasks begin alike'],
    [
      'memcpy',
      '{cpu: [1, 2], entry: worker, registers: {rax: cpu}, stack: {private: 4096}}',
      '',
      'no two tasks begin alike',
    ],
    ['memcpy', WORKERS, 'check: {sometimes: {there: "worker@1.rax == 0"}}', 'the scenario has expressions of its own'],
  ])('do not under %s with %s %s', (algorithm, workers, more, why) => {
    expect(whyNot(searched(built(algorithm, workers, more)))).toBe(why);
  });

  it('do not exchange them where tasks may change CPUs', () => {
    const { machine, monitors } = built('memcpy');
    machine.budgets.set('reschedule', 1);
    const limits = { states: 10, memory: 2 ** 31 };
    const search = new Search(machine, monitors, { limits, moveCache: true, reductions: ALL_REDUCTIONS });
    expect(whyNot(search)).toBe('tasks change CPUs');
  });

  it.each([
    ['sets of CPUs', 'text-poke-bp-desc', () => NAMES_NO_CPU],
    ['an order of CPUs', 'text-poke-bp', (naming: CpuNaming) => ({ ...naming, order: undefined })],
  ])('are found out when a procedure uses %s without having said so', (_, algorithm, undeclared) => {
    const one = built(algorithm);
    const { kernel } = one.machine;
    Object.assign(kernel, { naming: undeclared(kernel.naming) });
    const search = searched(one);
    expect(whyNot(search)).toMatch(/^a step of CPU \d \(\w+\) depends on the number of its CPU$/);
    expect(search.counts.states).toBe(searched(built(algorithm), NO_SYMMETRY).counts.states);
  });

  it.each(['text-poke-bp-desc-no-sync1', 'text-poke-bp-desc-no-sync2', 'text-poke-bp-desc-no-sync3', 'memcpy'])(
    'have one name each in a counterexample of %s, which replays',
    (algorithm) => {
      const search = searched(built(algorithm));
      const { end } = search;
      if (end?.kind !== 'violated') throw new Error('a violation is expected');
      const { property } = end.violation;
      const way = shortestWay(search, {
        length: end.steps,
        arrives: (move) => move.violation?.property === property,
      });
      const { machine, monitors } = built(algorithm);
      stepsOfWay(machine, way.steps);
      expect(monitors.violation?.property).toBe(property);
      const other = searched(built(algorithm), NO_SYMMETRY).end;
      expect([other?.kind, other?.kind === 'violated' && other.steps]).toEqual(['violated', end.steps]);
    },
  );
});

describe('A renaming', () => {
  it('renames CPUs, the tasks at home there, idle CPUs and sets of CPUs', () => {
    const renaming = new Renaming([0, 2, 3, 1], [0, 2, 3, 1]);
    expect([1, 2, 3].map((cpu) => renaming.cpu(cpu))).toEqual([2, 3, 1]);
    expect([0, 1, -1, -2, -4].map((owner) => renaming.owner(owner))).toEqual([0, 2, -1, -3, -2]);
    expect(renaming.cpuSet(0b10_0011)).toBe(0b10_0101);
    expect(renaming.isIdentity).toBe(false);
    expect(new Renaming([0, 1], [0]).isIdentity).toBe(true);
  });
});
