import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { switchesOf, withFewerSwitches } from '../../../src/explore/shrink/normal-form.js';
import { byCpu, byHandler, bySegment, without } from '../../../src/explore/shrink/removals.js';
import type { Step } from '../../../src/machine/step.js';

/** Steps that are told apart by their choices. */
const steps = (cpus: readonly number[]): Step[] => cpus.map((cpu, choice) => ({ kind: 'procedure', cpu, choice }));
const cpusOf = (schedule: readonly Step[]): string => schedule.map(({ cpu }) => cpu).join('');

describe('orders with fewer changes of CPU', () => {
  it('bring the runs of a CPU together', () => {
    const orders = [...withFewerSwitches(steps([0, 1, 1, 0, 2]))].map(cpusOf);
    expect(orders).toContain('11002');
    expect(orders).toContain('00112');
    expect(orders).toContain('20110');
  });

  it('have the same steps, those of a CPU in their order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { maxLength: 12 }), (cpus) => {
        const all = steps(cpus);
        for (const order of withFewerSwitches(all)) {
          for (const cpu of [0, 1, 2, 3]) {
            const own = (schedule: readonly Step[]) => schedule.filter((step) => step.cpu === cpu);
            expect(own(order)).toEqual(own(all));
          }
        }
      }),
    );
  });

  it('are counted', () => {
    expect([[], [1], [1, 1], [1, 0, 1]].map((cpus) => switchesOf(steps(cpus)))).toEqual([0, 0, 0, 2]);
  });
});

describe('what is left out together', () => {
  const execution = { steps: steps([0, 1, 1, 0, 1]), depths: [1, 1, 2, 1, 1], places: ['', '', '', '', ''], stale: 0 };

  it('is what a CPU does, or does between two changes, or in a handler', () => {
    expect(byCpu(execution)).toEqual([
      [0, 3],
      [1, 2, 4],
    ]);
    expect(bySegment(execution)).toEqual([[0], [1, 2], [3], [4]]);
    expect(byHandler(execution)).toEqual([[1, 2]]);
  });

  it('is left out', () => {
    expect(cpusOf(without(execution.steps, [[0], [4]]))).toBe('110');
  });
});
