import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ScheduleShelf } from '../../../src/cli/test/schedule-shelf.js';
import type { Schedule } from '../../../src/explore/schedule-file.js';
import { judged, MemoryShelf } from '../../regression/judged.js';
import { swapBy } from '../../regression/swap-scenario.js';
import { Workshop } from '../xmc.js';

const workshop = new Workshop();
let schedule: Schedule;
let directory: string;
let shelf: ScheduleShelf;

beforeAll(async () => {
  const memory = new MemoryShelf();
  await judged(swapBy('memcpy'), memory);
  const [found] = memory.schedules;
  if (found === undefined) throw new Error('there is no race');
  schedule = found;
});

let count = 0;
beforeEach(() => {
  directory = join(workshop.path, String(count++));
  mkdirSync(directory);
  shelf = new ScheduleShelf(join(directory, 'swap.yaml'), 'plain');
});

const folder = (): string => join(directory, '__schedules__');
const files = (): string[] => readdirSync(folder()).sort();

/** Puts a file where the first schedule is kept. */
function occupy(content: string): string {
  mkdirSync(folder());
  const file = join(folder(), 'swap.plain.schedule');
  writeFileSync(file, content);
  return file;
}

describe('schedules beside a scenario', () => {
  it('are kept in numbered files, and read in their order', async () => {
    expect(await shelf.read()).toEqual([]);
    expect(await shelf.add(schedule)).toBe(join(folder(), 'swap.plain.schedule'));
    await shelf.add(schedule);
    expect(files()).toEqual(['swap.plain.2.schedule', 'swap.plain.schedule']);
    const kept = await shelf.read();
    expect(kept.map(({ file }) => file)).toEqual(
      ['swap.plain.schedule', 'swap.plain.2.schedule'].map((name) => join(folder(), name)),
    );
    expect(kept[1]?.schedule.steps).toEqual(schedule.steps);
  });

  it('are replaced by one, or by none', async () => {
    await shelf.add(schedule);
    await shelf.add(schedule);
    await shelf.replace(schedule);
    expect(files()).toEqual(['swap.plain.schedule']);
    await shelf.replace(undefined);
    expect(files()).toEqual([]);
  });

  it('have the name of the scenario beside a test', async () => {
    expect(await new ScheduleShelf(join(directory, 'a.test.ts'), undefined, 'swap').add(schedule)).toBe(
      join(folder(), 'swap.schedule'),
    );
  });

  it('of another version are refused, and replaced', async () => {
    const file = occupy('xmc-schedule 9\nscenario swap\n');
    await expect(shelf.read()).rejects.toThrow('a schedule of format 9; this program reads format 1');
    await shelf.replace(schedule);
    expect(readFileSync(file, 'utf8')).toMatch(/^xmc-schedule 1\n/);
  });

  it('replace nothing that is no schedule, and do not remove it', async () => {
    const file = occupy('mine');
    await expect(shelf.replace(schedule)).rejects.toThrow('it is no xmc schedule');
    await expect(shelf.replace(undefined)).rejects.toThrow('it is no xmc schedule');
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(files()).toEqual(['swap.plain.schedule']);
  });
});
