import { describe, expect, it } from 'vitest';
import { NAIVE_MEMCPY } from '../../src/patcher/naive-memcpy.js';
import { CALL_CLOBBERS, PatchWorld } from '../patcher/patch-world.js';
import { everySchedule } from './every-schedule.js';

const SWAP = {
  asm: 'worker: site: call.rel32 f; jmp worker; f: ret; .skip 0x1234; g: ret',
  sites: { site: { clobbers: CALL_CLOBBERS } },
  patches: [{ site: 'site', new: 'call.rel32 g' }],
  workers: ['worker'],
  quiet: true,
};

describe('x', () => {
  it('y', () => {
    for (const order of ['ascending', 'any'] as const)
      for (const backend of ['wasm', 'bigint'] as const) {
        const t = process.cpuUsage();
        const world = new PatchWorld({ ...SWAP, order, backend });
        const result = everySchedule(world.machine, world.monitors);
        console.log(order, backend, result, process.cpuUsage(t));
      }
    const world = new PatchWorld({ ...SWAP, algorithm: NAIVE_MEMCPY, order: 'any' });
    console.log(everySchedule(world.machine, world.monitors));
  });
});
