import { describe, expect, it } from 'vitest';
import { NAIVE_MEMCPY } from '../../src/patcher/naive-memcpy.js';
import { ptRegs } from '../../src/patcher/pt-regs.js';
import { rulesOfProfile } from '../../src/profile/profiles.js';
import type { Rules } from '../../src/profile/rules.js';
import { CALL_CLOBBERS, type PatchSetup, PatchWorld } from '../patcher/patch-world.js';
import { gaplessEntry, handlerThat, SKIPPING, type Variation, variant } from '../patcher/variants.js';
import { type EverySchedule, everySchedule } from './every-schedule.js';

/** One patch from an instruction to another; the two functions are far enough from each other that displacements differ in two bytes. */
interface Transition {
  readonly from: string;
  readonly to: string;
  readonly emulate?: string;
}

const NOP5 = '.nops 5';
const RET5 = '.byte 0xc3, 0xcc, 0xcc, 0xcc, 0xcc';
const TRANSITIONS: readonly Transition[] = [
  { from: NOP5, to: 'call.rel32 f' },
  { from: 'call.rel32 f', to: NOP5 },
  { from: 'call.rel32 f', to: 'cs cs cs xor %eax, %eax', emulate: 'call.rel32 zero' },
  { from: 'jmp.rel32 on', to: RET5 },
  { from: RET5, to: 'jmp.rel32 on' },
  { from: 'je.rel32 on', to: 'je.rel32 far_on' },
  { from: 'data16 nop', to: 'jmp.rel8 on' },
  { from: 'jmp.rel8 on', to: 'data16 nop' },
];

const PATCH: Transition = { from: NOP5, to: 'call.rel32 g' };
const CALL_SWAP: Transition = { from: 'call.rel32 f', to: 'call.rel32 g' };

function worldOf({ from, to, emulate }: Transition, more: Partial<PatchSetup> = {}): PatchWorld {
  return new PatchWorld({
    // Where the site may be a RET, the worker calls it, so that RET has somewhere to go.
    asm: `
      worker: ${from === RET5 || to === RET5 ? 'call site' : 'jmp site'}
      back:   jmp worker
      site:   ${from}
      on:     ${from === RET5 || to === RET5 ? 'ret' : 'jmp worker'}
      f:      mov $1, %eax
              ret
      zero:   xor %eax, %eax
              ret
              .skip 0x1234
      g:      mov $2, %eax
              ret
      far_on: jmp worker`,
    sites: { site: { clobbers: CALL_CLOBBERS, flagClobbers: 0x8d5n, ...(from === RET5 ? { length: 5 } : {}) } },
    patches: [{ site: 'site', new: to, ...(emulate === undefined ? {} : { emulate }) }],
    workers: ['worker'],
    order: 'ascending',
    quiet: true,
    ...more,
  });
}

function explored(world: PatchWorld, limit?: number): EverySchedule {
  const result = everySchedule(world.machine, world.monitors, limit);
  expect(result.complete).toBe(true);
  return result;
}

const violated = (world: PatchWorld): string[] => [...explored(world).violations.keys()].sort();

describe('under every schedule of one worker and one patch', () => {
  for (const transition of TRANSITIONS) {
    const what = `${transition.from} -> ${transition.to}`;

    it(`text_poke_bp violates nothing: ${what}`, () => {
      const result = explored(worldOf(transition, { order: transition.from === NOP5 ? 'any' : 'ascending' }));
      expect([...result.violations]).toEqual([]);
      expect(result.states).toBeGreaterThan(500);
    });

    it(`memcpy lets the worker execute what nobody wrote: ${what}`, () => {
      const world = worldOf(transition, { algorithm: NAIVE_MEMCPY, order: 'any' });
      expect(violated(world)).toContain('no-torn-instruction');
    });
  }

  it('both backends reach the same states by the same steps', () => {
    const [wasm, bigint] = (['wasm', 'bigint'] as const).map((backend) => explored(worldOf(PATCH, { backend })));
    expect(wasm).toEqual(bigint);
  });

  it('a violation has a schedule that leads there again', () => {
    const setup: Partial<PatchSetup> = { algorithm: NAIVE_MEMCPY, order: 'any' };
    const { violations } = explored(worldOf(CALL_SWAP, setup));
    const again = worldOf(CALL_SWAP, setup);
    for (const step of violations.get('no-torn-instruction') ?? []) again.apply(step);
    expect(again.violated).toBe('no-torn-instruction');
    expect(again.monitors.violation?.step).toBe(again.machine.steps);
  });
});

