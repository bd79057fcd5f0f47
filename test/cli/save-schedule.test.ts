import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openSchedule } from '../../src/cli/step/open-walk.js';
import { saveSchedule } from '../../src/cli/step/save-schedule.js';
import { callSwapWith, Workshop } from './xmc.js';

const workshop = new Workshop();
const path = (name: string): string => join(workshop.path, name);

/** Saves the steps of a schedule up to one of them, as the stepper does; returns the text. */
async function savedUpTo(position: number, as: string): Promise<string> {
  const opened = await openSchedule(path('run.schedule'), 'wasm');
  opened.walk.timeline.goTo(position);
  expect(await saveSchedule(opened, path(as), path('run.schedule'))).toContain(`${position} steps saved; `);
  return workshop.read(as);
}

it('The stepper saves the seed of RDRAND with steps that draw a number, and what it saves replays', async () => {
  workshop.write('random.yaml', callSwapWith(['after:  jmp.rel8 worker', 'after: rdrand %rbx; jmp.rel8 worker']));
  const args = ['run', 'random.yaml', '--variant', 'text-poke-bp', '--steps', '200', '--seed', '7'];
  await workshop.xmc([...args, '--schedule', 'run.schedule']);
  expect(await savedUpTo(200, 'whole.schedule')).toMatch(/\nscheduler xmc step\nrandom 7\nsteps 200\n/);
  expect(await savedUpTo(2, 'begun.schedule')).toMatch(/\nscheduler xmc step\nsteps 2\n/);
  for (const name of ['whole.schedule', 'begun.schedule']) {
    const { code, stdout } = await workshop.xmc(['replay', name]);
    expect([code, stdout.slice(0, 10)]).toEqual([0, 'REPRODUCED']);
  }
});
