import { describe, expect, it } from 'vitest';
import type { InstructionEvent } from '../../src/machine/event.js';
import { rulesOfProfile } from '../../src/profile/profiles.js';
import { CALL_CLOBBERS, type PatchSetup, PatchWorld } from '../patcher/patch-world.js';
import { variant } from '../patcher/variants.js';
import { executeFetched } from './watching.js';

const setup: PatchSetup = {
  asm: '.skip 4; worker: site: call.rel32 f; jmp worker; f: ret; .skip 0x1234; g: ret',
  sites: { site: { clobbers: CALL_CLOBBERS } },
  patches: [{ site: 'site', new: 'call.rel32 g' }],
  workers: ['worker', 'worker'],
  properties: ['no-old-after-sync1'],
};

/** What a CPU whose fetches are stale for ever would report. */
function executed(world: PatchWorld, bytes: Uint8Array, cpu = 1): string | undefined {
  const rip = world.at('site');
  const times = Array.from(bytes, () => 0);
  const event: InstructionEvent = { kind: 'instruction', cpu, rip, bytes, times, exception: undefined };
  const before = world.machine.save();
  world.monitors.observe(event, world.machine);
  const { violation } = world.monitors;
  world.machine.restore(before);
  return violation?.property;
}

describe('no-old-after-sync1', () => {
  it('holds until the last CPU has acknowledged the sync core after INT3, and not from then on', () => {
    const world = new PatchWorld(setup);
    const old = world.machine.memory.bytes(world.at('site'), 5);
    expect(executed(world, old)).toBeUndefined();
    world.until('on_each_cpu');
    expect(executed(world, old)).toBeUndefined();
    world.proc();
    world.interrupt(1);
    expect([executed(world, old, 1), executed(world, old, 2)]).toEqual([undefined, undefined]);
    world.interrupt(2);
    expect([executed(world, old, 1), executed(world, old, 2)]).toEqual(['no-old-after-sync1', 'no-old-after-sync1']);
    world.monitors.observe(
      { kind: 'instruction', cpu: 2, rip: world.at('site'), bytes: old, times: [0, 0, 0, 0, 0], exception: undefined },
      world.machine,
    );
    expect(world.monitors.violation).toMatchObject({
      cpu: 2,
      address: world.at('site'),
      message: `CPU 2 executed the old "e8 02 00 00 00" at site after the first sync core of the patch`,
    });
  });

  it('goes on after the return, until the next patch of the site begins', () => {
    const patches = [
      { site: 'site', new: 'call.rel32 g' },
      { site: 'site', new: 'call.rel32 f' },
    ];
    const world = new PatchWorld({ ...setup, patches });
    const versions = [world.machine.memory.bytes(world.at('site'), 5), world.patches[0]?.bytes ?? new Uint8Array()];
    const [f, g] = versions.map((bytes) => () => executed(world, bytes));
    world.until('patch returns').proc();
    expect([f?.(), g?.()]).toEqual(['no-old-after-sync1', undefined]);
    world.proc();
    expect([f?.(), g?.()]).toEqual([undefined, undefined]);
    world.finish();
    expect([f?.(), g?.()]).toEqual([undefined, 'no-old-after-sync1']);
  });

  it('allows INT3, the new version, and an instruction that both versions begin with', () => {
    const asm = '.skip 4; worker: site: .byte 0x66, 0x66, 0x90, 0x66, 0x90; jmp worker';
    const patches = [{ site: 'site', new: '.byte 0x66, 0x66, 0x90, 0x87, 0xc9', emulate: '.nops 5' }];
    const world = new PatchWorld({ ...setup, asm, patches, sites: { site: { length: 5 } } });
    world.until('text_poke_memcpy', 2);
    expect(executed(world, Uint8Array.of(0xcc))).toBeUndefined();
    expect(executed(world, Uint8Array.of(0x66, 0x66, 0x90))).toBeUndefined();
    const rest = {
      kind: 'instruction',
      cpu: 1,
      rip: world.at('site') + 3n,
      exception: undefined,
      times: [0, 0],
    } as const;
    world.monitors.observe({ ...rest, bytes: Uint8Array.of(0x87, 0xc9) }, world.machine);
    expect(world.violated).toBeUndefined();
    world.monitors.observe({ ...rest, bytes: Uint8Array.of(0x66, 0x90) }, world.machine);
    expect(world.violated).toBe('no-old-after-sync1');
  });

  it('counts from the first sync core after the store, not from one before it', () => {
    // The stub is synchronised before INT3 is written, so to say.
    const world = new PatchWorld({ ...setup, algorithm: variant({ int3: false, sync2: false }) });
    const old = world.machine.memory.bytes(world.at('site'), 5);
    world.until('text_poke_memcpy').proc();
    expect(executed(world, old)).toBeUndefined();
    world.until('drop the reference');
    expect(executed(world, old)).toBe('no-old-after-sync1');
  });

  it('does not judge an algorithm that never syncs', () => {
    const world = new PatchWorld({ ...setup, algorithm: variant({ sync1: false, sync2: false, sync3: false }) });
    const old = world.machine.memory.bytes(world.at('site'), 5);
    expect(executed(world.until('patch returns').proc(), old)).toBeUndefined();
  });

  it('is violated on a machine whose sync core does not serialise for a CPU that keeps its fetches', () => {
    const rules = { ...rulesOfProfile('paranoid'), unit: 64 };
    const lazy = new PatchWorld({ ...setup, rules, workers: ['worker'] }).until('on_each_cpu').proc();
    // The CPU acknowledges, and yet fetches as before: its floor is put back.
    const floor = lazy.machine.state(1).cell('fetchFloor');
    lazy.interrupt(1).machine.state(1).setCell('fetchFloor', floor);
    expect(executeFetched(lazy, 1, 'oldest').violated).toBe('no-old-after-sync1');
    const right = new PatchWorld({ ...setup, rules, workers: ['worker'] }).until('on_each_cpu').proc().interrupt(1);
    expect(executeFetched(right, 1, 'oldest').violated).toBeUndefined();
  });
});
