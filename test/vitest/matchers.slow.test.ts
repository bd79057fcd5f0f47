import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { check } from '../../src/api/check.js';
import type { Schedule } from '../../src/explore/schedule-file.js';
import '../../src/vitest/index.js';
import { scenarioSuite } from '../../src/vitest/index.js';
import { toBeVerified } from '../../src/vitest/matchers.js';
import { Workshop } from '../cli/xmc.js';
import { swapBy } from '../regression/swap-scenario.js';

const workshop = new Workshop();
const race = swapBy('memcpy');
const fixed = swapBy('aligned-store');
/** Nothing is left beside this test. */
const LEAVE = { keep: false } as const;

/** What a matcher says when it is not met. */
async function messageOf(matched: Promise<void>): Promise<string> {
  try {
    await matched;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('it is met');
}

describe('toBeVerified', () => {
  it('is met by a scenario that is verified', async () => {
    await expect(fixed).toBeVerified(LEAVE);
  });

  it('tells the trace of a violation', async () => {
    const message = await messageOf(expect(race).toBeVerified(LEAVE));
    expect(message).toMatch(/^VIOLATED no-torn-instruction, 3 steps; expected verified\n/);
    expect(message).toMatch(/\n {4}3 +site: call old\+0x[0-9a-f]+\n/);
  });

  it('keeps a violation beside the test, under the name of the test and of the scenario', async () => {
    for (const name of ['a.test.ts', 'b.test.ts']) {
      const { pass } = await toBeVerified.call({ ...expect.getState(), testPath: join(workshop.path, name) }, race);
      expect(pass).toBe(false);
    }
    expect(readdirSync(join(workshop.path, '__schedules__')).sort()).toEqual([
      'a.test.ts.swap-by.schedule',
      'b.test.ts.swap-by.schedule',
    ]);
  });

  it('is not met by what is inconclusive', async () => {
    const message = await messageOf(expect(fixed).toBeVerified({ ...LEAVE, maxStates: 5 }));
    expect(message).toMatch(/^INCONCLUSIVE limit of 5 states\n/);
  });

  it('refuses .not', async () => {
    expect(await messageOf(expect(race).not.toBeVerified(LEAVE))).toMatch(
      /^\.not\.toBeVerified is not there: say what/,
    );
  });

  it('refuses what is no scenario, no variant and no option', async () => {
    expect(await messageOf(expect('scenario').toBeVerified(LEAVE))).toMatch(/^expect\(\) needs a scenario here/);
    const unknown = await messageOf(expect(fixed).toBeVerified({ ...LEAVE, variant: 'x' }));
    expect(unknown).toContain("scenario 'swap-by' has no variant 'x'");
    expect(await messageOf(expect(fixed).toBeVerified({ ...LEAVE, maxStates: 0 }))).toContain(
      'maxStates: expected an integer',
    );
  });
});

describe('toViolate', () => {
  it('is met by a violation of the property, and of any', async () => {
    await expect(race).toViolate('no-torn-instruction');
    await expect(race).toViolate();
  });

  it('is not met by a verified or inconclusive scenario, nor by another violation', async () => {
    expect(await messageOf(expect(fixed).toViolate())).toMatch(/^VERIFIED exhaustive, .* expected violated$/);
    expect(await messageOf(expect(fixed).toViolate('no-torn-instruction', { maxStates: 5 }))).toMatch(/^INCONCLUSIVE/);
    expect(await messageOf(expect(race).toViolate('site-effect'))).toMatch(
      /^VIOLATED no-torn-instruction, 3 steps; expected violated site-effect\n/,
    );
  });

  it('with .not is met by a verification alone', async () => {
    await expect(fixed).not.toViolate('no-torn-instruction', LEAVE);
    expect(await messageOf(expect(race).not.toViolate('no-torn-instruction', LEAVE))).toMatch(/^VIOLATED/);
    expect(await messageOf(expect(fixed).not.toViolate('site-effect', { ...LEAVE, maxStates: 5 }))).toMatch(
      /^INCONCLUSIVE/,
    );
    expect(await messageOf(expect(race).not.toViolate('site-effect', LEAVE))).toMatch(
      /^a check ends at its first violation, so that nothing is known of site-effect/,
    );
  });

  it('refuses a property that is not there, or not checked', async () => {
    expect(await messageOf(expect(race).toViolate('no-torn'))).toContain('no property is called "no-torn"');
    expect(await messageOf(expect(fixed).not.toViolate('shadow-stack', LEAVE))).toBe(
      'the scenario is not checked for shadow-stack: properties: {enable: [shadow-stack]} asks for it',
    );
  });
});

describe('toReplay', () => {
  let schedule: Schedule;

  beforeAll(async () => {
    const result = await check(race);
    if (result.verdict !== 'violated') throw new Error('there is no race');
    ({ schedule } = result.counterexample);
  });

  it('is met as long as the schedule leads to its violation', async () => {
    await expect(race).toReplay(schedule);
    await expect(swapBy('memcpy', undefined, 'nop\n')).toReplay(schedule);
    await expect(fixed).not.toReplay(schedule);
  });

  it('follows a schedule under the profile that it was recorded under', async () => {
    const result = await check(fixed, { profile: 'paranoid' });
    if (result.verdict !== 'violated') throw new Error('there is no race');
    const { schedule: recorded } = result.counterexample;
    await expect(fixed).toReplay(recorded);
    expect(await messageOf(expect(fixed).not.toReplay(recorded))).toContain('it leads to violated no-torn-instruction');
  });

  it('says at which step it is stale', async () => {
    expect(await messageOf(expect(fixed).toReplay(schedule))).toMatch(
      /^expected the schedule to lead to violated no-torn-instruction\n {2}the schedule is stale at step 2: cpu0 proc 1 "memcpy: store one byte"/,
    );
  });

  it('with .not tells the trace', async () => {
    const message = await messageOf(expect(race).not.toReplay(schedule));
    expect(message).toMatch(/^expected the schedule not to lead to violated no-torn-instruction; it leads to/);
    expect(message).toContain(' step  CPU 0 ');
  });

  it('reproduces what ended otherwise state by state', async () => {
    const begun = { ...schedule, steps: schedule.steps.slice(0, 1) };
    const hash = begun.steps[0]?.hash ?? '';
    await expect(race).toReplay({ ...begun, end: { kind: 'limit', hash } });
    expect(
      await messageOf(expect(fixed).toReplay({ ...begun, end: { kind: 'limit', hash: hash.replace(/./g, '0') } })),
    ).toMatch(/^the schedule diverges at step [12]: expected /);
  });

  it('reads a file beside the test, and refuses one that is not there', async () => {
    expect(await messageOf(expect(race).toReplay('./nowhere.schedule'))).toBe(
      'test/vitest/nowhere.schedule: error: cannot be read: no such file or directory',
    );
  });
});

describe('toHaveTrace', () => {
  it('compares the trace with a file', async () => {
    await expect(race).toHaveTrace();
    await expect(race).toHaveTrace('./__traces__/swap-by.trace');
  });

  it('is not met by what is not violated', async () => {
    expect(await messageOf(expect(fixed).toHaveTrace())).toMatch(/^VERIFIED exhaustive, .* expected violated$/);
  });
});

describe('a suite', () => {
  scenarioSuite(['scenario-suite/*.yaml'], { root: fileURLToPath(new URL('.', import.meta.url)) });

  it('is refused when no file is there', () => {
    expect(() => scenarioSuite('nowhere/*.yaml')).toThrow('no scenario file matches nowhere/*.yaml');
  });
});
