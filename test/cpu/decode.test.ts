import { describe, expect, it } from 'vitest';
import { CELL, GPR } from '../../src/cpu/cells.js';
import { decode } from '../../src/cpu/decode.js';
import { type DecodedInstruction, MAX_INSTRUCTION_LENGTH } from '../../src/cpu/decoded-instruction.js';
import { hex } from './machine-with.js';

/** Decodes bytes as a fetch gives them: followed by others. */
function decoded(code: string): DecodedInstruction {
  const bytes = new Uint8Array(MAX_INSTRUCTION_LENGTH).fill(0x11);
  bytes.set(hex(code));
  const result = decode(bytes);
  if (result.kind !== 'instruction') throw new Error(`${code} is ${result.kind}`);
  return result;
}

const gpr = (name: keyof typeof GPR) => ({ kind: 'cell', offset: 8 * GPR[name] });

describe('the handler of an instruction', () => {
  it.each([
    ['nop', '90', 'nop//8'],
    ['xchg %eax,%r8d', '41 90', 'xchg/rr/4'],
    ['xchg %eax,%ecx', '91', 'xchg/rr/4'],
    ['pause', 'f3 90', 'pause//8'],
    ['nopl 0(%rax,%rax)', '0f 1f 44 00 00', 'nop/m/4'],
    ['endbr64', 'f3 0f 1e fa', 'endbr64//8'],
    ['movzbl %ah,%eax', '0f b6 c4', 'movzx/rr/4<1'],
    ['movslq (%rax),%rbx', '48 63 18', 'movsxd/rm/8<4'],
    ['movslq without REX.W', '63 18', 'movsxd/rm/4'],
    ['mov moffs', '48 a1 11 22 33 44 55 66 77 88', 'mov/rm/8'],
    ['push $imm8', '6a ff', 'push/r/8'],
    ['pushw $imm8', '66 6a ff', 'push/r/2'],
    ['pop (%rax)', '8f 00', 'pop/m/8'],
    ['imul $imm,r/m,r', '6b 07 03', 'imul3/rm/4'],
    ['imul r/m,r', '0f af 07', 'imul/rm/4'],
    ['imul r/m', 'f7 2f', 'imul/m/4'],
    ['bt $imm,(mem)', '0f ba 27 05', 'bt/mr/4'],
    ['bt %eax,(mem)', '0f a3 07', 'bt bit string/mr/4'],
    ['bt %eax,%edi', '0f a3 c7', 'bt/rr/4'],
    ['sal is shl', 'd1 f0', 'sal/rr/4'],
    ['rep ret', 'f3 c3', 'ret//8'],
    ['ret $imm16', 'c2 08 00', 'ret imm16/r/8'],
    ['bnd jmp', 'f2 e9 00 00 00 00', 'jmp//8'],
    ['jmp *%rax', 'ff e0', 'jmp/r/8'],
    ['ljmp *(%rax)', 'ff 28', 'jmp far/m/4'],
    ['ljmpw *(%rax)', '66 ff 28', 'jmp far/m/2'],
    ['rex.W lcall *(%rax)', '48 ff 18', 'call far/m/8'],
    ['lretw', '66 cb', 'retf//2'],
    ['lret', 'cb', 'retf//4'],
    ['lretq $8', '48 ca 08 00', 'retf imm16/r/8'],
    ['lss (%rax),%rcx', '48 0f b2 08', 'lss/rm/8'],
    ['lar (%rax),%ecx', '0f 02 08', 'lar/rm/4<2'],
    ['lsl %eax,%rcx', '48 0f 03 c8', 'lsl/rr/8'],
    ['insw (%dx),%es:(%edi)', '67 66 6d', 'ins addr32//2'],
    ['rep outsl %ds:(%rsi),(%dx)', 'f3 6f', 'rep outs//4'],
    ['out %al,$0x80', 'e6 80', 'out/rr/8'],
    ['in (%dx),%ax', '66 ed', 'in/rr/2'],
    ['nopw %ax,%ax behind 0F 0D', '66 0f 0d c0', 'reservednop/rr/2'],
    ['jrcxz', 'e3 00', 'jrcxz//8'],
    ['jecxz', '67 e3 00', 'jecxz//8'],
    ['loop', 'e2 00', 'loop//8'],
    ['loop with ECX', '67 e2 00', 'loop//4'],
    ['loopne with ECX', '67 e0 00', 'loopne//4'],
    ['movsq', '48 a5', 'movs//8'],
    ['rep movsb', 'f3 a4', 'rep movs//1'],
    ['repne movsb', 'f2 a4', 'rep movs//1'],
    ['repe cmpsw', '66 f3 a7', 'repe cmps//2'],
    ['repne scasb', 'f2 ae', 'repne scas//1'],
    ['movsb with ESI', '67 a4', 'movs addr32//1'],
    ['repne scasw with EDI', '67 66 f2 af', 'repne scas addr32//2'],
    ['movsd of SSE2', 'f2 0f 10 07', 'movsd/rm/8'],
    ['movd %eax,%xmm1', '66 0f 6e c8', 'movd/rr/4'],
    ['movq %xmm1,%rax', '66 48 0f 7e c8', 'movq from xmm/rr/8'],
    ['movdqu (%rdi),%xmm1', 'f3 0f 6f 0f', 'movdqu/rm/8'],
    ['pinsrw $1,(%rdi),%xmm1', '66 0f c4 0f 01', 'pinsrw/rm/2'],
    ['paddd of MMX', '0f fe c1', 'paddd of a special register/rr/8'],
    ['movdqu32 with XMM17', '62 a1 7e 08 6f c9', 'vmovdqu32 of a special register/rr/8'],
    ['leavew', '66 c9', 'leave//2'],
    ['iretq', '48 cf', 'iretq//8'],
    ['iretd', 'cf', 'iretd//8'],
    ['mov %rax,%cr3', '0f 22 d8', 'mov to cr3/rr/8'],
    ['mov %rax,%cr4', '0f 22 e0', 'mov to cr4/rr/8'],
    ['mov %cr3,%rax', '0f 20 d8', 'mov from cr3/rr/8'],
    ['mov %ss,%eax', '8c d0', 'mov from ss/rr/4'],
    ['push %fs', '0f a0', 'push fs/r/8'],
    ['popw %gs', '66 0f a9', 'pop gs/r/2'],
    ['cmpxchg8b', '0f c7 0f', 'cmpxchg8b/m/8'],
    ['cmpxchg16b', '48 0f c7 0f', 'cmpxchg16b/m/8'],
  ])('of %s', (_, code, handler) => {
    expect(decoded(code).handler).toBe(handler);
    expect(decoded(code).bytes).toEqual(hex(code));
  });
});

