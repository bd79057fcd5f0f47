import { describe, expect, it } from 'vitest';
import { BEGIN, CR0, CR4 } from '../../../src/cpu/cells.js';
import { assembleInstruction } from '../../../src/encoder/assemble.js';
import { AT, machineWith, type Setup, type TestMachine } from '../machine-with.js';

interface XmmSetup extends Omit<Setup, 'code'> {
  readonly xmm1?: bigint;
  readonly xmm2?: bigint;
}

/** A machine that is about to execute one instruction, written in AT&T syntax. */
function prepared(text: string, { xmm1 = 0n, xmm2 = 0n, ...setup }: XmmSetup = {}): TestMachine {
  const code = Buffer.from(assembleInstruction(text, AT.code)).toString('hex');
  return machineWith({ rdi: AT.data, ...setup, code }).both(({ cpu }) => {
    cpu.setXmm(1, xmm1);
    cpu.setXmm(2, xmm2);
  });
}

const xmm = (machine: TestMachine, n = 1): string => machine.wasm.cpu.xmm(n).toString(16).padStart(32, '0');
/** What XMM1 holds afterwards. */
const result = (text: string, setup: XmmSetup): string => xmm(prepared(text, setup).step());

const A = 0x0f0e0d0c_0b0a0908_07060504_03020100n;
const B = 0x1f1e1d1c_1b1a1918_17161514_13121110n;
const MEMORY = { [`${AT.data}`]: 0x1716151413121110n, [`${AT.data + 8n}`]: 0x1f1e1d1c1b1a1918n };

describe('moves of XMM registers', () => {
  it('MOVDQA moves 128 bits, to memory as one access', () => {
    expect(result('movdqa %xmm2,%xmm1', { xmm1: A, xmm2: B })).toBe('1f1e1d1c1b1a19181716151413121110');
    const stored = prepared('movdqa %xmm1,(%rdi)', { xmm1: A }).step();
    expect([stored.read(AT.data), stored.read(AT.data + 8n)]).toEqual([0x0706050403020100n, 0x0f0e0d0c0b0a0908n]);
    expect(stored.accesses).toEqual([{ address: AT.data, size: 16, kind: 'write' }]);
  });

  it('MOVD and MOVQ clear the rest of an XMM register, and write as much of another operand as they move', () => {
    expect(result('movd %eax,%xmm1', { xmm1: A, rax: 0xffffffff12345678n })).toBe('12345678'.padStart(32, '0'));
    expect(result('movq %xmm2,%xmm1', { xmm1: A, xmm2: B })).toBe('1716151413121110'.padStart(32, '0'));
    expect(prepared('movd %xmm1,%eax', { xmm1: A, rax: ~0n }).step().reg('rax')).toBe(0x03020100n);
    expect(prepared('movq %xmm1,%rax', { xmm1: A, rax: ~0n }).step().reg('rax')).toBe(0x0706050403020100n);
    const stored = prepared('movd %xmm1,(%rdi)', { xmm1: A, words: { [`${AT.data}`]: 0xffffffffffffffffn } }).step();
    expect(stored.read(AT.data)).toBe(0xffffffff03020100n);
  });

  it('MOVSS and MOVSD leave the rest of a register between registers, and clear it when they load', () => {
    expect(result('movss %xmm2,%xmm1', { xmm1: A, xmm2: B })).toBe('0f0e0d0c0b0a09080706050413121110');
    expect(result('movsd %xmm2,%xmm1', { xmm1: A, xmm2: B })).toBe('0f0e0d0c0b0a09081716151413121110');
    expect(result('movss (%rdi),%xmm1', { xmm1: A, words: MEMORY })).toBe('13121110'.padStart(32, '0'));
  });

  it('MOVLPS, MOVHPS, MOVHLPS and MOVLHPS replace one half', () => {
    expect(result('movlps (%rdi),%xmm1', { xmm1: A, words: MEMORY })).toBe('0f0e0d0c0b0a09081716151413121110');
    expect(result('movhpd (%rdi),%xmm1', { xmm1: A, words: MEMORY })).toBe('17161514131211100706050403020100');
    expect(result('movhlps %xmm2,%xmm1', { xmm1: A, xmm2: B })).toBe('0f0e0d0c0b0a09081f1e1d1c1b1a1918');
    expect(result('movlhps %xmm2,%xmm1', { xmm1: A, xmm2: B })).toBe('17161514131211100706050403020100');
  });

  it('MASKMOVDQU stores the bytes whose sign bit is set in the mask, and nothing when one of them faults', () => {
    const masked = (rdi: bigint) =>
      prepared('maskmovdqu %xmm2,%xmm1', { xmm1: A, xmm2: 0x80n | (0x80n << 120n), rdi }).step();
    const stored = masked(AT.data);
    expect([stored.read(AT.data), stored.read(AT.data + 8n)]).toEqual([0x00n, 0x0f00000000000000n]);
    const faulted = masked(AT.data + 0x1ff8n);
    expect(faulted.exception).toBe(`#PF(3) ${(AT.readonly + 7n).toString(16)}`);
    expect(faulted.read(AT.data + 0x1ff8n)).toBe(0n);
  });

  it('PMOVMSKB, MOVMSKPS and MOVMSKPD gather sign bits', () => {
    const signs = 0x80000000_00000080_00000000_80000080n;
    expect(prepared('pmovmskb %xmm1,%eax', { xmm1: signs, rax: ~0n }).step().reg('rax')).toBe(0x8109n);
    expect(prepared('movmskps %xmm1,%eax', { xmm1: signs, rax: ~0n }).step().reg('rax')).toBe(0b1001n);
    expect(prepared('movmskpd %xmm1,%eax', { xmm1: signs, rax: ~0n }).step().reg('rax')).toBe(0b10n);
  });
});

