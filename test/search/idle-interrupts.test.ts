import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type BuiltScenario, buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';
import { crossCheck } from '../../src/search/cross-check.js';
import { firstStuck } from '../../src/search/progress.js';
import { ALL_REDUCTIONS, type Reductions } from '../../src/search/reduction/reductions.js';
import { Search } from '../../src/search/search.js';
import { bodyBehindSite, siteScenario } from '../site-scenario.js';

const LIMITS = { states: 100_000, memory: 2 ** 31 };
const WITHOUT = new Set([...ALL_REDUCTIONS].filter((name) => name !== 'idle-interrupts'));

/** What a worker executes, under one NMI. */
interface World {
  readonly code?: string;
  readonly body?: string;
  readonly nmi?: number;
  readonly more?: string;
}

function build({
  code,
  body = 'nop',
  nmi = 1,
  more = 'algorithm: text-poke-bp\nprofile: ideal',
}: World): BuiltScenario {
  const text = siteScenario({
    name: 'idle',
    ...bodyBehindSite(body),
    ...(code === undefined ? {} : { code }),
    worker: '{cpu: 1, entry: worker, stack: {private: 4096}}',
    more,
  });
  return buildScenario(loadScenario(text.replace('reschedule: 0', `reschedule: 0, nmi: ${nmi}`), 'idle.yaml'), {});
}

function searched(world: World, reductions: Reductions = ALL_REDUCTIONS): Search {
  const { machine, monitors } = build(world);
  const search = new Search(machine, monitors, { limits: LIMITS, moveCache: true, reductions });
  search.advance(Number.POSITIVE_INFINITY);
  return search;
}

const whyNot = (search: Search): string | undefined => search.applied.unused.get('idle-interrupts');

describe('NMIs that change nothing', () => {
  it('are left out: a third of the states is left, and nothing else is lost', () => {
    const [left, all] = [searched({}), searched({}, WITHOUT)];
    expect([left.end?.kind, all.end?.kind, whyNot(left)]).toEqual(['exhausted', 'exhausted', undefined]);
    expect(left.counts.states).toBeLessThan(all.counts.states / 3);
    expect(crossCheck(() => build({}), ALL_REDUCTIONS, LIMITS).difference).toBeUndefined();
  });

  it('are taken where one ends the shadow of STI, which lets an interrupt in', () => {
    const text = readFileSync('scenarios/stub.yaml', 'utf8');
    const { machine, monitors } = buildScenario(loadScenario(text, 'stub.yaml'), { variant: 'sti-nmi' });
    const search = new Search(machine, monitors, { limits: LIMITS, moveCache: true, reductions: ALL_REDUCTIONS });
    const violation = { property: 'no-use-after-reuse' };
    // As without this reduction, which leaves nine times as many states.
    expect(search.advance(20_000)).toMatchObject({ kind: 'violated', steps: 65, violation });
  });

  it('are taken where the last one of the budget is needed to go on: a CPU that is halted with IF=0', () => {
    const code = 'worker: cli\nhlt\nsti\nsite: call.rel32 old\njmp.rel8 site';
    const search = searched({ code });
    expect(search.end?.kind).toBe('exhausted');
    expect(whyNot(search)).toBe('something may go on by such an interrupt alone');
    expect(firstStuck(search)).toBeDefined();
    expect(crossCheck(() => build({ code }), ALL_REDUCTIONS, LIMITS)).toMatchObject({
      verdict: 'progress',
      difference: undefined,
    });
  });

  it.each([
    ['something reads below RSP', { body: 'mov -8(%rsp), %rbx' }],
    ['the scenario has checks of its own', { more: 'check: {always: {fine: "worker.rip != 1"}}' }],
    ['a CPU may fetch what an interrupt would not let it', { more: 'profile: amd-apm' }],
    ['steps ask what CPUs are doing', { more: 'sync: {defer: [1]}' }],
    ['each CPU has an NMI stack of its own', { more: 'nmi: {stack: ist}' }],
  ])('are taken if %s', (why, world) => {
    const { machine, monitors } = build(world);
    const search = new Search(machine, monitors, { limits: LIMITS, moveCache: true, reductions: ALL_REDUCTIONS });
    search.advance(200);
    expect(whyNot(search)).toBe(why);
  });

  it('are no reason to say anything where there are none', () => {
    expect(whyNot(searched({ nmi: 0 }))).toBeUndefined();
    expect(whyNot(searched({ nmi: 0, body: 'mov -8(%rsp), %rbx' }))).toBeUndefined();
  });
});