describe('operands', () => {
  it('are registers by their number in ModRM, high bytes one above', () => {
    // mov %spl,%ah is impossible; mov %dil,%spl with REX; mov %bh,%ah without
    expect(decoded('40 88 fc')).toMatchObject({ dest: gpr('rsp'), src: gpr('rdi') });
    expect(decoded('88 fc')).toMatchObject({
      dest: { kind: 'cell', offset: 8 * GPR.rax + 1 },
      src: { kind: 'cell', offset: 8 * GPR.rbx + 1 },
    });
    expect(decoded('4d 89 fc')).toMatchObject({ dest: gpr('r12'), src: gpr('r15') });
    expect(decoded('0f 22 d8')).toMatchObject({ dest: { kind: 'cell', offset: CELL.cr3 }, src: gpr('rax') });
  });

  it('are immediates, sign-extended', () => {
    expect(decoded('48 83 c0 ff').src).toEqual({ kind: 'immediate', value: 0xffffffffffffffffn });
    expect(decoded('b8 00 00 00 80').src).toEqual({ kind: 'immediate', value: 0x80000000n });
    expect(decoded('6b c3 fd').third).toEqual({ kind: 'immediate', value: 0xfffffffffffffffdn });
  });

  it('are memory with base, index, scale and displacement', () => {
    // mov -8(%rax,%r9,4),%rbx
    expect(decoded('4a 8b 5c 88 f8').memory).toMatchObject({
      base: gpr('rax'),
      index: gpr('r9'),
      scale: 2,
      displacement: -8n,
      addressMask: 0xffffffffffffffffn,
      segment: undefined,
      stack: false,
    });
    // RSP cannot be an index, R12 can
    expect(decoded('48 8b 04 24').memory).toMatchObject({ base: gpr('rsp'), index: { kind: 'none' }, stack: true });
    expect(decoded('4a 8b 04 20').memory).toMatchObject({ base: gpr('rax'), index: gpr('r12'), stack: false });
  });

  it('are relative to the address of the instruction, with its length counted in', () => {
    expect(decoded('8b 05 11 00 00 00').memory).toMatchObject({ ripRelative: true, displacement: 0x17n });
    expect(decoded('67 8b 05 11 00 00 00').memory).toMatchObject({
      ripRelative: true,
      displacement: 0x18n,
      addressMask: 0xffffffffn,
    });
    expect(decoded('eb fe').branch).toBe(0n);
    expect(decoded('e8 fb ff ff ff').branch).toBe(0n);
    expect(decoded('0f 84 00 01 00 00').branch).toBe(0x106n);
    expect(decoded('90').branch).toBeUndefined();
  });

  it('have 32-bit displacements zero-extended with an address-size prefix', () => {
    expect(decoded('67 8b 04 25 00 00 00 80').memory?.displacement).toBe(0x80000000n);
    expect(decoded('8b 04 25 00 00 00 80').memory?.displacement).toBe(-0x80000000n);
    expect(decoded('67 a1 00 00 00 80').memory?.displacement).toBe(0x80000000n);
  });

  it('have the segment base of FS and GS only, and their stack segment by the base register', () => {
    expect(decoded('64 8b 45 00').memory).toMatchObject({ segment: 'fsBase', stack: false });
    expect(decoded('65 8b 45 00').memory).toMatchObject({ segment: 'gsBase', stack: false });
    expect(decoded('3e 8b 45 00').memory).toMatchObject({ segment: undefined, stack: true });
    expect(decoded('36 8b 00').memory).toMatchObject({ segment: undefined, stack: false });
    expect(decoded('67 8b 45 00').memory).toMatchObject({ segment: undefined, stack: true });
  });

  it('tell whether LOCK is there', () => {
    expect(decoded('f0 0f b1 0f').locked).toBe(true);
    expect(decoded('0f b1 0f').locked).toBe(false);
  });
});

