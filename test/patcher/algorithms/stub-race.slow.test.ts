import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { GZIP_PACKER } from '../../../src/cli/io/file-packer.js';
import { RandomScheduler } from '../../../src/explore/random-scheduler.js';
import { recordRun } from '../../../src/explore/recorded-run.js';
import { Replay } from '../../../src/explore/replay.js';
import { formatSchedule } from '../../../src/explore/schedule-file/format.js';
import { parseSchedule } from '../../../src/explore/schedule-file/parse.js';
import { buildScenario } from '../../../src/scenario/build/build.js';
import { loadScenario } from '../../../src/scenario/load.js';
import { type Build, runTwice } from '../../explore/run-twice.js';

const FILE = 'scenarios/stub.yaml';
const TEXT = readFileSync(new URL(`../../../${FILE}`, import.meta.url), 'utf8');
const SEEDS = 1000;
const build: Build = (backend) => buildScenario(loadScenario(TEXT, FILE), { variant: 'plain', backend });

it(`The race of mail 002 in the plain stub is found within ${SEEDS} seeds, and its schedule file replays`, () => {
  const { machine, monitors } = build('wasm');
  const start = machine.save();
  const violated = (seed: number): boolean => {
    machine.restore(start);
    const scheduler = new RandomScheduler(seed);
    for (let steps = 0; steps < 3000 && monitors.violation === undefined; steps++) {
      const step = scheduler.next(machine);
      if (step === undefined) return false;
      machine.apply(step);
    }
    return monitors.violation !== undefined;
  };
  const seed = Array.from({ length: SEEDS }, (_, number) => number).find(violated);
  if (seed === undefined) throw new Error(`not found by ${SEEDS} seeds`);

  const { end, schedule } = runTwice(build, () => new RandomScheduler(seed), 3000);
  expect(end).toMatchObject({ kind: 'violated', violation: { property: 'no-use-after-reuse' } });
  const recorded = build('wasm');
  const text = formatSchedule(
    {
      scenario: 'stub',
      variant: 'plain',
      profile: undefined,
      randomSeed: undefined,
      scheduler: `random seed ${seed}`,
      ...recordRun(recorded.machine, recorded.monitors, schedule),
      source: { name: FILE, text: TEXT },
      files: new Map(),
    },
    GZIP_PACKER,
  );
  const parsed = parseSchedule([...text].join(''), 'stub.plain.schedule', GZIP_PACKER);
  for (const backend of ['wasm', 'bigint'] as const) {
    const again = build(backend);
    expect(new Replay(again.machine, again.monitors, parsed).advance(3000)).toMatchObject({ kind: 'reproduced' });
  }
});
