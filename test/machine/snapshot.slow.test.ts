import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainKey } from '../../src/search/plain-key.js';
import type { PatchSetup } from '../patcher/patch-world.js';
import { apply, CALL_SWAP, GUEST_HANDLERS, type Subject, subject, walk } from './walk.js';

const choices = (max: number): fc.Arbitrary<number[]> =>
  fc.array(fc.nat(1023), { minLength: 1, maxLength: max, size: 'max' });

/** Everything that can be asked of a machine and its monitors. */
function observable(one: Subject): unknown {
  const { machine, monitors } = one;
  return {
    key: plainKey(machine, machine.save()),
    hash: machine.hash(),
    enabled: machine.enabled(),
    steps: machine.steps,
    stopped: machine.stopped,
    violation: monitors.violation?.property,
    rips: machine.cpus.map(({ rip, rsp, rflags }) => [rip, rsp, rflags]),
    textTime: machine.memory.text.now,
    procedures: machine.cpus.map((_, cpu) => machine.procedureAt(cpu)),
  };
}

const SETUPS: readonly (readonly [string, PatchSetup, readonly number[]])[] = [
  ['text_poke_bp and two workers', CALL_SWAP, []],
  ['handlers in guest code', GUEST_HANDLERS, [0x40]],
];

for (const [what, setup, vectors] of SETUPS) {
  describe(`a snapshot, with ${what}`, () => {
    it('brings everything back, and the same steps lead to the same again', () => {
      const one = subject(setup);
      fc.assert(
        fc.property(choices(120), choices(120), choices(60), (before, after, elsewhere) => {
          walk(one, before, vectors);
          const saved = one.machine.save();
          const there = observable(one);
          one.happened.length = 0;
          const { moves, hashes } = walk(one, after, vectors);
          const first = [...one.happened];
          const end = observable(one);

          one.machine.restore(saved);
          expect(observable(one)).toEqual(there);
          walk(one, elsewhere, vectors);
          one.machine.restore(saved);
          expect(observable(one)).toEqual(there);

          one.happened.length = 0;
          const again = moves.map((move) => {
            apply(one, move);
            return one.machine.hash();
          });
          expect(again).toEqual(hashes);
          expect(one.happened).toEqual(first);
          expect(observable(one)).toEqual(end);
        }),
        { numRuns: 25, seed: 1 },
      );
    });

    it('of several may be restored in any order', () => {
      const one = subject(setup);
      fc.assert(
        fc.property(
          fc.array(choices(30), { minLength: 2, maxLength: 5 }),
          fc.array(fc.nat(4), { maxLength: 8 }),
          (walks, order) => {
            const saved = walks.map((numbers) => {
              walk(one, numbers, vectors);
              return { snapshot: one.machine.save(), state: observable(one) };
            });
            for (const index of order) {
              const { snapshot, state } = saved[index % saved.length] ??
                saved[0] ?? { snapshot: one.machine.save(), state: {} };
              one.machine.restore(snapshot);
              expect(observable(one)).toEqual(state);
              walk(one, [index, 3, 5, 7], vectors);
            }
          },
        ),
        { numRuns: 15, seed: 2 },
      );
    });

    it('is not changed by what happens after it was taken', () => {
      const one = subject(setup);
      walk(
        one,
        Array.from({ length: 100 }, (_, i) => 37 * i),
        vectors,
      );
      const saved = one.machine.save();
      const copy = structuredClone(saved);
      walk(
        one,
        Array.from({ length: 200 }, (_, i) => 41 * i),
        vectors,
      );
      expect(saved).toEqual(copy);
    });

    it('may reuse the arrays of one that is not needed any more', () => {
      const one = subject(setup);
      walk(one, [1, 2, 3, 4, 5], vectors);
      const kept = one.machine.save();
      const state = observable(one);
      walk(one, [9, 8, 7, 6, 5], vectors);
      const thrownAway = one.machine.save();
      walk(
        one,
        Array.from({ length: 150 }, (_, i) => 43 * i),
        vectors,
      );
      const reusing = one.machine.save(thrownAway);
      const later = observable(one);
      one.machine.restore(kept);
      expect(observable(one)).toEqual(state);
      one.machine.restore(reusing);
      expect(observable(one)).toEqual(later);
    });
  });

  describe(`a schedule, with ${what}`, () => {
    it('determines everything: the same steps on another machine give the same events and hashes', () => {
      fc.assert(
        fc.property(choices(250), (numbers) => {
          const [one, other] = [subject(setup), subject(setup)];
          const { moves, hashes } = walk(one, numbers, vectors);
          for (const [index, move] of moves.entries()) {
            apply(other, move);
            expect(other.machine.hash()).toBe(hashes[index]);
          }
          expect(other.happened).toEqual(one.happened);
          expect(observable(other)).toEqual(observable(one));
        }),
        { numRuns: 8, seed: 3 },
      );
    });

    it('gives the same events, hashes and enabled steps on both backends', () => {
      fc.assert(
        fc.property(choices(400), (numbers) => {
          const [wasm, bigint] = [subject(setup, 'wasm'), subject(setup, 'bigint')];
          const { moves, hashes } = walk(wasm, numbers, vectors);
          for (const [index, move] of moves.entries()) {
            apply(bigint, move);
            if (bigint.machine.hash() !== hashes[index]) expect(observable(bigint)).toEqual(`hash ${hashes[index]}`);
          }
          expect(bigint.happened).toEqual(wasm.happened);
          expect(bigint.machine.enabled()).toEqual(wasm.machine.enabled());
          expect(bigint.monitors.violation).toEqual(wasm.monitors.violation);
        }),
        { numRuns: 12, seed: 4 },
      );
    });
  });
}

describe('the walks of these tests', () => {
  it('go where it matters: text is patched, INT3 executed, interrupts nest', () => {
    const numbers = Array.from({ length: 3000 }, (_, i) => (i * 7919) % 1021);
    const swap = subject(CALL_SWAP);
    walk(swap, numbers, []);
    expect(swap.machine.memory.text.now).toBeGreaterThan(10);
    expect(swap.happened.filter((event) => event.includes('"exception":3')).length).toBeGreaterThan(2);
    expect(swap.monitors.violation).toBeUndefined();
    const handlers = subject(GUEST_HANDLERS);
    let deepest = 0;
    for (const number of numbers) {
      walk(handlers, [number], [0x40]);
      deepest = Math.max(deepest, handlers.machine.context(1).depth, handlers.machine.context(2).depth);
    }
    expect(deepest).toBeGreaterThanOrEqual(3);
    expect(handlers.happened.filter((event) => event.includes('"halt"')).length).toBeGreaterThan(1);
    expect(handlers.monitors.violation).toBeUndefined();
  });
});
