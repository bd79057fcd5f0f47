import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type BuiltScenario, buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';
import { crossCheck } from '../../src/search/cross-check.js';
import { firstStuck } from '../../src/search/progress.js';
import { Conclusions } from '../../src/search/reduction/conclusions.js';
import { DeadStack } from '../../src/search/reduction/dead-stack.js';
import { ALL_REDUCTIONS, type Reductions } from '../../src/search/reduction/reductions.js';
import { Sharing } from '../../src/search/reduction/sharing.js';
import { Search } from '../../src/search/search.js';
import { bodyBehindSite, type SiteScenario, siteScenario } from '../site-scenario.js';
import { crossCheckGenerated } from './cross-check.js';
import { guests } from './guests.js';

const LIMITS = { states: 100_000, memory: 2 ** 31 };
const ALONE: Reductions = new Set(['idle-interrupts']);

/** What a worker executes, under one NMI. */
interface World extends Partial<SiteScenario> {
  readonly body?: string;
}

function build({ body = 'nop', ...world }: World): BuiltScenario {
  const text = siteScenario({
    name: 'idle',
    nmi: 1,
    ...bodyBehindSite(body),
    worker: '{cpu: 1, entry: worker, stack: {private: 4096}}',
    more: 'algorithm: text-poke-bp\nprofile: ideal',
    ...world,
  });
  return buildScenario(loadScenario(text, 'idle.yaml'), {});
}

function searched({ machine, monitors }: BuiltScenario, states = Number.POSITIVE_INFINITY): Search {
  const search = new Search(machine, monitors, { limits: LIMITS, moveCache: true, reductions: ALL_REDUCTIONS });
  search.advance(states);
  return search;
}

const compared = (make: () => BuiltScenario, reductions: Reductions = ALL_REDUCTIONS) =>
  crossCheck(make, reductions, LIMITS);

const whyNot = (search: Search): string | undefined => search.applied.unused.get('idle-interrupts');

afterEach(() => {
  vi.restoreAllMocks();
});

describe('NMIs that change nothing', () => {
  it('are left out: a fifth of the states is left, by this reduction alone, and nothing else is lost', () => {
    const { states, unreduced, difference } = compared(() => build({ more: 'algorithm: aligned-store-sync' }), ALONE);
    expect(difference).toBeUndefined();
    expect(states).toBeLessThan(unreduced / 5);
  });

  it('are left out of generated scenarios, and nothing else is lost', () => {
    const seeds = Array.from({ length: 8 }, (_, seed) => 30_000 + seed);
    for (const reductions of [ALL_REDUCTIONS, ALONE]) {
      const { whole, differences } = crossCheckGenerated(seeds, 800, reductions, { checks: false, interrupts: true });
      expect(differences).toEqual([]);
      expect(whole.filter(({ states, unreduced }) => states < unreduced).length).toBeGreaterThan(1);
    }
  });

  it('are taken where one ends the shadow of STI, which lets an interrupt in', () => {
    const text = readFileSync('scenarios/stub.yaml', 'utf8');
    const search = searched(buildScenario(loadScenario(text, 'stub.yaml'), { variant: 'sti-nmi' }), 20_000);
    const violation = { property: 'no-use-after-reuse' };
    // As without this reduction, which leaves nine times as many states.
    expect(search.end).toMatchObject({ kind: 'violated', steps: 65, violation });
  });

  it('are taken where the last one of the budget is needed to go on: a CPU that is halted with IF=0', () => {
    const code = 'worker: cli\nhlt\nsti\nsite: call.rel32 old\njmp.rel8 site';
    const search = searched(build({ code }));
    expect(search.end?.kind).toBe('exhausted');
    expect(whyNot(search)).toBe('something may go on by such an interrupt alone');
    expect(search.restarts).toBeGreaterThan(0);
    expect(firstStuck(search)).toBeDefined();
    expect(compared(() => build({ code }))).toMatchObject({ verdict: 'progress', difference: undefined });
    vi.spyOn(Conclusions.prototype, 'isWay').mockReturnValue(true);
    expect(compared(() => build({ code })).difference).toBeDefined();
  });

  it('are taken where somebody else writes to the frame, though it is what was there before', () => {
    // The stack holds the frame that an NMI at `here` pushes. `b` changes the RIP in it if that is `here`.
    const make = () =>
      guests(
        {
          a: 'movl $0x18, -8(%rsp); mov %rsp, -16(%rsp); movl $0x202, -24(%rsp); movl $0x10, -32(%rsp); movq $here, -40(%rsp); here: jmp here',
          b: 'movabs $0xffffc90000010fd8, %rdx; mov $here, %rax; mov $1, %ebx; lock cmpxchg %rbx, (%rdx); over: jmp over',
        },
        'budgets: {reschedule: 0, nmi: 1}\nprofile: ideal',
      );
    expect(make().machine.state(0).rsp).toBe(0xffffc90000011000n);
    const { verdict, difference } = compared(make, ALONE);
    expect([verdict, difference]).toEqual(['no-unhandled-exception after 12 steps', undefined]);
    expect(compared(make).difference).toBeUndefined();
    vi.spyOn(Sharing.prototype, 'areOwn').mockReturnValue(true);
    expect(compared(make, ALONE).difference).toBeDefined();
  });

  it('are taken where a property compares what lies below RSP', () => {
    const code = 'worker:\nsite: push %rbx\npop %rbx\nnop\nnop\nnop\njmp worker';
    const world = { code, called: 'new: ret', site: '{length: 5}' };
    expect(whyNot(searched(build(world)))).toBe('something reads below RSP');
    expect(compared(() => build(world))).toMatchObject({ difference: undefined, verdict: 'site-effect after 7 steps' });
    vi.spyOn(DeadStack.prototype, 'hasToStop', 'get').mockReturnValue(false);
    expect(compared(() => build(world)).difference).toBeDefined();
  });

  it.each<[string, World]>([
    ['something reads below RSP', { body: 'mov -8(%rsp), %rbx' }],
    ['the scenario has checks of its own', { more: 'check: {always: {fine: "worker.rip != 1"}}' }],
    ['the scenario has checks of its own', { more: 'check: {sometimes: {fine: "worker.rip != 1"}}' }],
    ['a goal asks what CPUs are doing', { more: 'algorithm: stop-machine\nprofile: ideal' }],
    ['a CPU may fetch what an interrupt would not let it', { more: 'profile: amd-apm' }],
    ['steps ask what CPUs are doing', { more: 'sync: {defer: [1]}' }],
    ['each CPU has an NMI stack of its own', { more: 'nmi: {stack: ist}' }],
  ])('are taken if %s', (why, world) => {
    expect(whyNot(searched(build(world), 200))).toBe(why);
  });

  it('are no reason to say anything where there are none', () => {
    expect(whyNot(searched(build({ nmi: 0 }), 200))).toBeUndefined();
    expect(whyNot(searched(build({ nmi: 0, body: 'mov -8(%rsp), %rbx' }), 200))).toBeUndefined();
  });
});