/** What must be found of text_poke_bp with something wrong, with coherent fetches: the H1 column of the matrix. */
const CONTROLS: readonly (readonly [what: string, variation: Variation, violated: readonly string[]])[] = [
  ['nothing is wrong', {}, []],
  ['the first sync is left out', { sync1: false }, []],
  ['the second sync is left out', { sync2: false }, []],
  ['the third sync is left out', { sync3: false }, ['int3-handled']],
  ['no sync at all', { sync1: false, sync2: false, sync3: false }, ['int3-handled']],
  ['no INT3', { int3: false }, ['no-torn-instruction']],
  ['the entry is gone before the tails', { retireBefore: 'tails' }, ['int3-handled']],
  ['the entry is gone before the first bytes', { retireBefore: 'first bytes' }, ['int3-handled']],
  ['INT3 stays and is still handled', { firstBytes: false, refs: 'keep' }, ['quiesced-after-return']],
  ['INT3 stays and is not handled', { firstBytes: false }, ['int3-handled', 'quiesced-after-return']],
  ['the handler skips the call', { handler: SKIPPING }, ['site-effect']],
  [
    'the handler returns to a wrong address after the call',
    {
      handler: handlerThat((c, regs, array) => {
        const site = array.address(c, 0n);
        ptRegs.setSp(c, regs, ptRegs.sp(c, regs) - 8n);
        c.store(ptRegs.sp(c, regs), site + 1n);
        ptRegs.setIp(c, regs, site + 5n + array.disp(c, 0n));
      }),
    },
    ['site-effect'],
  ],
  [
    'the handler forgets to push',
    { handler: handlerThat((c, regs, array) => ptRegs.setIp(c, regs, array.address(c, 0n) + 5n + array.disp(c, 0n))) },
    ['site-effect'],
  ],
  [
    'the handler goes back to the site: an explicit retry',
    { handler: handlerThat((c, regs, array) => ptRegs.setIp(c, regs, array.address(c, 0n))) },
    [],
  ],
  ['nobody waits for handlers', { sync3: false, refs: 'drop' }, ['int3-handled', 'no-use-after-reuse']],
  [
    'nobody waits for handlers, and the array is filled anew',
    { sync3: false, refs: 'drop', refill: true },
    ['int3-handled', 'no-use-after-reuse'],
  ],
  ['there is no stack gap', { entry: gaplessEntry }, ['int3-handled']],
];

describe('under every schedule, with coherent fetches,', () => {
  for (const [what, variation, properties] of CONTROLS) {
    it(`text_poke_bp violates ${properties.length === 0 ? 'nothing' : properties.join(' and ')} when ${what}`, () => {
      const asm = 'worker: site: call.rel32 f; jmp worker; f: mov $1, %eax; ret; .skip 0x1234; g: mov $2, %eax; ret';
      expect(violated(worldOf(CALL_SWAP, { asm, algorithm: variant(variation) }))).toEqual(properties);
    });
  }

  it('a handler that skips is right where the instruction is a NOP or a call that may be missed', () => {
    const algorithm = variant({ handler: SKIPPING });
    expect(violated(worldOf({ from: NOP5, to: 'call.rel32 g' }, { algorithm }))).toEqual([]);
    expect(violated(worldOf({ from: 'call.rel32 f', to: NOP5 }, { algorithm }))).toEqual([]);
    const zero = { from: 'call.rel32 f', to: 'cs cs cs xor %eax, %eax', emulate: 'call.rel32 zero' };
    expect(violated(worldOf(zero, { algorithm }))).toEqual([]);
  });
});

/** What a fetch may return, with the size of its units. */
const FETCH = ['torn 4', 'monotone 8', 'per-unit 8', 'any 1'] as const;
type Fetch = (typeof FETCH)[number];

function rulesOf(name: Fetch): Rules {
  const [fetch, unit] = name.split(' ');
  return { ...rulesOfProfile('ideal'), fetch: fetch as Rules['fetch'], unit: Number(unit) };
}

/** What a variation violates under each fetch rule, for a site whose second and third byte are in two units. */
function violating(transition: Transition, variation: Variation): readonly (readonly [Fetch, readonly string[]])[] {
  return FETCH.map((fetch) => {
    const asm = `
      pad:    .skip 2, 0x90
      worker:
      site:   ${transition.from}
              jmp worker
      f:      mov $1, %eax
              ret
              .skip 0x1234
      g:      mov $2, %eax
              ret`;
    const algorithm = variant(variation);
    const world = worldOf(transition, { asm, algorithm, rules: rulesOf(fetch) });
    return [fetch, violated(world)];
  });
}

describe('under every schedule and every fetch,', () => {
  it('text_poke_bp violates nothing, whatever the fetch rule', () => {
    expect(violating(PATCH, {})).toEqual(FETCH.map((fetch) => [fetch, []]));
  });

  it('it needs the first sync wherever a fetch can be torn', () => {
    expect(violating(PATCH, { sync1: false })).toEqual(FETCH.map((fetch) => [fetch, ['no-torn-instruction']]));
  });

  it('it needs the second sync only where a later unit can be older than an earlier one', () => {
    expect(violating(PATCH, { sync2: false })).toEqual([
      ['torn 4', []],
      ['monotone 8', []],
      ['per-unit 8', ['no-torn-instruction']],
      ['any 1', ['no-torn-instruction']],
    ]);
  });

  it('without the third sync a stale INT3 is executed after the return, but for torn fetches that are never stale', () => {
    expect(violating(PATCH, { sync3: false })).toEqual(
      FETCH.map((fetch) => [
        fetch,
        fetch.startsWith('torn') ? ['int3-handled'] : ['int3-handled', 'quiesced-after-return'],
      ]),
    );
  });
});
