import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Footprint } from '../../src/memory/footprint.js';
import { GOALS } from '../../src/patcher/goals.js';
import { int3Handler } from '../../src/patcher/int3-handler.js';
import { NAIVE_MEMCPY } from '../../src/patcher/naive-memcpy.js';
import { ptRegs } from '../../src/patcher/pt-regs.js';
import { rulesOfProfile } from '../../src/profile/profiles.js';
import { GOAL_CONDITIONS } from '../../src/property/goal-conditions.js';
import type { Monitors } from '../../src/property/monitors.js';
import { CALL_CLOBBERS, type PatchSetup, PatchWorld } from '../patcher/patch-world.js';
import { handlerThat, variant } from '../patcher/variants.js';
import { executeFetched, watch } from './watching.js';

const setup: PatchSetup = {
  asm: `.skip 4; worker: site: call.rel32 f; jmp worker; f: ret; .skip 0x1234; g: ret
        masked: cli; nop; sti; jmp masked; stub: nop; jmp g; end: nop`,
  sites: { site: { clobbers: CALL_CLOBBERS } },
  patches: [{ site: 'site', new: 'call.rel32 g' }],
  workers: ['worker'],
};

/** A world, and whether a goal was reached in it so far. */
function reaching(goal: string, more: Partial<PatchSetup> = {}): { world: PatchWorld; reached: () => boolean } {
  const world = new PatchWorld({ ...setup, ...more });
  const detours = [{ address: world.at('stub'), size: Number(world.at('end') - world.at('stub')) }];
  const monitors: Monitors = watch(world, { goals: [goal], detours });
  return { world, reached: () => monitors.goals.some(({ name, reached }) => name === goal && reached) };
}

