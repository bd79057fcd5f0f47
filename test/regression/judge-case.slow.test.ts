import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Schedule } from '../../src/explore/schedule-file.js';
import type { CaseReport } from '../../src/report/case-report.js';
import { caseSummary, failureText } from '../../src/report/case-text.js';
import { loadScenario } from '../../src/scenario/load.js';
import { judged, MemoryShelf, raceSchedule } from './judged.js';
import { swapBy } from './swap-scenario.js';

/** What came of it, and the states that were searched. */
function brief({ outcome }: CaseReport): unknown {
  return outcome.kind === 'passed' || outcome.kind === 'failed'
    ? { kind: outcome.kind, searched: outcome.states !== undefined }
    : { kind: outcome.kind };
}

let race: Schedule;

beforeAll(async () => {
  race = await raceSchedule();
});

/** A shelf on which the race is. */
function shelfWithRace(): MemoryShelf {
  const shelf = new MemoryShelf();
  shelf.schedules = [race];
  return shelf;
}

describe('a variant that nothing is expected of', () => {
  it('fails when it is violated, and the schedule is kept', async () => {
    const shelf = new MemoryShelf();
    const report = await judged(swapBy('memcpy'), shelf);
    expect(brief(report)).toEqual({ kind: 'failed', searched: true });
    expect(shelf.schedules).toHaveLength(1);
    expect(failureText(report)).toMatch(/^VIOLATED no-torn-instruction, 3 steps; expected verified\n/);
    expect(failureText(report)).toContain(' step  CPU 0 ');
    expect(failureText(report)).toMatch(/ {2}schedule {2}kept-0\n {2}replay {4}xmc replay kept-0$/);
  });

  it('fails without a search as long as the kept schedule violates', async () => {
    const shelf = shelfWithRace();
    const report = await judged(swapBy('memcpy'), shelf, { maxStates: 1 });
    expect(brief(report)).toEqual({ kind: 'failed', searched: false });
    expect(caseSummary(report)).toBe('VIOLATED no-torn-instruction, 3 steps, as kept in kept-0; expected verified');
    expect(shelf.schedules).toEqual([race]);
  });

  it('fails by the kept schedule although the text has changed around the site', async () => {
    const loaded = swapBy('memcpy', undefined, 'nop\n');
    expect(brief(await judged(loaded, shelfWithRace(), { maxStates: 1 }))).toEqual({ kind: 'failed', searched: false });
  });

  it('is checked once the kept schedule is not possible any more, and the schedule stays', async () => {
    const shelf = shelfWithRace();
    const report = await judged(swapBy('aligned-store'), shelf);
    expect(brief(report)).toEqual({ kind: 'passed', searched: true });
    expect(report.settled).toEqual([
      {
        file: 'kept-0',
        isOpen: false,
        unfit: { step: 2, recorded: 'cpu0 proc 1 "memcpy: store one byte"', found: expect.any(String) },
      },
    ]);
    expect(shelf.schedules).toEqual([race]);
  });

  it('is checked when the kept schedule is possible and violates nothing', async () => {
    const shelf = new MemoryShelf();
    shelf.schedules = [{ ...race, steps: race.steps.slice(0, 1) }];
    const report = await judged(swapBy('aligned-store'), shelf);
    expect(brief(report)).toEqual({ kind: 'passed', searched: true });
    expect(report.settled).toEqual([{ file: 'kept-0', unfit: undefined, isOpen: false }]);
  });

  it('keeps another race beside the one that is settled', async () => {
    const shelf = new MemoryShelf();
    const settled = { ...race, steps: race.steps.slice(0, 1) };
    shelf.schedules = [settled];
    const report = await judged(swapBy('memcpy'), shelf);
    expect(brief(report)).toEqual({ kind: 'failed', searched: true });
    expect(shelf.schedules.map(({ steps }) => steps.length)).toEqual([1, 3]);
  });

  it('is neither passed nor failed when the search comes to its limit, and nothing is kept or removed', async () => {
    const settled = { ...race, steps: race.steps.slice(0, 1) };
    for (const update of [false, true]) {
      const shelf = new MemoryShelf();
      shelf.schedules = [settled];
      const report = await judged(swapBy('aligned-store'), shelf, { maxStates: 5, update });
      expect(caseSummary(report)).toBe('INCONCLUSIVE limit of 5 states');
      expect(shelf.schedules).toEqual([settled]);
    }
  });

  it('tells what was found although it cannot be kept', async () => {
    const shelf = new MemoryShelf();
    shelf.full = true;
    const report = await judged(swapBy('memcpy'), shelf);
    expect(brief(report)).toEqual({ kind: 'failed', searched: true });
    expect(report.unwritten?.message).toBe('cannot write kept: no space left on the device');
    expect(failureText(report)).toContain('error: cannot write kept: no space left on the device');
  });
});

