import { describe, expect, it } from 'vitest';
import { Memory } from '../../src/memory/memory.js';
import { fastOutcomes, plainOutcomes } from './every-outcome.js';
import { loadCases, rulesFor } from './litmus-case.js';
import { LitmusWorld } from './litmus-world.js';

/** One machine after the other is built in these: new memories cost more than most cases. */
const memories = { wasm: new Memory(16), bigint: new Memory(16) };

describe.each(loadCases())('$name', (litmus) => {
  const world = (rule: string, backend: 'wasm' | 'bigint'): LitmusWorld =>
    new LitmusWorld(litmus, rulesFor(litmus, rule), backend, memories[backend]);

  it('lies where it says', () => {
    const placed = world('coherent', 'bigint');
    for (const [label, { length, straddles }] of Object.entries(litmus.sites)) {
      const first = placed.at(label);
      const last = first + BigInt(length - 1);
      const boundaries = [1, 4, 8, 16, 64, 4096].filter((unit) => first / BigInt(unit) !== last / BigInt(unit));
      expect(boundaries, label).toEqual(straddles);
    }
  });

  it.each(litmus.expectations)('ends under $rule as it must', ({ rule, outcomes }) => {
    const { disagreements, outcomes: found } = plainOutcomes(world(rule, 'bigint'));
    expect(disagreements).toEqual([]);
    expect([...found.keys()].sort(), `schedules: ${JSON.stringify([...found], null, 1)}`).toEqual(outcomes);
    expect([...fastOutcomes(world(rule, 'wasm')).outcomes.keys()].sort(), 'of the fast engine').toEqual(outcomes);
  });
});