describe('the goal', () => {
  it.each(['ipi-waited-for-if', 'ipi-waited-for-stub'])('%s looks at every CPU, and footprints say so', (goal) => {
    const { world } = reaching(goal, { workers: ['worker', 'masked'] });
    const { memory } = world.machine;
    const footprint = new Footprint(memory.written);
    memory.footprint = footprint;
    world.machine.apply({ kind: 'instruction', cpu: 1 });
    expect(footprint.cpus & 0b111).toBe(0b111);
  });

  it('of every name that an algorithm may declare is known', () => {
    expect([...GOAL_CONDITIONS.keys()].sort()).toEqual(Object.keys(GOALS).sort());
  });

  it('of every name is explained to authors of scenarios', () => {
    const page = readFileSync(fileURLToPath(new URL('../../docs/scenario-file.md', import.meta.url)), 'utf8');
    for (const [name, meaning] of Object.entries(GOALS)) expect(page).toContain(`| \`${name}\` | ${meaning} |`);
  });

  it("int3-executed is reached by a patcher's INT3, not by one that is the site's own", () => {
    const { world, reached } = reaching('int3-executed');
    world.insn(1, 3).until('on_each_cpu');
    expect(reached()).toBe(false);
    world.insn();
    expect(reached()).toBe(true);
    const own = { asm: 'worker: site: int3; jmp worker; stub: end: nop', patches: [{ site: 'site', new: 'nop' }] };
    const foreign = reaching('int3-executed', { ...own, algorithm: variant({ int3: false, handler: int3Handler }) });
    foreign.world.insn();
    expect(foreign.reached()).toBe(false);
  });

  it('half-written-fetched is reached by a fetch while some of the new bytes are there, not all', () => {
    for (const [stored, expected] of [
      // INT3, then the tail: its second byte is the first that differs from the old one.
      [0, false],
      [1, false],
      [3, true],
      [5, true],
      [6, false],
    ] as const) {
      const { world, reached } = reaching('half-written-fetched');
      if (stored > 0) world.until('text_poke_memcpy', stored).proc();
      world.insn();
      expect([stored, reached()]).toEqual([stored, expected]);
    }
  });

  it('half-written-fetched can be reached where one byte of the tail differs', () => {
    const asm = 'worker: site: call.rel32 f; jmp worker; f: ret; g: ret; stub: end: nop';
    const { world, reached } = reaching('half-written-fetched', { asm });
    world.until('on_each_cpu', 2).insn();
    expect(reached()).toBe(true);
  });

  it('old-and-new-executed is reached by both versions while a patch is open, in whatever order', () => {
    const rules = { ...rulesOfProfile('paranoid'), unit: 64 };
    const setups = [{}, { rules, algorithm: variant({ int3: false, sync2: false }) }];
    const [tidy, naive] = setups.map((more) => reaching('old-and-new-executed', more));
    // The old one before the patch begins, the new one after it has returned: that is nothing.
    tidy?.world.insn(1, 3).until('on_each_cpu').insn().handler().insn(1, 2).finish().insn(1, 3);
    expect(tidy?.reached()).toBe(false);
    const world = naive?.world.until('on_each_cpu', 2);
    for (const [which, function_, reached] of [
      ['newest', 'g', false],
      ['oldest', 'f', true],
    ] as const) {
      if (world !== undefined) executeFetched(world, 1, which);
      expect([world?.machine.state(1).rip, naive?.reached()]).toEqual([world?.at(function_), reached]);
      world?.insn(1, 2);
    }
  });

  it('old-and-new-executed is not reached by an instruction that both versions have', () => {
    const asm = 'worker: site: .byte 0x66, 0x66, 0x90, 0x66, 0x90; jmp worker; stub: end: nop';
    const patches = [{ site: 'site', new: '.byte 0x66, 0x66, 0x90, 0x87, 0xc9' }];
    const same = { asm, patches, sites: { site: { length: 5 } }, algorithm: NAIVE_MEMCPY };
    const { world, reached } = reaching('old-and-new-executed', same);
    world.proc().insn();
    while (!world.next()?.startsWith('patch returns')) world.proc();
    world.insn();
    expect([world.machine.state(1).rip, reached()]).toEqual([world.at('site') + 5n, false]);
    const both = reaching('old-and-new-executed', same);
    both.world.proc().insn(1, 3);
    while (!both.world.next()?.startsWith('patch returns')) both.world.proc();
    both.world.insn(1, 2);
    expect(both.reached()).toBe(true);
  });

  it('ipi-waited-for-if is reached while an IPI is pending on a CPU with IF=0', () => {
    const { world, reached } = reaching('ipi-waited-for-if', { workers: ['masked'] });
    world.until('on_each_cpu').insn();
    expect(reached()).toBe(false);
    world.proc();
    expect(reached()).toBe(true);
    const open = reaching('ipi-waited-for-if', { workers: ['masked'] });
    open.world.until('on_each_cpu').proc();
    expect(open.reached()).toBe(false);
  });

  it('stub-executed and ipi-waited-for-stub are reached in a detour', () => {
    const algorithm = variant({ handler: handlerThat((c, regs) => ptRegs.setIp(c, regs, c.symbol('stub'))) });
    const executed = reaching('stub-executed', { algorithm });
    executed.world.until('on_each_cpu').insn().handler();
    expect(executed.reached()).toBe(false);
    executed.world.insn();
    expect(executed.reached()).toBe(true);
    const waited = reaching('ipi-waited-for-stub', { algorithm });
    waited.world.until('on_each_cpu').insn().handler();
    expect(waited.reached()).toBe(false);
    waited.world.proc();
    expect(waited.reached()).toBe(true);
  });

  it('cpus-stopped is reached by a store to the site while all others are in procedures with IF=0', () => {
    const { world, reached } = reaching('cpus-stopped', { workers: ['worker', 'worker'] });
    world.until('text_poke_memcpy', 1).proc();
    expect(reached()).toBe(false);
    world.insn(1).until('text_poke_memcpy', 1).proc();
    expect(reached()).toBe(false);
  });

  it('stays reached, whatever snapshot the machine goes back to', () => {
    const { world, reached } = reaching('int3-executed');
    const start = world.machine.save();
    world.until('on_each_cpu').insn();
    world.machine.restore(start);
    expect(reached()).toBe(true);
  });

  it('of no known name is a mistake of ours', () => {
    expect(() => reaching('nothing')).toThrow('no goal nothing');
  });
});
