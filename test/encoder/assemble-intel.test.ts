import { describe, expect, it } from 'vitest';
import { assemble, assembleInstruction } from '../../src/encoder/assemble.js';
import { assembledHex, hex } from './hex.js';

const symbols = new Map([
  ['close', 4n],
  ['x', 5n],
]);
const intelHex = (source: string) => assembledHex(source, 0n, symbols, 'intel');

describe('a block in Intel syntax', () => {
  it('sees the labels of blocks in AT&T syntax, and they see its own', () => {
    const { blocks, symbols: defined } = assemble([
      { base: 0xffffffff8100c0bcn, source: 'site: call.rel32 old\n mov eax, dword ptr counter[rip]', syntax: 'intel' },
      { base: 0xffffffff82000000n, source: 'old: mov counter(%rip),%eax\n jmp site\ncounter: .long 1' },
    ]);
    expect(blocks.map(({ bytes }) => hex(bytes))).toEqual(['e83f3fff008b05443fff00', '8b0505000000e9b1c000ff01000000']);
    expect([...defined.keys()]).toEqual(['site', 'old', 'counter']);
  });

  it('tells where its statements are', () => {
    const source = 'start:  # here\n  nop; mov eax, [rbx]';
    const { blocks } = assemble([{ base: 0x1000n, source, syntax: 'intel', file: 'a.yaml', line: 10, column: 7 }]);
    expect(blocks[0]?.lines).toEqual([
      { address: 0x1000n, length: 1, text: 'nop', line: 11 },
      { address: 0x1001n, length: 2, text: 'mov eax, [rbx]', line: 11 },
    ]);
  });

  it('may say that it is one', () => {
    expect(intelHex('.intel_syntax noprefix\n mov eax, ebx')).toBe('89d8');
  });
});

describe('explicit lengths in Intel syntax', () => {
  it('choose the form', () => {
    expect(intelHex('push.imm8 1; push.imm32 1')).toBe('6a016801000000');
    expect(intelHex('mov.imm32 rax, 1; mov.imm64 rax, 1')).toBe('48c7c00100000048b80100000000000000');
    expect(intelHex('1: jmp.rel32 1b; jmp.rel8 1b; je.rel32 1b; call.rel32 1b')).toBe(
      'e9fbffffffebf90f84f3ffffffe8eeffffff',
    );
    expect(intelHex('nop.disp8 dword ptr [rax+rax*1+0]; nop.disp32 dword ptr [rax+rax*1+0]')).toBe(
      '0f1f4400000f1f840000000000',
    );
    expect(intelHex('push.imm8 offset x')).toBe('6a05');
  });

  it('are what short asks for, also where GNU as would not listen', () => {
    expect(intelHex('jmp close; jmp short close; je SHORT close')).toBe('e9ffffffffebfd74fb');
  });
});

describe('prefixes in Intel syntax', () => {
  it('can be repeated, as in the static call that returns 0', () => {
    expect(intelHex('cs cs cs xor eax,eax')).toBe('2e2e2e31c0');
  });

  it('can hint at branches', () => {
    expect(intelHex('1: ds jne 1b')).toBe('3e75fd');
  });
});

describe('a symbol in Intel syntax', () => {
  it('is memory, the target of a branch, or with offset a number', () => {
    expect(intelHex('mov eax, x; call x; call [x]; push offset x; lea rax, x[rip]')).toBe(
      '8b042505000000e8f9ffffffff1425050000006805000000488d05e6ffffff',
    );
  });

  it('is a number where it was given one before, and so is the distance of two', () => {
    expect(intelHex('c = 7; mov al, c; mov al, [c]')).toBe('b0078a042507000000');
    expect(intelHex('mov al, c; c = 7')).toBe('8a042507000000');
    expect(intelHex('a: nop; b: add eax, b-a')).toBe('9083c001');
    expect(intelHex('a: nop; add eax, .-a')).toBe('9083c001');
  });
});

describe('assembleInstruction in Intel syntax', () => {
  it('gives the bytes of one instruction at an address', () => {
    const outside = new Map([['new_a', 0xffffffff82000006n]]);
    const bytes = assembleInstruction('call.rel32 new_a', 0xffffffff8100c0bcn, outside, { syntax: 'intel' });
    expect(hex(bytes)).toBe('e8453fff00');
    expect(hex(assembleInstruction('mov rbx, rax', 0n, outside, { syntax: 'intel' }))).toBe('4889c3');
  });
});
