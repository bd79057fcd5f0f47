import { describe, expect, it } from 'vitest';
import { NAIVE_MEMCPY } from '../../src/patcher/naive-memcpy.js';
import { rulesOfProfile } from '../../src/profile/profiles.js';
import type { FetchRuleName } from '../../src/profile/rules.js';
import { CALL_CLOBBERS, type PatchSetup, PatchWorld } from '../patcher/patch-world.js';
import { variant } from '../patcher/variants.js';
import { executeFetched } from './watching.js';

const rulesWith = (fetch: FetchRuleName) => ({ ...rulesOfProfile('intel-sdm'), fetch, unit: 64 });

const setup: PatchSetup = {
  asm: '.skip 4; worker: site: call.rel32 f; jmp worker; f: ret; .skip 0x1234; g: ret',
  sites: { site: { clobbers: CALL_CLOBBERS } },
  patches: [{ site: 'site', new: 'call.rel32 g' }],
  workers: ['worker'],
  properties: ['no-undefined-xmc'],
  rules: rulesWith('undefined-xmc'),
};

const strict = rulesWith('undefined-xmc-strict');

describe('no-undefined-xmc', () => {
  it('holds for what was written before the CPU serialised, and is violated by what was written since', () => {
    // The tail, with the first byte as it was.
    const world = () => new PatchWorld({ ...setup, algorithm: variant({ int3: false, firstBytes: false }) });
    const since = executeFetched(world().until('on_each_cpu', 2), 1, 'newest');
    expect(since.monitors.violation).toMatchObject({
      property: 'no-undefined-xmc',
      cpu: 1,
      address: since.at('site'),
      message: expect.stringMatching(
        /^CPU 1 executed "e8 .* at 0x\w+, of which CPU 0 has modified byte 1 since CPU 1 last/,
      ),
    });
    expect(executeFetched(world().until('drop the reference'), 1, 'newest').violated).toBeUndefined();
  });

  it('is violated by a byte that was modified, whatever version of it was fetched', () => {
    const world = new PatchWorld({ ...setup, algorithm: NAIVE_MEMCPY }).finish();
    expect(executeFetched(world, 1, 'oldest').violated).toBe('no-undefined-xmc');
  });

  it('exempts the first byte when it changes to INT3 and from INT3, but not under the strict rule', () => {
    for (const which of ['oldest', 'newest'] as const) {
      for (const [rules, violated] of [
        [setup.rules, undefined],
        [strict, 'no-undefined-xmc'],
      ] as const) {
        const int3 = new PatchWorld({ ...setup, rules: rules ?? strict }).until('on_each_cpu');
        expect([which, executeFetched(int3, 1, which).violated]).toEqual([which, violated]);
        const last = new PatchWorld({ ...setup, rules: rules ?? strict }).until('on_each_cpu', 3);
        expect([which, executeFetched(last, 1, which).violated]).toEqual([which, violated]);
      }
    }
  });

  it('exempts no other byte, and the first one of no other change', () => {
    const asm = '.skip 4; worker: site: .byte 0x66, 0x66, 0x90, 0x66, 0x90; jmp worker';
    const sites = { site: { length: 5 } };
    const memcpy = (to: string) =>
      new PatchWorld({ ...setup, asm, sites, patches: [{ site: 'site', new: to }], algorithm: NAIVE_MEMCPY }).finish();
    // Byte 1 becomes INT3, or byte 0 becomes something else.
    expect(executeFetched(memcpy('.byte 0x66, 0xcc, 0x90, 0x66, 0x90'), 1, 'oldest').violated).toBe('no-undefined-xmc');
    expect(executeFetched(memcpy('.byte 0x67, 0x66, 0x90, 0x66, 0x90'), 1, 'oldest').violated).toBe('no-undefined-xmc');
    // Byte 3 is the first one of an instruction.
    const inside = memcpy('.byte 0x66, 0x66, 0x90, 0xcc, 0x90');
    expect(executeFetched(inside, 1, 'oldest').violated).toBeUndefined();
    expect(executeFetched(inside, 1, 'oldest').violated).toBeUndefined();
  });

  it('does not count what the CPU stored itself', () => {
    const asm = '.skip 4; worker: nop; site: nop; jmp worker';
    const world = (cpu: number): PatchWorld => {
      const own = new PatchWorld({ ...setup, asm, patches: [], sites: {} });
      own.insn();
      own.machine.memory.text.writer = cpu;
      own.machine.memory.storeBytes(own.at('site'), Uint8Array.of(0xf8));
      return executeFetched(own, 1, 'newest');
    };
    expect([world(1).violated, world(0).violated]).toEqual([undefined, 'no-undefined-xmc']);
  });

  it('hears of text that is no site, too', () => {
    const asm = `.skip 4; worker: site: nop; jmp far; .skip 200; far: nop; jmp worker`;
    const world = new PatchWorld({ ...setup, asm, patches: [], sites: {} });
    world.machine.memory.text.writer = 0;
    world.machine.memory.storeBytes(world.at('far'), Uint8Array.of(0xf8));
    world.insn(1, 2);
    expect(executeFetched(world, 1, 'newest').violated).toBe('no-undefined-xmc');
  });

  it('is checked by default under the two rules that are made for it, and under no other', () => {
    const { properties: _, ...byDefault } = setup;
    const first = (fetch: FetchRuleName): string | undefined => {
      const world = new PatchWorld({ ...byDefault, rules: rulesWith(fetch) }).until('on_each_cpu');
      return executeFetched(world, 1, 'oldest').violated;
    };
    expect([first('undefined-xmc'), first('any')]).toEqual([undefined, undefined]);
    expect(first('undefined-xmc-strict')).toBe('no-undefined-xmc');
  });
});
