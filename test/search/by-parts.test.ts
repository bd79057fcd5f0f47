import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StateVector } from '../../src/machine/state-vector.js';
import { ByParts, OWN_OBSERVERS } from '../../src/search/by-parts.js';

const LENGTH = 6;
const CPUS = 2;
const OBSERVERS = 2;
/** What concerns a CPU of what the observers know: one bit. */
const concern = (observers: number, block: number, cpu: number): number => (observers >> (cpu + (block & 1))) & 1;
const VECTOR = { observersPart: OBSERVERS, observersOf: concern } as unknown as StateVector;

const cpu = fc.nat(CPUS - 1);
const state = fc.array(fc.nat(2), { minLength: LENGTH, maxLength: LENGTH }).map((ids) => Int32Array.from(ids));
const parts = fc
  .subarray([3, 4, 5])
  .chain((more) => fc.constantFrom([OWN_OBSERVERS], [OBSERVERS], []).map((own) => [own, more]));
const line = fc.constantFrom(0, 64, 128);
const happening = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      cpu,
      state,
      parts,
      unwritten: fc.uniqueArray(line, { maxLength: 2 }),
      more: fc.array(fc.nat(9), { maxLength: 4 }),
    }),
  },
  { weight: 2, arbitrary: line },
  { weight: 1, arbitrary: fc.constant('clear' as const) },
);

/** What is known, as a list that is gone through. */
interface Known {
  readonly cpu: number;
  readonly parts: readonly number[];
  readonly ids: readonly number[];
  readonly unwritten: readonly number[];
  readonly tag: number;
  readonly more: readonly number[];
}

const idsOf = (of: readonly number[], ids: Int32Array, who: number): number[] =>
  of.map((part) => (part === OWN_OBSERVERS ? concern(ids[OBSERVERS] ?? 0, ids[who] ?? 0, who) : (ids[part] ?? 0)));

describe('What is known of CPUs by parts of states', () => {
  it('is found in every state that has the same numbers there, and in no other', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 40 }), fc.array(state, { minLength: 5 }), (happenings, asked) => {
        const entries = new ByParts(CPUS, VECTOR);
        let known: Known[] = [];
        for (const [tag, happened] of happenings.entries()) {
          if (happened === 'clear') {
            entries.clear();
            known = [];
          } else if (typeof happened === 'number') {
            entries.written(happened);
            known = known.filter(({ unwritten }) => !unwritten.includes(happened));
          } else {
            const { cpu: who, state: ids, more } = happened;
            const [own = [], others = []] = happened.parts;
            const dependsOn = [...own, who, ...others].sort((a, b) => a - b);
            const unwritten = [...happened.unwritten].sort((a, b) => a - b);
            // Who adds something has asked for it.
            if (entries.find(ids, LENGTH, who) >= 0) continue;
            entries.add(ids, LENGTH, who, { parts: dependsOn, unwritten }, tag, more);
            known.push({ cpu: who, parts: dependsOn, ids: idsOf(dependsOn, ids, who), unwritten, tag, more });
          }
        }
        for (const ids of [...asked, ...happenings.flatMap((each) => (typeof each === 'object' ? [each.state] : []))])
          for (let who = 0; who < CPUS; who++) {
            const right = known.filter(
              (each) => each.cpu === who && each.ids.join() === idsOf(each.parts, ids, who).join(),
            );
            const entry = entries.find(ids, LENGTH, who);
            if (right.length === 0) expect(entry).toBe(-1);
            else {
              const tag = entries.tagOf(entry);
              const found = right.find((each) => each.tag === tag);
              const at = entries.moreOf(entry, found?.more.length ?? 0);
              expect([...entries.words.subarray(at, at + (found?.more.length ?? 0))]).toEqual(found?.more);
            }
          }
      }),
    );
  });

  it('is not found again when something else is added that depends on the same', () => {
    const entries = new ByParts(CPUS, VECTOR);
    const add = (block: number, tag: number) =>
      entries.add(Int32Array.of(block), 1, 0, { parts: [0], unwritten: [64] }, tag);
    const tag = (block: number) => {
      const entry = entries.find(Int32Array.of(block), 1, 0);
      return entry < 0 ? undefined : entries.tagOf(entry);
    };
    add(1, 5);
    add(2, 6);
    entries.written(64);
    expect([tag(1), tag(2)]).toEqual([undefined, undefined]);
    add(1, 7);
    expect([tag(1), tag(2)]).toEqual([7, undefined]);
  });

  it('is found by vectors that are cut before parts that are 0', () => {
    const entries = new ByParts(CPUS, VECTOR);
    entries.add(Int32Array.of(1, 2, 3, 0, 0), 3, 0, { parts: [0, 4] }, 5);
    expect(entries.find(Int32Array.of(1, 2, 3, 0, 0), 5, 0)).toBeGreaterThanOrEqual(0);
    expect(entries.find(Int32Array.of(1, 9, 9, 9, 9), 4, 0)).toBeGreaterThanOrEqual(0);
    expect(entries.find(Int32Array.of(1, 2, 3, 0, 1), 5, 0)).toBe(-1);
  });

  it('stays as it was read when there is room for more, or all is forgotten', () => {
    const entries = new ByParts(CPUS, VECTOR);
    const vector = (number: number): Int32Array => Int32Array.of(number, 0, 0);
    entries.add(vector(0), 3, 0, { parts: [0] }, 7, [11, 12]);
    const { words } = entries;
    const at = entries.moreOf(entries.find(vector(0), 3, 0), 2);
    for (let number = 1; number < 5000; number++) entries.add(vector(number), 3, 0, { parts: [0] }, number, [number]);
    for (let number = 1; number < 5000; number++) {
      const entry = entries.find(vector(number), 3, 0);
      expect([entries.tagOf(entry), entries.words[entries.moreOf(entry, 1)]]).toEqual([number, number]);
    }
    entries.clear();
    entries.add(vector(1), 3, 0, { parts: [0] }, 7, [13, 14]);
    expect([...words.subarray(at, at + 2)]).toEqual([11, 12]);
    expect(entries.find(vector(2), 3, 0)).toBe(-1);
  });
});