describe('operands of 16 bytes in memory', () => {
  it.each([
    'movdqa (%rdi),%xmm1',
    'movaps %xmm1,(%rdi)',
    'paddd (%rdi),%xmm1',
    'psllw (%rdi),%xmm1',
    'movntdq %xmm1,(%rdi)',
  ])('%s raises #GP(0) unless the operand is aligned, before it looks for the page', (text) => {
    expect(prepared(text, { rdi: AT.data + 8n, xmm1: A }).step().exception).toBe('#GP(0)');
    expect(prepared(text, { rdi: 0x7ff8n, xmm1: A }).step().exception).toBe('#GP(0)');
    expect(xmm(prepared(text, { rdi: AT.data + 8n, xmm1: A }).step())).toBe(A.toString(16).padStart(32, '0'));
  });

  it('may lie anywhere for MOVDQU, across pages too; a store that faults on the second page stores nothing', () => {
    const across = AT.data + 0xff9n;
    const stored = prepared('movdqu %xmm1,(%rdi)', { xmm1: A, rdi: across }).step();
    expect([stored.read(across), stored.read(across + 8n)]).toEqual([0x0706050403020100n, 0x0f0e0d0c0b0a0908n]);
    const faulted = prepared('movdqu %xmm1,(%rdi)', { xmm1: A, rdi: AT.data + 0x1ff8n }).step();
    expect(faulted.exception).toBe(`#PF(3) ${AT.readonly.toString(16)}`);
    expect(faulted.read(AT.data + 0x1ff8n)).toBe(0n);
  });
});

