import { describe, expect, it } from 'vitest';
import type { BuiltScenario } from '../../src/scenario/build/build.js';
import { FewestPreemptions } from '../../src/search/fewest-preemptions.js';
import { Search } from '../../src/search/search.js';
import type { StepGraph } from '../../src/search/step-graph.js';
import { ALL_MEMORY } from './engines.js';
import {
  compareGenerated,
  fewest,
  LIMITS,
  searchForFewest,
  searchOf,
  shortestOf,
} from './fewest-preemptions-generated.js';
import { guests } from './guests.js';

/** `a` has to stop between its stores for a short violation; `b` gets there in a longer way once `a` is halted. */
const detour = (): BuiltScenario =>
  guests(
    {
      a: 'movl $1, word(%rip); movl $2, word(%rip); nop; nop; hlt',
      b: 'mov word(%rip), %ebx; cmp $2, %ebx; jne b; mov $1, %ebx; hlt',
    },
    'budgets: {reschedule: 0}\ncheck: {always: {one: "b.rbx != 1"}}',
  );
const ONE = 'always one';

describe('The way with the fewest preemptions', () => {
  it('may be longer than the shortest', () => {
    expect(shortestOf(detour(), 10_000)).toMatchObject({ property: ONE, steps: { length: 2 }, preemptions: 1 });
    const found = fewest(detour(), ONE, 20, 1);
    // All of `a`, and then `b` up to its last store.
    if (found.kind !== 'found') throw new Error(found.kind);
    expect(found.steps.map(({ cpu }) => cpu)).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1]);
    expect(found.preemptions).toBe(0);
  });

  it('may come to a state with more preemptions and in fewer steps than another way, which leads on too far', () => {
    // With a preemption `b` helps `a` to its end; without one `a` goes through the NOPs and comes to the same state.
    const a = 'movl $1, word+4(%rip); cmpl $1, word(%rip); je s; nop; nop; nop; nop; movl $1, word(%rip)';
    const code = {
      a: `${a}; s: xor %eax, %eax; mov $1, %ecx; hlt`,
      b: 'cmpl $1, word+4(%rip); jne e; movl $1, word(%rip); e: xor %ebx, %ebx; hlt',
    };
    const built = () =>
      guests(code, 'budgets: {reschedule: 0}\ncheck: {always: {one: "not (a.rcx == 1 and b.halted)"}}');
    expect(fewest(built(), ONE, 14, 2)).toMatchObject({ kind: 'found', preemptions: 0, steps: { length: 14 } });
    expect(fewest(built(), ONE, 13, 2)).toMatchObject({ kind: 'found', preemptions: 1, steps: { length: 10 } });
  });

  it('is not looked for behind its bound, nor when nothing can be fewer', () => {
    expect(fewest(detour(), ONE, 9, 1).kind).toBe('found');
    expect(fewest(detour(), ONE, 8, 1)).toEqual({ kind: 'none' });
    expect(fewest(detour(), ONE, 20, 0)).toEqual({ kind: 'none' });
    expect(fewest(detour(), 'always two', 20, 3)).toEqual({ kind: 'none' });
  });

  it.each([
    ['states', { states: 3, memory: ALL_MEMORY }],
    ['memory', { states: 1000, memory: 1 }],
  ] as const)('is not found within a limit of %s, which says so', (limit, limits) => {
    const search = searchForFewest(searchOf(detour()), { property: ONE, mostSteps: 20, fewerThan: 1 }, limits);
    expect(search.advance(1000)).toEqual({ kind: 'limit', limit });
    expect(search.preemptions).toBe(0);
  });

  it('is looked for in all states if something turns out to read what was forgotten', () => {
    // It is read in a step that the search before does not come to.
    const built = guests(
      {
        a: 'movl $1, word(%rip); movl $2, word(%rip); nop; nop; nop; nop; mov -8(%rsp), %rbx; hlt',
        b: 'mov word(%rip), %ebx; cmp $2, %ebx; jne b; ud2',
      },
      'budgets: {reschedule: 0}',
    );
    const wanted = { property: 'no-unhandled-exception', mostSteps: 12, fewerThan: 1 };
    const search = searchOf(built, new Set(['dead-stack']));
    expect(search.advance(1e6)).toMatchObject({ kind: 'violated', steps: 6 });
    expect(search.applied.unused.get('dead-stack')).toBeUndefined();
    let begunAnew = 0;
    const whole = (): StepGraph => {
      begunAnew++;
      return searchOf(built).singleSteps();
    };
    const found = new FewestPreemptions(search.singleSteps(), wanted, LIMITS, whole).advance(1e6);
    expect(begunAnew).toBe(1);
    expect(found).toMatchObject({ kind: 'found', preemptions: 0, steps: { length: 12 } });
  });

  it('is the same behind a search that went over to fingerprints, of whose states nothing is left', () => {
    const { machine, monitors } = detour();
    const fingerprints = { bits: 64, seed: 0, chunk: 1, states: 3 };
    const search = new Search(machine, monitors, { limits: LIMITS, moveCache: true, fingerprints });
    expect(search.advance(1e6)).toMatchObject({ kind: 'violated', steps: 2 });
    expect(search.states.fingerprints?.exactly).toBe(3);
    expect(search.isKept(0)).toBe(false);
    const wanted = { property: ONE, mostSteps: 20, fewerThan: 1 };
    expect(searchForFewest(search, wanted).advance(1e6)).toEqual(fewest(detour(), ONE, 20, 1));
    expect([search.states.count, search.states.fingerprints, search.isKept(0)]).toEqual([1, undefined, true]);
    search.restore(0);
    expect(machine.hash()).toBe(detour().machine.hash());
  });

  it('replays in generated scenarios, has as few as a search by lengths finds, and never more than the shortest', () => {
    const { compared, fewer } = compareGenerated(9000, 25);
    expect(compared).toBeGreaterThan(2);
    expect(fewer).toBeGreaterThan(2);
  });
});
