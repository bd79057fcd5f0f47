import { describe, expect, it } from 'vitest';
import { executionSeed } from '../../../src/explore/hunt/execution-seed.js';
import type { Chooser } from '../../../src/explore/strategy/chooser.js';
import { preemptionsOf } from '../../../src/explore/strategy/preemption-counter.js';
import { rehearse } from '../../../src/explore/strategy/rehearsal.js';
import { STRATEGIES, STRATEGY_NAMES, type StrategyName, strategyOf } from '../../../src/explore/strategy/strategies.js';
import { formatStep, type Step } from '../../../src/machine/step.js';
import { World } from '../../machine/world.js';
import { built } from '../call-swap.js';

const LENGTH = 400;

/** Text_poke_bp, without reschedules. */
function world() {
  const made = built('text-poke-bp');
  made.machine.budgets.set('reschedule', 0);
  return made;
}

/** An execution of text_poke_bp under a strategy. */
function execution(name: StrategyName, seed: number, preemptions?: number): Step[] {
  const { machine } = world();
  const start = machine.save();
  const rehearsal = rehearse(machine, LENGTH);
  machine.restore(start);
  const chooser: Chooser = STRATEGIES[name](seed, { rehearsal, preemptions });
  const steps: Step[] = [];
  while (steps.length < LENGTH) {
    const step = chooser.next(machine, machine);
    machine.memory.footprint = undefined;
    if (step === undefined) break;
    expect(machine.isEnabled(step)).toBe(true);
    machine.apply(step);
    steps.push(step);
  }
  return steps;
}

describe.each(STRATEGY_NAMES)('the strategy %s', (name) => {
  const text = (seed: number): string => execution(name, seed).map(formatStep).join('\n');

  it('makes the same execution of the same seed, of enabled steps', () => {
    expect(text(7)).toBe(text(7));
  });

  it('makes other executions of other seeds', () => {
    expect(new Set([1, 2, 3, 4].map(text)).size).toBe(4);
  });

  it('lets everybody who can do something come to his turn: the patch goes on, and so do the workers', () => {
    const cpus = [1, 2, 3, 4, 5, 6].flatMap((seed) => execution(name, seed)).map(({ cpu }) => cpu);
    for (const cpu of [0, 1, 2]) expect(cpus.filter((other) => other === cpu).length).toBeGreaterThan(50);
  });

  it('chooses nothing where nothing is enabled', () => {
    const { machine } = new World({ asm: 'here: hlt', tasks: ['here'] }).insn();
    const rehearsal = { length: 10, interesting: [1], storing: new Set<string>(), returning: undefined };
    expect(STRATEGIES[name](1, { rehearsal, preemptions: undefined }).next(machine, machine)).toBeUndefined();
  });
});

describe('--preemptions', () => {
  it.each(STRATEGY_NAMES.filter((name) => name !== 'pct'))('bounds those of %s, but for leaving loops', (name) => {
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      // No loop of four instructions comes round to its beginning within three steps.
      const short = execution(name, seed, 0).slice(0, 4);
      expect(preemptionsOf(world().machine, short)).toBe(0);
    }
  });

  it('leaves the executions of a strategy as they are where it does not bind', () => {
    const steps = (preemptions?: number): string[] => execution('uniform', 3, preemptions).map(formatStep);
    expect(steps(1000)).toEqual(steps());
    expect(steps(2)).not.toEqual(steps());
  });
});

describe('an execution', () => {
  it('depends on the seed of the hunt, its number and its strategy', () => {
    const seed = executionSeed(1, 5, 'pct');
    expect(executionSeed(1, 5, 'pct')).toBe(seed);
    const others = [executionSeed(2, 5, 'pct'), executionSeed(1, 6, 'pct'), executionSeed(1, 5, 'pos')];
    for (const other of others) expect(other).not.toBe(seed);
    const many = new Set(Array.from({ length: 10_000 }, (_, i) => executionSeed(1, i + 1, 'uniform')));
    expect(many.size).toBeGreaterThan(9990);
  });

  it('of a portfolio has each strategy in turn', () => {
    const names = [1, 2, 3, 4, 5, 6].map((number) => strategyOf('portfolio', number));
    expect(names).toEqual(['uniform', 'pct', 'pos', 'surw', 'starve', 'uniform']);
    expect(strategyOf('pos', 4)).toBe('pos');
  });
});
