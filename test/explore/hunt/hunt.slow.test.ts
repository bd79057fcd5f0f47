import { describe, expect, it } from 'vitest';
import { Hunt, type HuntOptions } from '../../../src/explore/hunt/hunt.js';
import { STRATEGY_NAMES } from '../../../src/explore/strategy/strategies.js';
import { formatStep, type Step } from '../../../src/machine/step.js';
import { built, CALL_SWAP } from '../call-swap.js';

const OPTIONS: HuntOptions = { strategy: 'portfolio', seed: 1, steps: 2000 };

function hunted(variant: string, executions: number, options: Partial<HuntOptions> = {}, text = CALL_SWAP) {
  const { machine, monitors, sites, symbols } = built(variant, 'wasm', text);
  const hunt = new Hunt(machine, monitors, { sites, symbols }, { ...OPTIONS, ...options });
  while (hunt.executions < executions) hunt.advance();
  return hunt;
}

const texts = (steps: readonly Step[] = []): string[] => steps.map(formatStep);

describe('a hunt', () => {
  it('finds a violation, and says who found it and how often', () => {
    const { catches, tallies, executions } = hunted('memcpy', 25);
    expect(executions).toBe(25);
    const torn = catches.find(({ property }) => property === 'no-torn-instruction');
    expect(torn).toMatchObject({ place: 'site' });
    expect([...tallies.keys()].sort()).toEqual([...STRATEGY_NAMES].sort());
    for (const tally of tallies.values()) expect(tally.executions).toBe(5);
    const counted = catches.flatMap(({ by }) => [...by.values()]).reduce((sum, { count }) => sum + count, 0);
    const violated = [...tallies.values()].reduce((sum, tally) => sum + tally.violated, 0);
    expect(counted).toBe(violated);
    expect(violated).toBeGreaterThan(5);
    for (const { first, by } of catches) expect(by.get(first.strategy)?.first).toBe(first.execution);
  });

  it('finds the same whenever it is done', () => {
    const what = () => {
      const { catches, steps, goals } = hunted('memcpy', 15);
      return {
        steps,
        goals,
        catches: catches.map(({ first, ...rest }) => ({ ...rest, steps: texts(first.schedule) })),
      };
    };
    expect(what()).toEqual(what());
  });

  it('makes an execution that depends on its number, its strategy and the seed alone', () => {
    const inPortfolio = hunted('memcpy', 10);
    for (const { first } of inPortfolio.catches) {
      const alone = hunted('memcpy', first.execution, { strategy: first.strategy });
      const same = alone.catches.map((other) => texts(other.first.schedule).join());
      // An earlier execution of the strategy alone may have found the same.
      const isSame = same.includes(texts(first.schedule).join());
      const isEarlier = alone.catches.some((other) => other.first.execution < first.execution);
      expect(isSame || isEarlier).toBe(true);
    }
    const other = hunted('memcpy', 10, { seed: 2 });
    expect(other.catches.map(({ first }) => texts(first.schedule))).not.toEqual(
      inPortfolio.catches.map(({ first }) => texts(first.schedule)),
    );
  });

  it('finds nothing where nothing is wrong, and reaches the goals', () => {
    const { catches, goals, standstill, steps, executions } = hunted('text-poke-bp', 10);
    expect(catches).toEqual([]);
    expect(standstill).toBeUndefined();
    expect(goals.filter(({ reached }) => !reached)).toEqual([]);
    expect(steps).toBeGreaterThan(1000);
    expect(steps).toBeLessThanOrEqual(executions * OPTIONS.steps);
  });

  it('ends an execution soon after the last patch returned, unless it is told not to', () => {
    const short = CALL_SWAP.replace('repeat: 20', 'repeat: 1');
    const early = hunted('text-poke-bp', 5, {}, short);
    expect(early.steps).toBeLessThan(5 * OPTIONS.steps);
    expect(hunted('text-poke-bp', 5, { toTheEnd: true }, short).steps).toBe(5 * OPTIONS.steps);
  });

  it('remembers the first execution that could not go on', () => {
    const text = CALL_SWAP.replace('old:   mov $1, %eax', 'old:   addps %xmm0, %xmm1');
    const { standstill, catches } = hunted('text-poke-bp', 5, {}, text);
    expect(catches).toEqual([]);
    expect(standstill).toMatchObject({ execution: 1, strategy: 'uniform', end: { kind: 'unsupported' } });
  });

  it('leaves nothing behind that would slow the machine down', () => {
    const { machine, monitors, sites, symbols } = built('memcpy');
    const hunt = new Hunt(machine, monitors, { sites, symbols }, { ...OPTIONS, strategy: 'pos' });
    hunt.advance();
    expect(machine.memory.footprint).toBeUndefined();
  });
});