describe('packed integers', () => {
  it('are added and subtracted lane by lane, and stop at the limits with saturation', () => {
    const x = 0x7fff_8000_ffff_0001n;
    const y = 0x0001_8000_0001_ffffn;
    expect(result('paddw %xmm2,%xmm1', { xmm1: x, xmm2: y }).slice(16)).toBe('8000000000000000');
    expect(result('paddsw %xmm2,%xmm1', { xmm1: x, xmm2: y }).slice(16)).toBe('7fff800000000000');
    expect(result('paddusw %xmm2,%xmm1', { xmm1: x, xmm2: y }).slice(16)).toBe('8000ffffffffffff');
    expect(result('psubusw %xmm2,%xmm1', { xmm1: x, xmm2: y }).slice(16)).toBe('7ffe0000fffe0000');
    expect(result('psubd %xmm2,%xmm1', { xmm1: 0n, xmm2: 1n })).toBe('ffffffff'.padStart(32, '0'));
  });

  it('are multiplied: PMADDWD adds neighbours, also -32768 four times over', () => {
    const lowest = 0x80008000n;
    expect(result('pmaddwd %xmm2,%xmm1', { xmm1: lowest, xmm2: lowest }).slice(24)).toBe('80000000');
    expect(result('pmuludq %xmm2,%xmm1', { xmm1: 0xffffffffn, xmm2: 0xffffffffn }).slice(16)).toBe('fffffffe00000001');
  });

  it('are compared to masks', () => {
    expect(result('pcmpgtb %xmm2,%xmm1', { xmm1: 0x01ff7f80n, xmm2: 0x00018080n })).toBe('ff00ff00'.padStart(32, '0'));
    expect(result('pcmpeqd %xmm1,%xmm1', { xmm1: A })).toBe('f'.repeat(32));
  });

  it('PSADBW adds the differences of eight bytes in each half', () => {
    expect(result('psadbw %xmm2,%xmm1', { xmm1: A, xmm2: B })).toBe('00000000000000800000000000000080');
  });

  it('are shifted by all of a quadword: counts beyond the width give 0, or the sign', () => {
    const v = 0x8000_0001_8000_0001n;
    expect(result('psllw $1,%xmm1', { xmm1: v }).slice(16)).toBe('0000000200000002');
    expect(result('psrld $16,%xmm1', { xmm1: v }).slice(16)).toBe('0000800000008000');
    expect(result('psraw $200,%xmm1', { xmm1: v }).slice(16)).toBe('ffff0000ffff0000');
    expect(result('psllq %xmm2,%xmm1', { xmm1: v, xmm2: 1n << 32n })).toBe('0'.repeat(32));
    expect(result('psrldq $3,%xmm1', { xmm1: A })).toBe('0000000f0e0d0c0b0a09080706050403');
    expect(result('pslldq $9,%xmm1', { xmm1: A })).toBe('06050403020100000000000000000000');
    expect(result('pslldq $16,%xmm1', { xmm1: A })).toBe('0'.repeat(32));
  });
});

describe('shuffles', () => {
  it('unpack, pack, shuffle, insert and extract lanes', () => {
    const both = { xmm1: A, xmm2: B };
    expect(result('punpcklbw %xmm2,%xmm1', both)).toBe('17071606150514041303120211011000');
    expect(result('punpckhwd %xmm2,%xmm1', both)).toBe('1f1e0f0e1d1c0d0c1b1a0b0a19180908');
    expect(result('punpckhqdq %xmm2,%xmm1', both)).toBe('1f1e1d1c1b1a19180f0e0d0c0b0a0908');
    expect(result('packuswb %xmm2,%xmm1', { xmm1: 0x0100_00ff_ffff_0001n, xmm2: 0x7fffn })).toBe(
      '00000000000000ff00000000ffff0001',
    );
    expect(result('packssdw %xmm2,%xmm1', { xmm1: 0x80000000_00007fffn, xmm2: 0x12345n })).toBe(
      '0000000000007fff0000000080007fff',
    );
    expect(result('pshufd $0x1b,%xmm2,%xmm1', both)).toBe('13121110171615141b1a19181f1e1d1c');
    expect(result('shufps $0x4e,%xmm2,%xmm1', both)).toBe('17161514131211100f0e0d0c0b0a0908');
    expect(result('pshuflw $0x1b,%xmm2,%xmm1', both)).toBe('1f1e1d1c1b1a19181110131215141716');
    expect(result('pinsrw $13,%eax,%xmm1', { xmm1: A, rax: 0xbeefn })).toBe('0f0e0d0cbeef09080706050403020100');
    expect(prepared('pextrw $3,%xmm1,%eax', { xmm1: A, rax: ~0n }).step().reg('rax')).toBe(0x0706n);
  });
});

describe('an instruction on XMM registers', () => {
  it('is #NM with CR0.TS, and #UD with CR0.EM or without CR4.OSFXSR, before its operand is looked at', () => {
    const text = 'movaps (%rdi),%xmm1';
    const exception = (cell: 'cr0' | 'cr4', value: bigint) =>
      prepared(text, { rdi: 1n }).with(cell, value).step().exception;
    expect(exception('cr0', CR0.ts)).toBe('#NM');
    expect(exception('cr0', CR0.ts | CR0.em)).toBe('#UD');
    expect(exception('cr4', CR4.osfxsr)).toBe('#UD');
    expect(BEGIN.cr4 & CR4.osfxsr).not.toBe(0n);
  });

  it('is unsupported where it works on MMX registers', () => {
    expect(prepared('paddd %mm1,%mm2').step().signals).toBe('unsupported');
  });
});
