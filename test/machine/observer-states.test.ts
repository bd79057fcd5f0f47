import { describe, expect, it } from 'vitest';
import { ObserverStates } from '../../src/machine/observer-states.js';
import { InternedWords } from '../../src/memory/interned-words.js';

type States = readonly (readonly unknown[])[];

/** Observers whose states are whatever the test says. */
function observers(first: States): { states: States; numbered: ObserverStates } {
  const world = { states: first };
  const observed = {
    save: () => world.states,
    restore: (states: States) => {
      world.states = states;
    },
    renamed: (states: States) => states,
    concerning: (states: States) => states,
  };
  return Object.assign(world, { numbered: new ObserverStates(observed, new InternedWords()) });
}

describe('The states of observers', () => {
  it('have one number for equal data, however often they are built anew', () => {
    const world = observers([[{ a: [1n] }, 'x'], []]);
    const first = world.numbered.read();
    world.states = [[{ a: [1n] }, 'x'], []];
    expect(world.numbered.read()).toBe(first);
    world.states = [[{ a: [2n] }, 'x'], []];
    expect(world.numbered.read()).not.toBe(first);
  });

  it('have other numbers where the same data are in other lists, or where there are fewer of them', () => {
    const all: readonly States[] = [[], [[]], [[], []], [[1], []], [[], [1]], [[1, 2]], [[1], [2]], [[1]], [[2, 1]]];
    const world = observers([]);
    const numbers = all.map((states) => {
      world.states = states;
      return world.numbered.read();
    });
    expect(new Set(numbers).size).toBe(all.length);
  });

  it('are looked at again when only the end of a list was cut off', () => {
    const shared = { n: 1 };
    const world = observers([[shared, { n: 2 }]]);
    const first = world.numbered.read();
    world.states = [[shared]];
    expect(world.numbered.read()).not.toBe(first);
  });

  it('come back by their number', () => {
    const world = observers([[{ n: 1 }]]);
    const first = world.numbered.read();
    world.states = [[{ n: 2 }]];
    const second = world.numbered.read();
    world.numbered.write(first);
    expect(world.states).toEqual([[{ n: 1 }]]);
    expect(world.numbered.read()).toBe(first);
    world.numbered.write(second);
    expect(world.states).toEqual([[{ n: 2 }]]);
  });
});