describe('bytes that make no instruction', () => {
  const kinds = (...codes: string[]): string[] => codes.map((code) => decode(hex(code)).kind);

  it('are undefined when 15 of them are invalid', () => {
    const long = (code: string): string => `${code}${'00'.repeat(15 - hex(code).length)}`;
    expect(kinds(long('06'), long('0f 04'), long('f0 90'), long('ff f8'), long('f0 f7 d8'))).toEqual(
      new Array(5).fill('undefined'),
    );
  });

  it('are too long when an instruction would need more than 15', () => {
    expect(kinds('66'.repeat(15), `${'66'.repeat(9)}48b811223344`)).toEqual(['too long', 'too long']);
    expect(kinds(`${'66'.repeat(14)}90`)).toEqual(['instruction']);
    expect(kinds(`${'66'.repeat(14)}06`, `${'66'.repeat(5)}f090${'66'.repeat(8)}`)).toEqual(['undefined', 'undefined']);
  });

  it('are incomplete when text ends in the middle of an instruction', () => {
    const cut = [
      'b8',
      '0f',
      'f0',
      '48',
      'f0 0f',
      'f0 48 0f',
      'c5',
      'c5 f8',
      'c4',
      '62',
      '0f 3a',
      '0f 71',
      'f0 f7',
      '8b 04',
    ];
    expect(kinds(...cut)).toEqual(cut.map(() => 'incomplete'));
    expect(kinds('66'.repeat(14))).toEqual(['incomplete']);
  });

  it('are undefined when text ends but no byte could make an instruction of them', () => {
    const invalid = ['06', '17', '60', '9a', 'd6', 'ea', '0f 04', '0f 24', '66 06'];
    expect(kinds(...invalid)).toEqual(invalid.map(() => 'undefined'));
  });

  it('agree at every length: a cut instruction is incomplete, a whole one needs no more', () => {
    for (const code of [
      '48 b8 88 77 66 55 44 33 22 11',
      'f0 48 0f b1 1f',
      '67 66 2e 0f 1f 84 00 00 00 00 00',
      'c8 10 00 01',
    ]) {
      const bytes = hex(code);
      for (let length = 1; length < bytes.length; length++) {
        expect(decode(bytes.subarray(0, length)).kind, `${code} cut to ${length}`).toBe('incomplete');
      }
      expect(decode(bytes).kind).toBe('instruction');
    }
  });
});

describe('the cache of decoded bytes', () => {
  it('gives the same object for the same bytes, and does not keep the array it was given', () => {
    const bytes = hex('48 01 d8');
    const first = decode(bytes);
    bytes[1] = 0x29;
    expect(decode(hex('48 01 d8'))).toBe(first);
    expect(decode(bytes)).not.toBe(first);
    expect(first).toMatchObject({ handler: 'add/rr/8', bytes: hex('48 01 d8') });
  });

  it('tells bytes apart that only differ in their number', () => {
    expect(decode(hex('0f 0b')).kind).toBe('instruction');
    expect(decode(hex('0f')).kind).toBe('incomplete');
  });
});
