import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ScheduleShelf } from '../../../src/cli/test/schedule-shelf.js';
import type { Schedule } from '../../../src/explore/schedule-file.js';
import { raceSchedule } from '../../regression/judged.js';
import { Workshop } from '../xmc.js';

const workshop = new Workshop();
let schedule: Schedule;
let directory: string;
let shelf: ScheduleShelf;

beforeAll(async () => {
  const found = await raceSchedule();
  // The race of a variant in a file.
  schedule = { ...found, variant: 'plain', source: { ...found.source, name: 'swap.yaml' } };
});

const shelfOf = (variant: string | undefined, file = 'swap.yaml'): ScheduleShelf =>
  new ScheduleShelf(join(directory, file), { scenario: schedule.scenario, variant, source: file });

let count = 0;
beforeEach(() => {
  directory = join(workshop.path, String(count++));
  mkdirSync(directory);
  shelf = shelfOf('plain');
});

const folder = (): string => join(directory, '__schedules__');
const files = (): string[] => readdirSync(folder()).sort();

/** Puts a file where the first schedule is kept. */
function occupy(content: string): string {
  mkdirSync(folder());
  const file = join(folder(), 'swap.yaml.plain.schedule');
  writeFileSync(file, content);
  return file;
}

describe('schedules beside a scenario', () => {
  it('are kept in numbered files, and read in their order', async () => {
    expect(await shelf.read()).toEqual([]);
    expect(await shelf.add(schedule)).toBe(join(folder(), 'swap.yaml.plain.schedule'));
    await shelf.add(schedule);
    expect(files()).toEqual(['swap.yaml.plain.2.schedule', 'swap.yaml.plain.schedule']);
    const kept = await shelf.read();
    expect(kept.map(({ file }) => file)).toEqual(
      ['swap.yaml.plain.schedule', 'swap.yaml.plain.2.schedule'].map((name) => join(folder(), name)),
    );
    expect(kept[1]?.schedule.steps).toEqual(schedule.steps);
  });

  it('are replaced by one, or by none', async () => {
    await shelf.add(schedule);
    await shelf.add(schedule);
    await shelf.replace(schedule);
    expect(files()).toEqual(['swap.yaml.plain.schedule']);
    await shelf.replace(undefined);
    expect(files()).toEqual([]);
  });

  it('have the name of the scenario beside a test', async () => {
    expect(
      await new ScheduleShelf(
        join(directory, 'a.test.ts'),
        { scenario: 'swap', variant: undefined, source: 'swap.yaml' },
        'swap',
      ).add(schedule),
    ).toBe(join(folder(), 'swap.schedule'));
  });

  it('of another version are refused, and replaced', async () => {
    const file = occupy('xmc-schedule 9\nscenario swap\n');
    await expect(shelf.read()).rejects.toThrow('a schedule of format 9; this program reads format 1');
    await shelf.replace(schedule);
    expect(readFileSync(file, 'utf8')).toMatch(/^xmc-schedule 1\n/);
  });

  it('have names of their own for every file and variant', async () => {
    const shelves = [shelfOf('fixed'), shelfOf(undefined, 'swap.fixed.yaml'), shelfOf(undefined, 'swap.fixed.yml')];
    for (const each of shelves) await each.add(schedule);
    expect(files()).toEqual(['swap.fixed.yaml.schedule', 'swap.fixed.yml.schedule', 'swap.yaml.fixed.schedule']);
  });

  it('of another scenario, variant or file are neither removed nor replaced', async () => {
    const others = [
      { ...schedule, scenario: 'other' },
      { ...schedule, variant: undefined },
      { ...schedule, source: { ...schedule.source, name: 'swap.yml' } },
    ];
    for (const other of others) await shelf.add(other);
    await shelf.add(schedule);
    const first = readFileSync(join(folder(), 'swap.yaml.plain.schedule'), 'utf8');
    await expect(shelf.replace(schedule)).rejects.toThrow('it is a schedule of another scenario');
    await shelf.replace(undefined);
    expect(files()).toEqual(['swap.yaml.plain.2.schedule', 'swap.yaml.plain.3.schedule', 'swap.yaml.plain.schedule']);
    expect(readFileSync(join(folder(), 'swap.yaml.plain.schedule'), 'utf8')).toBe(first);
  });

  it('replace nothing that is no schedule, and do not remove it', async () => {
    const file = occupy('mine');
    await expect(shelf.replace(schedule)).rejects.toMatchObject({
      message: expect.stringContaining('it is no xmc schedule'),
      hint: 'move it away',
    });
    await expect(shelf.replace(undefined)).rejects.toThrow('it is no xmc schedule');
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(files()).toEqual(['swap.yaml.plain.schedule']);
  });
});
