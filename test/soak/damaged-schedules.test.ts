import fc from 'fast-check';
import { describe, it } from 'vitest';
import { GZIP_PACKER } from '../../src/cli/io/file-packer.js';
import { Replay } from '../../src/explore/replay.js';
import { formatSchedule } from '../../src/explore/schedule-file/format.js';
import { type ParsedSchedule, parseSchedule } from '../../src/explore/schedule-file/parse.js';
import type { Schedule } from '../../src/explore/schedule-file.js';
import { buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';
import { PATIENCE, share } from '../damage/inputs.js';
import { textDamage } from '../damage/text-damage.js';
import { isPlaceIn, Outcomes, withinBounds } from '../damage/within-bounds.js';
import { recorded } from '../explore/call-swap.js';
import { MODULES } from '../scenario/elf-fixtures.js';

const FILE = 'damaged.schedule';
const OBJECT = MODULES['helper.o'] ?? new Uint8Array();
const violated = { ...recorded('memcpy', 100), files: new Map([['a.elf', OBJECT]]) };
const textOf = (schedule: Schedule): string => [...formatSchedule(schedule, GZIP_PACKER)].join('');
const TEXT = textOf(violated);

/** Builds the machine of a schedule and executes as much of it as can be, as `xmc replay` does. */
function replay({ source, variant, files, ...record }: ParsedSchedule): void {
  const loaded = loadScenario(source.text, source.name);
  const options = variant === undefined ? { files } : { files, variant };
  const { machine, monitors } = buildScenario(loaded, options);
  const replaying = new Replay(machine, monitors, record);
  while (replaying.advance(100) === undefined);
}

/** Reads and replays a schedule file. An error in the scenario that it holds is at a place in that. */
function use(text: string): 'accepted' | 'refused' {
  const texts = new Map([[FILE, text]]);
  return withinBounds(() => {
    const schedule = parseSchedule(text, FILE, GZIP_PACKER);
    texts.set(schedule.source.name, schedule.source.text);
    for (const name of schedule.files.keys()) texts.set(name, '');
    replay(schedule);
  }, isPlaceIn(texts));
}

describe('A damaged schedule file is replayed, to whatever end, or refused with a message and a place', () => {
  it(
    'damaged anywhere',
    () => {
      const outcomes = new Outcomes();
      fc.assert(
        fc.property(textDamage, (damage) => {
          outcomes.add(use(damage(TEXT)));
        }),
        share(0.15),
      );
      // Checksums find nearly everything.
      outcomes.requireBoth(0.01);
    },
    PATIENCE,
  );

  it(
    'damaged in its scenario, with the checksum that belongs to it',
    () => {
      const outcomes = new Outcomes();
      fc.assert(
        fc.property(textDamage, (damage) => {
          const { name, text } = violated.source;
          outcomes.add(use(textOf({ ...violated, source: { name, text: damage(text) } })));
        }),
        share(0.05),
      );
      outcomes.requireBoth(0.05);
    },
    PATIENCE,
  );
});
