import { describe, expect, it } from 'vitest';
import { executionSeed } from '../../../src/explore/hunt/execution-seed.js';
import type { Chooser } from '../../../src/explore/strategy/chooser.js';
import { Pct } from '../../../src/explore/strategy/pct.js';
import { Pos } from '../../../src/explore/strategy/pos.js';
import { rehearse } from '../../../src/explore/strategy/rehearsal.js';
import { STRATEGIES } from '../../../src/explore/strategy/strategies.js';
import { Surw } from '../../../src/explore/strategy/surw.js';
import { procedure } from '../../../src/machine/procedure.js';
import type { Step } from '../../../src/machine/step.js';
import { DATA_PAGE, World } from '../../machine/world.js';

/** Executes to the end, from the same state each time. */
function executions(world: World, count: number, chooser: (seed: number) => Chooser): Step[][] {
  const { machine } = world;
  const start = machine.save();
  return Array.from({ length: count }, (_, seed) => {
    machine.restore(start);
    const choose = chooser(executionSeed(1, seed + 1, 'uniform'));
    const steps: Step[] = [];
    for (;;) {
      const step = choose.next(machine, machine);
      machine.memory.footprint = undefined;
      if (step === undefined || steps.length >= 500) return steps;
      machine.apply(step);
      steps.push(step);
    }
  });
}

/** Two CPUs that do five steps each. */
const twoLines = (): World => {
  const line = (name: string) =>
    procedure(name, (p) => {
      for (const label of ['1', '2', '3', '4', '5']) p.step(label, () => {});
    });
  return new World({ cpus: 2, tasks: [line('a'), line('b')] });
};

/** The steps of an execution by CPU and number: `a2`. */
function named(steps: readonly Step[]): string[] {
  const done = [0, 0];
  return steps.map(({ cpu }) => {
    done[cpu] = (done[cpu] ?? 0) + 1;
    return `${cpu === 0 ? 'a' : 'b'}${done[cpu]}`;
  });
}

/** Whether some steps come in an order. */
function inOrder(steps: readonly string[], ...order: readonly string[]): boolean {
  const places = order.map((name) => steps.indexOf(name));
  return places.every((place, i) => i === 0 || place > (places[i - 1] ?? 0));
}

const share = (items: readonly boolean[]): number => items.filter(Boolean).length / items.length;

describe('pct', () => {
  const n = 2;
  const k = 10;
  const pct = (depth: number) => (seed: number) => new Pct(seed, { length: k, changePoints: depth - 1 });
  const bugs: readonly (readonly [depth: number, order: readonly string[]])[] = [
    [1, ['b5', 'a1']],
    [2, ['a2', 'b3', 'a3']],
    [2, ['b4', 'a1', 'b5']],
    [3, ['a2', 'b3', 'a3', 'b4']],
    [3, ['b1', 'a4', 'b2', 'a5']],
  ];

  it.each(bugs)(
    'meets a bug of depth %i with the probability that is guaranteed, 1/(n k^(d-1)): %s',
    (depth, order) => {
      const count = 6000;
      const met = executions(twoLines(), count, pct(depth)).map((steps) => inOrder(named(steps), ...order));
      const guaranteed = 1 / (n * k ** (depth - 1));
      // These bugs are as hard to meet as any of their depth: the share may lie a little below.
      const deviation = Math.sqrt((guaranteed * (1 - guaranteed)) / count);
      expect(share(met)).toBeGreaterThanOrEqual(guaranteed - 2 * deviation);
    },
  );

  it('never meets one that is deeper than its change points allow', () => {
    const met = executions(twoLines(), 2000, pct(1)).map((steps) => inOrder(named(steps), 'a2', 'b3', 'a3'));
    expect(share(met)).toBe(0);
  });

  it('goes away from a CPU that awaits, whatever its priority', () => {
    const once = procedure('once', (p) => p.step('once', () => {}));
    const world = new World({ asm: 'here: pause; jmp here', cpus: 2, tasks: ['here', once] });
    for (const steps of executions(world, 20, pct(1))) {
      const at = steps.findIndex(({ cpu }) => cpu === 1);
      expect(at).toBeGreaterThanOrEqual(0);
      expect(at).toBeLessThan(8);
    }
  });

  it('keeps the events of the environment for points of their own', () => {
    const idle = procedure('nmi', (p) => p.step('iretq', (c) => c.host.interruptReturn(c.cpu)));
    const world = new World({ asm: `here: ${'nop; '.repeat(40)} hlt`, tasks: ['here'], idt: { 2: idle } });
    world.machine.budgets.set('nmi', 1);
    const all = executions(world, 600, (seed) => new Pct(seed, { length: 40, changePoints: 0 }));
    const places = all.map((steps) => steps.findIndex(({ kind }) => kind === 'nmi'));
    for (const [from, to] of [
      [0, 10],
      [10, 20],
      [20, 30],
      [30, 40],
    ] as const) {
      expect(places.filter((place) => place >= from && place < to).length).toBeGreaterThan(10);
    }
  });

  it('tries them where interrupts are held in a shadow', () => {
    const idle = procedure('nmi', (p) => p.step('iretq', (c) => c.host.interruptReturn(c.cpu)));
    const asm = `here: ${'nop; '.repeat(20)} sti; ${'nop; '.repeat(20)} hlt`;
    const rules = { nmiHeldInStiShadow: false } as const;
    const world = new World({ asm, tasks: ['here'], idt: { 2: idle }, if: 0, rules });
    world.machine.budgets.set('nmi', 1);
    const all = executions(world, 600, (seed) => new Pct(seed, { length: 40, changePoints: 0 }));
    // Anywhere alike would be one in 40.
    expect(share(all.map((steps) => steps.findIndex(({ kind }) => kind === 'nmi') === 21))).toBeGreaterThan(0.1);
  });
});

