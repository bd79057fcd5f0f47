import { describe, expect, it } from 'vitest';
import type { FetchableText } from '../../src/machine/canonical-text.js';
import { allowsMore } from '../../src/machine/fetch-order.js';
import { buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';
import { Frontier } from '../../src/search/frontier.js';
import { NearestEnd } from '../../src/search/nearest-end.js';
import { ALL_REDUCTIONS, NO_REDUCTIONS, type Reductions } from '../../src/search/reduction/reductions.js';
import { Sharing } from '../../src/search/reduction/sharing.js';
import { Search } from '../../src/search/search.js';
import { bodyBehindSite, siteScenario } from '../site-scenario.js';

/** A patcher and a worker with a private stack that executes `body` between its site and the way back. */
function scenario(body: string, more = ''): string {
  return siteScenario({
    name: 'reduced',
    ...bodyBehindSite(body),
    worker: '{cpu: 1, entry: worker, stack: {private: 4096}}',
    more: `algorithm: text-poke-bp\nprofile: ideal\n${more}`,
  });
}

function searched(text: string, reductions: Reductions = ALL_REDUCTIONS): Search {
  const { machine, monitors } = buildScenario(loadScenario(text, 'reduced.yaml'), {});
  const search = new Search(machine, monitors, {
    limits: { states: 1e6, memory: 2 ** 31 },
    moveCache: true,
    reductions,
  });
  search.advance(Number.POSITIVE_INFINITY);
  return search;
}

describe('A search with reductions', () => {
  it('looks at fewer states and ends in the same way', () => {
    const [reduced, whole] = [searched(scenario('nop')), searched(scenario('nop'), NO_REDUCTIONS)];
    expect([reduced.end?.kind, whole.end?.kind]).toEqual(['exhausted', 'exhausted']);
    expect(reduced.counts.states).toBeLessThan(whole.counts.states / 3);
    expect([...reduced.applied.unused]).toEqual([]);
  });

  it.each([
    ['reads below RSP', 'mov -8(%rsp), %rbx'],
    ['makes room without writing there', 'sub $16, %rsp; add $16, %rsp'],
  ])('forgets nothing on stacks where something %s', (_what, body) => {
    const { applied, restarts } = searched(scenario(body));
    expect(applied.unused.get('dead-stack')).toBe('something reads below RSP');
    expect(restarts).toBeGreaterThan(0);
  });

  it('hides nothing from expressions of the scenario', () => {
    const { applied } = searched(scenario('nop', 'check: {always: {fine: "worker.rax == 0"}}'));
    expect([...applied.unused.keys()]).toEqual([
      'fusion',
      'race-freedom',
      'interrupt-points',
      'silent-stores',
      'dead-stack',
    ]);
  });

  it('accepts interrupts everywhere when a handler is code that may look at what it interrupts', () => {
    const { applied } = searched(scenario('nop', 'handlers: {0x40: handler}'));
    expect([...applied.unused.keys()]).toEqual(['interrupt-points']);
  });
});

describe('Who uses which memory', () => {
  const locality = (owner: number, read: number[], written: number[], text: number[] = []) => ({
    ...{ owner, read, written, text, interruptible: false, ends: false, from: 0n, to: 1n },
  });

  it('is concluded from what was seen, and the conclusion breaks when somebody else comes', () => {
    const sharing = new Sharing(false);
    sharing.note(1, [7], [7]);
    expect(sharing.concernOf(locality(1, [7], [7]))).toBe('private');
    sharing.note(1, [7], [7]);
    expect(sharing.isBroken).toBe(false);
    sharing.note(2, [7], []);
    expect(sharing.isBroken).toBe(true);
    sharing.beginAnew();
    expect([sharing.isBroken, sharing.concernOf(locality(1, [7], [7])), sharing.words]).toEqual([
      false,
      'shared',
      [7 << 3],
    ]);
  });

  it('lets several read what nobody writes, until somebody does', () => {
    const sharing = new Sharing(false);
    for (const owner of [0, 1, -1]) sharing.note(owner, [3], []);
    expect(sharing.concernOf(locality(0, [3], []))).toBe('private');
    sharing.note(-1, [], [3]);
    expect(sharing.isBroken).toBe(true);
  });

  it('covers text byte by byte', () => {
    const sharing = new Sharing(false);
    sharing.textStored(100);
    expect(sharing.concernOf(locality(0, [], [], [99, 101]))).toBe('private');
    expect(sharing.concernOf(locality(0, [], [], [99, 100]))).toBe('shared');
    sharing.textStored(101);
    expect(sharing.isBroken).toBe(true);
  });
});

describe('What may be fetched', () => {
  const version = (time: number, value: number, cpu: number | undefined = time === 0 ? undefined : 0) => ({
    time,
    value,
    cpu,
  });
  const text = (
    versions: readonly (readonly [number, readonly ReturnType<typeof version>[]])[],
    floors: readonly number[],
    now: number,
    unitFloors: readonly ReadonlyMap<number, number>[] = floors.map(() => new Map()),
  ): FetchableText => ({ versions: new Map(versions), floors, now, unitFloors });
  const two = [[8, [version(0, 1), version(1, 2), version(2, 3)]]] as const;
  const one = [[8, [version(0, 2), version(1, 3)]]] as const;

  it('is more with a lower floor, and not the other way round', () => {
    expect(allowsMore(text(two, [0, 1], 2), text(two, [0, 2], 2))).toBe(true);
    expect(allowsMore(text(two, [0, 2], 2), text(two, [0, 1], 2))).toBe(false);
  });

  it('is more with older versions beside the same young ones', () => {
    expect(allowsMore(text(two, [0, 1], 2), text(one, [0, 0], 1))).toBe(true);
    expect(allowsMore(text(one, [0, 0], 1), text(two, [0, 1], 2))).toBe(false);
    expect(allowsMore(text(two, [0, 2], 2), text(one, [0, 0], 1))).toBe(false);
  });

  it('is not comparable where another byte was stored later, or by another CPU, or was something else', () => {
    const late = [...one, [9, [version(0, 5), version(1, 6)]]] as const;
    expect(allowsMore(text(late, [0, 0], 1), text(one, [0, 0], 1))).toBe(false);
    const other = [[8, [version(0, 2), version(1, 3, 1)]]] as const;
    expect(allowsMore(text(other, [0, 0], 1), text(one, [0, 0], 1))).toBe(false);
    const different = [[8, [version(0, 9), version(1, 3)]]] as const;
    expect(allowsMore(text(different, [0, 0], 1), text(one, [0, 0], 1))).toBe(false);
  });

  it('counts floors of units', () => {
    const raised = [new Map<number, number>(), new Map([[8, 1]])];
    expect(allowsMore(text(one, [0, 0], 1, raised), text(one, [0, 0], 1))).toBe(false);
    expect(allowsMore(text(one, [0, 0], 1), text(one, [0, 0], 1, raised))).toBe(true);
    expect(allowsMore(text(one, [0, 0], 1, raised), text(one, [0, 1], 1))).toBe(true);
  });
});

describe('A frontier', () => {
  it('gives the nearest state, and those as near in their order', () => {
    const frontier = new Frontier();
    frontier.add(0, 0);
    const order: number[] = [];
    const more = new Map([
      [
        0,
        [
          [5, 3],
          [6, 1],
          [7, 1],
        ],
      ],
      [
        6,
        [
          [8, 3],
          [9, 2],
        ],
      ],
    ]);
    for (let state = frontier.peek(); state !== undefined; state = frontier.peek()) {
      frontier.take();
      order.push(state);
      for (const [next = 0, distance = 0] of more.get(state) ?? []) frontier.add(next, distance);
    }
    expect(order).toEqual([0, 6, 7, 9, 5, 8]);
  });
});

describe('Of several ends', () => {
  const violated = (property: string, steps: number) => ({
    ...{ kind: 'violated' as const, state: 0, step: undefined, steps },
    violation: { property, step: 0, cpu: 0, address: 0n, bytes: new Uint8Array(), message: '', events: [] },
  });

  it('the nearest counts, then the first of the properties, then the scenario’s own checks', () => {
    const nearest = new NearestEnd();
    for (const end of [
      violated('always fine', 7),
      violated('site-effect', 7),
      violated('no-torn-instruction', 8),
      violated('no-torn-instruction', 7),
      violated('int3-handled', 7),
    ]) {
      nearest.offer(end);
    }
    expect(nearest.end).toMatchObject({ steps: 7, violation: { property: 'no-torn-instruction' } });
    nearest.offer(violated('no-undefined-xmc', 7));
    expect(nearest.end).toMatchObject({ violation: { property: 'no-undefined-xmc' } });
    expect([nearest.before(6), nearest.before(7)?.steps, nearest.before(undefined)?.steps]).toEqual([undefined, 7, 7]);
  });
});
