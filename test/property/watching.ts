import { expect } from 'vitest';
import { STATUS_FLAGS } from '../../src/cpu/flags.js';
import type { Step } from '../../src/machine/step.js';
import { type MonitoredThings, Monitors } from '../../src/property/monitors.js';
import { CALL_CLOBBERS, type PatchWorld } from '../patcher/patch-world.js';

/** Further monitors of the machine of a world, which knows nothing of detours, goals and checks. Sites are calls. */
export function watch(
  world: PatchWorld,
  more: Partial<Pick<MonitoredThings, 'detours' | 'goals' | 'checks'>>,
  properties: readonly string[] = [],
): Monitors {
  const { machine, patches, installed } = world;
  const symbols = new Map(patches.map(({ site, address, bytes }) => [site, { address, length: bytes.length }]));
  const sites = [...symbols].map(([symbol, place]) => ({
    symbol,
    ...place,
    clobbers: new Set(CALL_CLOBBERS),
    flagClobbers: STATUS_FLAGS,
  }));
  return new Monitors(machine, { sites, patches, ranges: installed.ranges, ...more }, properties);
}

/** A CPU executes the oldest or the newest of what it may fetch. */
export function executeFetched(world: PatchWorld, cpu: number, which: 'oldest' | 'newest'): PatchWorld {
  const steps: Step[] = [];
  world.machine.enabledOn(cpu, steps);
  const fetches = steps.filter(({ kind }) => kind === 'instruction');
  const step = which === 'oldest' ? fetches[0] : fetches.at(-1);
  expect(step, `an instruction of CPU ${cpu}`).toBeDefined();
  return step === undefined ? world : world.apply(step);
}
