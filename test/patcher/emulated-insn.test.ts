import { describe, expect, it } from 'vitest';
import type { Patch } from '../../src/machine/patch.js';
import { emulationOf } from '../../src/patcher/emulated-insn.js';
import { requirePatchable } from '../../src/patcher/text-poke-array.js';
import { TEXT_POKE_BP } from '../../src/patcher/text-poke-bp.js';
import { errorOf } from '../scenario/input-error.js';
import { PatchWorld } from './patch-world.js';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const patch = (text: string, emulate?: string): Patch => ({
  site: 'site',
  address: 0xffffffff81000100n,
  bytes: bytes(text),
  emulate: emulate === undefined ? undefined : bytes(emulate),
});

describe('emulationOf', () => {
  it('takes what the kernel can emulate', () => {
    for (const [text, opcode, disp] of [
      ['cc', 0xcc, 0],
      ['c3', 0xc3, 0],
      ['c3 cc cc cc cc', 0xc3, 0],
      ['e8 44 33 22 11', 0xe8, 0x11223344],
      ['e8 ff ff ff ff', 0xe8, -1],
      ['e9 00 00 00 80', 0xe9, -0x80000000],
      ['eb 10', 0xeb, 0x10],
      ['eb fe', 0xeb, -2],
      ['66 90', 0xeb, 0],
      ['0f 1f 44 00 00', 0xe9, 0],
      ['0f 84 78 56 34 12', 0x74, 0x12345678],
      ['0f 8f ff ff ff ff', 0x7f, -1],
      ['74 05', 0x74, 5],
      ['7f 80', 0x7f, -128],
    ] as const) {
      expect([text, emulationOf(patch(text))]).toEqual([text, { opcode, disp }]);
    }
  });

  it('counts the displacement of a padded jump from the end of the site, as the handler does', () => {
    expect(emulationOf(patch('eb 10 cc cc cc'))).toEqual({ opcode: 0xeb, disp: 0x10 - 3 });
    expect(emulationOf(patch('eb fe cc'))).toEqual({ opcode: 0xeb, disp: -2 - 1 });
  });

  it('takes the declared instruction where there is one', () => {
    expect(emulationOf(patch('2e 2e 2e 31 c0', 'e8 10 00 00 00'))).toEqual({ opcode: 0xe8, disp: 0x10 });
  });

  it('refuses what the kernel would BUG() on, and says what can be emulated', () => {
    for (const text of [
      '90', // x86_nops[1] is not one of the two
      '0f 1f 00',
      '66 90 66 90 90',
      '31 c0',
      '2e 2e 2e 31 c0',
      'e8 00 00 00 00 cc', // a CALL returns behind it: it cannot be padded
      '66 90 cc',
      '74 05 cc cc cc',
      'cc cc cc cc cc', // INT3 is not padded either
      'c3 cc 90 cc cc',
      'eb 10 cc 00 cc',
      '0f 05',
      '68 11 22 33 44',
      'ff 15 00 00 00 00',
    ]) {
      const error = errorOf(() => emulationOf(patch(text)));
      expect(error.message).toBe(`site site: the int3 handler cannot emulate ${text}`);
      expect(error.hint).toContain('jcc');
    }
  });

  it('refuses a declared instruction that does not fit the bytes which are written', () => {
    for (const [text, emulate] of [
      ['2e 2e 2e 31 c0', '66 90'], // shorter than the site
      ['2e 2e 2e 31 c0', '0f 84 00 00 00 00'], // longer
      ['2e 2e 2e 31 c0', 'c3'], // what follows it would not be INT3
      ['2e 2e 2e 31 c0', 'eb 03'],
      ['31 c0', 'e8 00 00 00 00'],
    ] as const) {
      expect(() => emulationOf(patch(text, emulate))).toThrow('cannot emulate');
    }
  });

  it('refuses sites that an entry of the array cannot hold', () => {
    for (const text of ['c3 cc cc cc cc cc', 'e9 00 00 00 00 cc', 'c3 cc cc cc cc cc cc cc']) {
      expect(() => emulationOf(patch(text))).toThrow(/site site/);
    }
  });
});

describe('text_poke_bp', () => {
  it('refuses what it cannot emulate before anything runs', () => {
    const build = () =>
      new PatchWorld({
        asm: 'worker: site: .nops 5; jmp worker',
        sites: { site: {} },
        patches: [{ site: 'site', new: 'cs cs cs xor %eax,%eax' }],
        workers: ['worker'],
        algorithm: TEXT_POKE_BP,
      });
    expect(errorOf(build).message).toContain('cannot emulate 2e 2e 2e 31 c0');
  });

  it('patches low addresses too: 32 bits reach them from the other side', () => {
    expect(() => requirePatchable({ ...patch('66 90'), address: 0x401000n })).not.toThrow();
  });

  it('refuses a site that is too far from _stext for the 32 bits of an entry', () => {
    const far = { ...patch('66 90'), address: 0x7f0000000000n };
    expect(errorOf(() => requirePatchable(far)).message).toContain('0x7f0000000000');
  });
});
