import { describe, expect, it } from 'vitest';
import { checkAll } from '../../src/api/check.js';
import { run } from '../../src/api/run.js';
import { readSchedule } from '../../src/api/schedule-text.js';
import { loadScenario } from '../../src/scenario/load.js';
import { SMALL } from '../cli/small-scenario.js';
import { Workshop } from '../cli/xmc.js';

const shop = new Workshop();
shop.write('small.yaml', SMALL);
const small = loadScenario(SMALL, 'small.yaml');

describe('The library and the program', () => {
  it('check to the same results, and to the same schedules', async () => {
    const { stdout } = await shop.xmc(['check', 'small.yaml', '--json']);
    const { variants } = JSON.parse(stdout);
    const results = [];
    for await (const result of checkAll(small)) {
      const { variant, text, expected, asExpected, states, transitions, depth, frontier, properties } = result;
      const told = variants.find((each: { variant: string }) => each.variant === variant);
      expect(told).toMatchObject({ states, transitions, depth, frontier, properties, asExpected });
      expect(text.startsWith(told.verdict)).toBe(true);
      expect(told.expected.verdict).toBe(expected?.verdict);
      if (result.verdict === 'violated') {
        const { steps, preemptions, schedule } = result.counterexample;
        expect(told.counterexample).toMatchObject({ steps, preemptions });
        const { source, ...written } = await readSchedule(shop.read(told.counterexample.schedule));
        expect({ ...schedule, source: undefined }).toEqual({ ...written, source: undefined });
        expect(source).toMatchObject(schedule.source);
      }
      results.push(variant);
    }
    expect(results).toEqual(variants.map((each: { variant: string }) => each.variant));
  });

  it('execute to the same end', async () => {
    const args = [
      '--variant',
      'naive',
      '--scheduler',
      'pct',
      '--seed',
      '3',
      '--runs',
      '20',
      '--steps',
      '200',
      '--json',
    ];
    const { stdout } = await shop.xmc(['run', 'small.yaml', ...args]);
    const { text, scheduler, executions, steps, end, hash } = await run(small, {
      variant: 'naive',
      scheduler: 'pct',
      seed: 3,
      runs: 20,
      steps: 200,
    });
    const { variants } = JSON.parse(stdout);
    expect(text.startsWith(variants[0].verdict)).toBe(true);
    expect(variants).toMatchObject([{ scheduler, executions, steps, end, hash }]);
  });
});