describe('uniform', () => {
  it('gives every CPU the same chance at every step', () => {
    const rehearsal = rehearse(twoLines().machine, 100);
    const all = executions(twoLines(), 2000, (seed) => STRATEGIES.uniform(seed, { rehearsal, preemptions: undefined }));
    const b = share(all.map((steps) => steps[0]?.cpu === 1));
    expect(b).toBeGreaterThan(0.46);
    expect(b).toBeLessThan(0.54);
    const alternating = share(all.map((steps) => inOrder(named(steps), 'a1', 'b1', 'a2')));
    expect(alternating).toBeGreaterThan(0.2);
  });
});

describe('surw', () => {
  it('makes all orders of the interesting steps about equally likely, however many others there are', () => {
    const asm = `a: nop; nop; hlt; .skip 100; b: ${'inc %eax; '.repeat(12)} b2: nop; nop; hlt`;
    const make = (): World => {
      const world = new World({ asm, cpus: 2, tasks: ['a', 'b'] });
      for (const label of ['a', 'b2']) world.machine.watched.add(world.at(label), world.at(label) + 2n);
      return world;
    };
    const rehearsal = rehearse(make().machine, 100);
    expect(rehearsal.interesting).toEqual([2, 2]);
    const all = executions(make(), 3000, (seed) => new Surw(seed, rehearsal));
    const orders = new Map<string, number>();
    for (const steps of all) {
      const b = steps.filter(({ cpu }) => cpu === 1);
      const special = steps.filter((step) => step.cpu === 0 || b.indexOf(step) >= 12);
      // Without the two HLTs.
      const seen = { 0: 0, 1: 0 } as Record<number, number>;
      const order = special
        .filter(({ cpu }) => {
          seen[cpu] = (seen[cpu] ?? 0) + 1;
          return (seen[cpu] ?? 0) <= 2;
        })
        .map(({ cpu }) => cpu)
        .join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect([...orders.keys()].sort()).toEqual(['0011', '0101', '0110', '1001', '1010', '1100']);
    for (const count of orders.values()) {
      expect(count / 3000).toBeGreaterThan(0.13);
      expect(count / 3000).toBeLessThan(0.2);
    }
  });
});

describe('pos', () => {
  /** A store, and a load behind many steps that concern nobody. */
  const race = (): World =>
    new World({
      asm: `store: movb $1, (%rbx); hlt; load: ${'inc %ecx; '.repeat(10)} movb (%rbx), %al; hlt`,
      cpus: 2,
      tasks: ['store', 'load'],
    });

  it('meets a load that overtakes a store although much lies before it', () => {
    const world = race();
    for (const cpu of world.machine.cpus) cpu.setGpr('rbx', DATA_PAGE);
    const all = executions(world, 1000, (seed) => new Pos(seed));
    const late = share(all.map((steps) => steps.slice(0, 11).every(({ cpu }) => cpu === 1)));
    // A uniform choice would do so once in 2^11.
    expect(late).toBeGreaterThan(0.05);
    expect(late).toBeLessThan(0.2);
  });
});
