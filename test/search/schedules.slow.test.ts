import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { GZIP_PACKER } from '../../src/cli/io/file-packer.js';
import { Replay } from '../../src/explore/replay.js';
import { parseSchedule } from '../../src/explore/schedule-file/parse.js';
import { PROGRESS } from '../../src/property/progress.js';
import { buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';

const SCENARIOS = fileURLToPath(new URL('../../scenarios', import.meta.url));
const SCHEDULES = fileURLToPath(new URL('../schedules', import.meta.url));
const filesIn = (folder: string, end: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(end))
    .map((path) => path.split(sep).join('/'))
    .sort();

/** Every variant of a committed scenario that a check finds violated, and the file of its counterexample. */
const violated = filesIn(SCENARIOS, '.yaml').flatMap((path) => {
  const loaded = loadScenario(readFileSync(join(SCENARIOS, path), 'utf8'), path);
  const folder = path.includes('/') ? `${path.slice(0, path.lastIndexOf('/'))}/` : '';
  return loaded.variants.flatMap((variant) => {
    const { expect: expected } = loaded.variant(variant);
    if (expected?.verdict !== 'violated') return [];
    return [{ file: `${folder}${loaded.name}.${variant}.schedule`, property: expected.property }];
  });
});

describe('the committed counterexamples', () => {
  it('are there for every variant that is expected to be violated, and for no other', () => {
    expect(filesIn(SCHEDULES, '.schedule')).toEqual(violated.map(({ file }) => file).sort());
  });

  it.each(violated)('replay, step by step, to the recorded state: $file', ({ file, property }) => {
    const path = join(SCHEDULES, file);
    expect(existsSync(path)).toBe(true);
    const schedule = parseSchedule(readFileSync(path, 'utf8'), file, GZIP_PACKER);
    const loaded = loadScenario(schedule.source.text, schedule.source.name);
    const { machine, monitors } = buildScenario(loaded, {
      files: schedule.files,
      ...(schedule.variant === undefined ? {} : { variant: schedule.variant }),
    });
    const replay = new Replay(machine, monitors, schedule);
    let outcome = replay.advance(1000);
    while (outcome === undefined) outcome = replay.advance(1000);
    expect(outcome.kind).toBe('reproduced');
    if (property !== undefined && property !== PROGRESS) expect(monitors.violation?.property).toBe(property);
  });
});
