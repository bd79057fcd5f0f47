import { describe, expect, it } from 'vitest';
import { type BuiltScenario, buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';
import { PlainSearch } from '../../src/search/plain-search.js';
import { firstStuck } from '../../src/search/progress.js';
import { Search } from '../../src/search/search.js';
import type { SearchEnd } from '../../src/search/search-end.js';
import { shortestWay } from '../../src/search/shortest-way.js';
import { stuckGroup } from '../../src/search/stuck-group.js';
import { stepsOfWay } from '../../src/search/way-steps.js';
import { ALL_MEMORY, fastFindings, plainFindings } from './engines.js';
import { guests } from './guests.js';

const LIMITS = { states: 10_000, memory: ALL_MEMORY };

function searched({ machine, monitors }: BuiltScenario): Search {
  const search = new Search(machine, monitors, { limits: LIMITS, moveCache: true });
  while (search.advance(1000) === undefined);
  return search;
}

const violated = (search: Search): Extract<SearchEnd, { kind: 'violated' }> => {
  if (search.end?.kind !== 'violated') throw new Error(`the search ended otherwise: ${search.end?.kind}`);
  return search.end;
};

describe('A search', () => {
  it('ends before the first step where the first state violates a property, whether anything can happen or not', () => {
    for (const line of ['hlt', 'cli; hlt']) {
      const world = (): BuiltScenario =>
        guests({ a: line }, 'budgets: {reschedule: 0}\ncheck: {always: {never: "a.rip == 5"}}');
      const [plain, fast] = [world(), world()];
      const engines = [new PlainSearch(plain.machine, plain.monitors, LIMITS), searched(fast)];
      for (const engine of engines) {
        expect(engine.advance(10)).toMatchObject({ kind: 'violated', state: 0, step: undefined });
        expect(engine.counts).toMatchObject({ states: 1, transitions: 0, depth: 0 });
      }
    }
  });

  it('has the same depth on both engines where the first state of a layer leads to a violation', () => {
    const world = (): BuiltScenario =>
      guests({ a: 'nop; nop; inc %rax; hlt' }, 'budgets: {reschedule: 0}\ncheck: {always: {zero: "a.rax == 0"}}');
    const limits = { states: 1000, first: true };
    const plain = plainFindings(world(), limits);
    expect(plain).toMatchObject({ depth: 2, states: 3 });
    expect(fastFindings(world(), limits, true)).toEqual(plain);
  });

  it('goes on elsewhere after a violation if somebody says so', () => {
    const more = 'budgets: {reschedule: 0}\ncheck: {always: {one: "u32[word] != 1", two: "u32[word] != 2"}}';
    const code = { a: 'movl $1, word(%rip); hlt', b: 'movl $2, word(%rip); hlt' };
    const limits = { states: 1000, first: false };
    const plain = plainFindings(guests(code, more), limits);
    expect(plain.end).toBe('exhausted');
    expect(plain.ended.map((end) => end.split(' by ')[0])).toEqual(['always one violated', 'always two violated']);
    expect(fastFindings(guests(code, more), limits, true)).toEqual(plain);
  });

  it('that reaches its limit of states says so, and no more', () => {
    const { machine, monitors } = guests({ a: 'inc %rax; jmp a' }, 'budgets: {reschedule: 0}');
    const limits = { states: 50, memory: ALL_MEMORY };
    const search = new Search(machine, monitors, { limits, moveCache: true });
    expect(search.advance(1000)).toEqual({ kind: 'limit', limit: 'states' });
    expect(search.counts.states).toBe(51);
  });
});

describe('The shortest way', () => {
  const more = (nmi: number): string =>
    `budgets: {reschedule: 0, nmi: ${nmi}}\ncheck: {always: {both: "not (a.halted and u32[word] == 1)"}}`;
  const code = { a: 'hlt; jmp a', b: 'movl $1, word(%rip); jmp b' };
  const way = (search: Search): ReturnType<typeof shortestWay> => {
    const { state, violation } = violated(search);
    const length = search.states.distanceOf(state) + 1;
    return shortestWay(search, { length, arrives: (move) => move.violation?.property === violation.property });
  };

  it.each([0, 1])('leaves a halted CPU for nothing, also one that an NMI could wake: %i left', (nmi) => {
    const search = searched(guests(code, more(nmi)));
    const { steps, preemptions } = way(search);
    expect(steps.map(({ cpu }) => cpu)).toEqual([0, 1]);
    expect(preemptions).toBe(0);
  });

  it('counts a change from a CPU that could go on', () => {
    const search = searched(
      guests(
        { a: 'nop; nop; movl $1, word(%rip); jmp a', b: 'nop; cmpl $1, word(%rip); je f; jmp b; f: mov $1, %ebx' },
        `
budgets: {reschedule: 0}
check: {always: {seen: "b.rbx == 0"}}`,
      ),
    );
    const { steps, preemptions } = way(search);
    expect(steps.map(({ cpu }) => cpu)).toEqual([0, 0, 0, 1, 1, 1, 1]);
    expect(preemptions).toBe(1);
  });

  it('counts a change from a CPU of whose store to text not every byte is seen yet', () => {
    const text = `scenario: held
text:
  - base: 0xffffffff81000007
    writable: yes
    asm: |
      site:   .byte 0, 0
      writer: movw $0x74b8, site(%rip)
              hlt
      reader: mov $1, %ebx
              hlt
cpus: 2
tasks: {reader: {cpu: 0, entry: reader, if: 0}, writer: {cpu: 1, entry: writer, if: 0}}
algorithm: memcpy
budgets: {reschedule: 0}
profile: {name: ideal, store-boundary: 8}
check: {always: {half: "not (u16[site] == 0xb8 and reader.rbx == 1)"}}
`;
    const { steps, preemptions } = way(searched(buildScenario(loadScenario(text, 'held.yaml'))));
    expect([steps.length, preemptions]).toEqual([3, 1]);
  });

  it('is a schedule that the machine follows to the violation', () => {
    const search = searched(guests(code, more(1)));
    const { steps } = way(search);
    const again = guests(code, more(1));
    stepsOfWay(again.machine, steps);
    expect(again.monitors.violation?.property).toBe('always both');
  });
});

describe('Progress', () => {
  const scenario = (worker: string): BuiltScenario =>
    buildScenario(
      loadScenario(
        `scenario: sync
text:
  - base: 0xffffffff8100c0c0
    asm: |
      worker: ${worker.replaceAll('; ', '\n              ')}
      site:   .nops 5
      old:    ret
sites: {site: {clobbers: [rax]}}
cpus: 2
tasks:
  patcher: {cpu: 0, procedure: patch}
  worker:  {cpu: 1, entry: worker, if: 0}
patch: [{site: site, new: "call.rel32 old"}]
budgets: {reschedule: 0}
`,
        'sync.yaml',
      ),
    );

  it('is violated where a CPU never turns interrupts on while a patcher waits for its ack', () => {
    const search = searched(scenario('nop; jmp worker'));
    expect(search.end).toEqual({ kind: 'exhausted' });
    const stuck = firstStuck(search);
    expect(stuck).toBeDefined();
    const group = stuckGroup(search, stuck ?? 0);
    expect(group).toHaveLength(2);
    for (const state of group) {
      search.restore(state);
      expect(search.machine.procedureAt(0)?.label).toBe('wait for all acks');
    }
    const other = scenario('nop; jmp worker');
    const plain = new PlainSearch(other.machine, other.monitors, LIMITS);
    while (plain.advance(1000) === undefined);
    expect(plain.firstStuck()).toBe(stuck);
  });

  it('holds where the CPU turns them on again and again', () => {
    const search = searched(scenario('sti; nop; cli; jmp worker'));
    expect(search.end).toEqual({ kind: 'exhausted' });
    expect(firstStuck(search)).toBeUndefined();
  });
});
