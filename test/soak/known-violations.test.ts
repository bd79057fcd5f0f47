import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Hunt } from '../../src/explore/hunt/hunt.js';
import { type HuntStrategy, STRATEGY_NAMES } from '../../src/explore/strategy/strategies.js';
import { built } from '../explore/call-swap.js';

const text = (name: string): string => readFileSync(new URL(`../../scenarios/${name}.yaml`, import.meta.url), 'utf8');

/** Hunts until something is found, or so many executions are done. */
function hunt(scenario: string, variant: string, strategy: HuntStrategy, executions: number): Hunt {
  const { machine, monitors, sites, symbols, scenario: read } = built(variant, 'wasm', text(scenario));
  const { steps = 20_000 } = read;
  const made = new Hunt(machine, monitors, { sites, symbols }, { strategy, seed: 1, steps });
  while (made.catches.length === 0 && made.executions < executions) made.advance();
  return made;
}

describe.each(STRATEGY_NAMES)('a hunt by %s', (strategy) => {
  it.each([
    ['call-swap', 'memcpy', 10, /^no-torn-instruction$/],
    ['stub', 'plain', 60, /^no-use-after-reuse$/],
    ['stub', 'forgot-if', 60, /^no-use-after-reuse$/],
    ['matrix/text-poke-bp-no-sync2', 'call-h9', 60, /^(quiesced-after-return|int3-handled|monotone-per-cpu)$/],
  ])('finds what is wrong with %s, variant %s, in %i executions', (scenario, variant, executions, property) => {
    const { catches } = hunt(scenario, variant, strategy, executions);
    expect(catches).toMatchObject([{ property: expect.stringMatching(property), place: expect.any(String) }]);
  });
});

describe('a hunt', () => {
  it.each(['pct', 'surw'] as const)('by %s finds the NMI in the shadow of STI', (strategy) => {
    const { catches } = hunt('stub', 'sti-nmi', strategy, 1000);
    expect(catches).toMatchObject([{ property: 'no-use-after-reuse', place: 'stub' }]);
  });

  it('by portfolio finds it too', () => {
    const { catches } = hunt('stub', 'sti-nmi', 'portfolio', 1000);
    expect(catches).toMatchObject([{ property: 'no-use-after-reuse', place: 'stub' }]);
    expect(['pct', 'surw', 'pos']).toContain(catches[0]?.first.strategy);
  });

  it.each([
    ['stub', 'text-poke-bp', 100],
    ['stub', 'sti', 100],
    ['call-swap', 'text-poke-bp', 15],
  ])('finds nothing where nothing is wrong: %s, variant %s', (scenario, variant, executions) => {
    const { catches, goals, standstill } = hunt(scenario, variant, 'portfolio', executions);
    expect([catches, standstill]).toEqual([[], undefined]);
    expect(goals.filter(({ reached }) => !reached)).toEqual([]);
  });
});
