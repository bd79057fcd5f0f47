import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RandomScheduler } from '../../src/explore/random-scheduler.js';
import { run } from '../../src/explore/run.js';
import { buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';

const FILE = 'scenarios/call-swap.yaml';
const loaded = loadScenario(readFileSync(new URL(`../../${FILE}`, import.meta.url), 'utf8'), FILE);
const SEEDS = 300;
const STEPS = 6000;

function endOf(variant: string, seed: number): string {
  const { machine, monitors } = buildScenario(loaded, { variant });
  const { end } = run(machine, monitors, new RandomScheduler(seed), STEPS);
  return end.kind === 'violated' ? end.violation.property : end.kind;
}

describe('random schedules of call-swap, many of them', () => {
  it(`find no violation of text_poke_bp with ${SEEDS} seeds`, () => {
    const ends = new Set(Array.from({ length: SEEDS }, (_, seed) => endOf('text-poke-bp', seed)));
    expect([...ends]).toEqual(['limit']);
  });

  it(`find the torn instruction of memcpy with nearly each of ${SEEDS} seeds`, () => {
    const ends = Array.from({ length: SEEDS }, (_, seed) => endOf('memcpy', seed));
    const torn = ends.filter((end) => end === 'no-torn-instruction');
    expect(torn.length).toBeGreaterThan(0.95 * SEEDS);
    expect(ends.filter((end) => end !== 'no-torn-instruction' && end !== 'limit' && end !== 'finished')).toEqual([]);
  });
});