describe('a variant that is expected to be violated', () => {
  it('passes when it is, and nothing is kept', async () => {
    const shelf = new MemoryShelf();
    const report = await judged(swapBy('memcpy', { violated: 'no-torn-instruction' }), shelf);
    expect(brief(report)).toEqual({ kind: 'passed', searched: true });
    expect(shelf.schedules).toEqual([]);
  });

  it('passes at once by a kept schedule that violates what is expected', async () => {
    const loaded = swapBy('memcpy', { violated: 'no-torn-instruction' });
    expect(brief(await judged(loaded, shelfWithRace()))).toEqual({ kind: 'passed', searched: false });
  });

  it('is checked when the kept schedule violates something else', async () => {
    const report = await judged(swapBy('memcpy', { violated: 'site-effect' }), shelfWithRace());
    expect(brief(report)).toEqual({ kind: 'failed', searched: true });
    expect(caseSummary(report)).toBe('VIOLATED no-torn-instruction, 3 steps; expected violated site-effect');
  });

  it('fails when it is verified, without a counterexample', async () => {
    const shelf = new MemoryShelf();
    const report = await judged(swapBy('aligned-store', { violated: 'no-torn-instruction' }), shelf);
    expect(brief(report)).toEqual({ kind: 'failed', searched: true });
    expect(failureText(report)).toMatch(/^VERIFIED exhaustive, [0-9]+ states; expected violated no-torn-instruction$/);
    expect(shelf.schedules).toEqual([]);
  });
});

describe('a variant that violates progress', () => {
  const stuck = loadScenario(
    readFileSync('scenarios/progress.yaml', 'utf8')
      .replace(/\nvariants:[\s\S]*$/, '\n')
      .replace('algorithm: text-poke-bp', 'algorithm: int3-retries'),
    'progress.yaml',
  );

  it('is never called mended by its schedule, which is kept once', async () => {
    const shelf = new MemoryShelf();
    const first = await judged(stuck, shelf);
    expect(caseSummary(first)).toMatch(/^VIOLATED progress, /);
    expect(shelf.schedules.map(({ end }) => end.kind)).toEqual(['limit']);
    const again = await judged(stuck, shelf);
    expect(shelf.schedules).toHaveLength(1);
    expect(again.settled).toEqual([{ file: 'kept-0', unfit: undefined, isOpen: true }]);
    expect(failureText(again)).toContain('kept-0 ends without a violation, as it was recorded; progress is judged by');
    expect(failureText(again)).toContain('  schedule  kept-0\n');

    const [kept] = shelf.schedules;
    if (kept === undefined) throw new Error('nothing is kept');
    shelf.schedules = [{ ...kept, steps: kept.steps.slice(0, 1) }];
    expect(brief(await judged(stuck, shelf))).toEqual({ kind: 'failed', searched: true });
    expect(shelf.schedules).toHaveLength(1);
  });
});

it('keeps no schedule twice when it shows something else than what is expected', async () => {
  const shelf = shelfWithRace();
  await judged(swapBy('memcpy', { violated: 'site-effect' }), shelf);
  expect(shelf.schedules).toEqual([race]);
});

describe('an update', () => {
  it('removes what is settled when the variant passes', async () => {
    const shelf = shelfWithRace();
    expect(brief(await judged(swapBy('aligned-store'), shelf, { update: true }))).toMatchObject({ kind: 'passed' });
    expect(shelf.schedules).toEqual([]);
  });

  it('makes nothing pass: it keeps what the check finds', async () => {
    const shelf = new MemoryShelf();
    shelf.schedules = [{ ...race, steps: race.steps.slice(0, 1) }, race];
    const report = await judged(swapBy('memcpy'), shelf, { update: true });
    expect(brief(report)).toEqual({ kind: 'failed', searched: true });
    expect(shelf.schedules.map(({ steps }) => steps.length)).toEqual([3]);
  });
});

it('refuses a schedule of another variant', async () => {
  const shelf = new MemoryShelf();
  shelf.schedules = [{ ...race, variant: 'other' }];
  expect(failureText(await judged(swapBy('memcpy'), shelf))).toBe(
    'kept-0: error: a schedule of swap-by, variant other, but schedules of swap-by are kept under this name',
  );
});

it('refuses a schedule that was recorded under another profile', async () => {
  const shelf = new MemoryShelf();
  shelf.schedules = [{ ...race, profile: 'paranoid' }];
  expect(failureText(await judged(swapBy('memcpy'), shelf))).toBe(
    "kept-0: error: recorded under the profile paranoid, but the case is checked under the scenario's profile",
  );
});
