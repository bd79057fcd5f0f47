import { describe, expect, it } from 'vitest';
import { assemble } from '../../src/encoder/assemble.js';
import { type Mistake, problemOf, testMistakes } from './mistakes.js';

describe('a mistake in assembly source', () => {
  it('is reported with file, line, column and the source line, under which the caret fits', () => {
    const error = problemOf('nop\n  mvo %rax, %rbx');
    expect(error.message).toBe("unknown mnemonic 'mvo'");
    expect(error.location).toEqual({ file: 'x.yaml', line: 6, column: 5 });
    expect(error.excerpt).toBe('    mvo %rax, %rbx');
    expect(error.excerpt?.[4]).toBe('m');
    expect(error.hint).toBe('did you mean mov?');
  });

  it('is an expression with more terms than the stack has room for', () => {
    const endless = ['('.repeat(50_000), `${'-'.repeat(50_000)}1`, `1${'+1'.repeat(50_000)}`];
    for (const expression of endless) {
      expect(problemOf(`.quad ${expression}`).message).toBe('this expression has more than 500 terms');
      expect(problemOf(`mov eax, [rax+${expression}`, 'intel').message).toContain('more than 500 terms');
    }
    expect(problemOf(`mov eax, ${'['.repeat(50_000)}`, 'intel').location?.column).toBe(512);
  });

  it('has a file name even when none is given', () => {
    expect(() => assemble([{ base: 0n, source: 'x' }])).toThrow(
      expect.objectContaining({ location: { file: '<assembly>', line: 1, column: 1 } }),
    );
  });
});

const mistakes: readonly Mistake[] = [
  // mnemonics
  ['cmpxchg17b (%rax)', "unknown mnemonic 'cmpxchg17b'", 1, 'did you mean cmpxchg16b?'],
  ['nop; serialise', "unknown mnemonic 'serialise'", 6, 'did you mean serialize?'],
  ['lok addl $1,(%rax)', "unknown mnemonic 'lok'", 1, 'did you mean lock?'],
  ['frobnicate', "unknown mnemonic 'frobnicate'", 1],
  ['(bad)', "expected an instruction, not '(bad)'", 1],
  ['{disp9} nop', "unknown pseudo prefix 'disp9'", 1, 'did you mean disp8?'],
  ['{disp8}', 'an instruction is missing here', 8],
  // operands
  ['mov %rax', "'mov' takes 2 operands, not 1", 1],
  ['ret %rax, %rbx', "'ret' takes 0 or 1 operands, not 2", 1],
  ['inc', "'inc' takes 1 operand, not 0", 1],
  ['movl %rax, %ebx', "'movl' does not take %rax, %ebx", 1, 'movl r32,r32'],
  ['mov %eax, %cr3', "'mov' does not take %eax, %cr3", 1],
  ['lea %rax, %rbx', "'lea' does not take %rax, %rbx", 1, 'lea mem,r64'],
  ['push %cs', "'push' does not take %cs", 1],
  ['jmp %rax', "'jmp' through a register or memory needs a *", 1, 'jmp *'],
  ['mov %ah, %r8b', "'mov' cannot be encoded with these operands", 1],
  ['mov %raxx, %rbx', "unknown register '%raxx'", 5, 'did you mean %rax?'],
  ['mov , %rax', 'an operand is missing here', 5],
  ['mov $, %rax', 'an expression is missing here', 6],
  ['mov (%rax', "expected ')' to close the memory operand", 10],
  ['mov (%rax,%rbx,3), %rcx', "the scale must be 1, 2, 4 or 8, not '3'", 17],
  ['mov (%rax,%rsp), %rcx', 'rsp cannot be an index', 5],
  ['mov (%rax,%ecx), %rdx', 'base and index must be of the same width', 5],
  ['mov (%rip,%rcx), %rdx', 'rip takes no index register', 5],
  ['mov (%al), %rdx', 'the base must be a 64-bit or 32-bit register', 5],
  ['mov %rax:4, %rdx', 'only a segment register can stand before a :', 5],
  ['mov %rax %rbx', "unexpected '%rbx'", 10],
  // vector registers
  ['paddd %rax, %xmm0', "'paddd' does not take %rax, %xmm0", 1, 'there is paddd xmm,xmm; paddd mem,xmm; paddd mm,mm'],
  ['addps %xmm0, %eax', "'addps' does not take %xmm0, %eax", 1, 'there is addps xmm,xmm; addps mem,xmm'],
  ['paddd %mm0, %xmm0', "'paddd' does not take %mm0, %xmm0", 1, 'paddd mm,mm; paddd xmm,xmm'],
  ['movaps %mm0, %xmm1', "'movaps' does not take %mm0, %xmm1", 1, 'there is movaps xmm,xmm; movaps mem,xmm'],
  ['addps %ymm0, %ymm1', "'addps' does not take %ymm0, %ymm1", 1, 'there is addps xmm,xmm'],
  ['movq %eax, %xmm0', "'movq' does not take %eax, %xmm0", 1, 'there is movq r64,xmm; movq xmm,xmm; movq mem,xmm'],
  ['movntdq %xmm1, %xmm2', "'movntdq' does not take %xmm1, %xmm2", 1, 'there is movntdq xmm,mem'],
  ['movhlps (%rax), %xmm1', "'movhlps' does not take memory, %xmm1", 1, 'there is movhlps xmm,xmm'],
  ['movmskps %xmm0, %al', "'movmskps' does not take %xmm0, %al", 1, 'movmskps xmm,r32; movmskps xmm,r64'],
  ['addps (%rax,%xmm1), %xmm2', "'addps' does not take memory with the index %xmm1, %xmm2", 1],
  ['paddd %xmm0', "'paddd' takes 2 operands, not 1", 1, 'there is paddd xmm,xmm'],
  ['pextrw $1, %xmm0', "'pextrw' takes 3 operands, not 2", 1, 'there is pextrw $imm8,xmm,r32'],
  ['shufps %xmm0, %xmm1', "'shufps' takes 3 operands, not 2", 1, 'there is shufps $imm8,xmm,xmm'],
  ['psrldq $1, %mm0', "'psrldq' does not take an immediate, %mm0", 1, 'there is psrldq $imm8,xmm'],
  ['shufps $256, %xmm0, %xmm1', 'immediate out of range: it does not fit 8 bits', 8],
  ['lock paddd %xmm0, (%rax)', "'paddd' does not take %xmm0, memory", 6],
  ['paddd %xmm16, %xmm0', '%xmm16 is a register of AVX-512, which is not assembled', 7, '%xmm0 to %xmm15'],
  ['addps %xmm1, %xmm31', '%xmm31 is a register of AVX-512', 14, '%ymm0 to %ymm15'],
  ['movaps %zmm1, %zmm0', '%zmm1 is a register of AVX-512', 8],
  ['vpgatherdd %xmm1, (%rax,%xmm17), %xmm2', '%xmm17 is a register of AVX-512', 19],
  ['paddd %xmm99, %xmm0', "unknown register '%xmm99'", 7, 'did you mean %xmm9?'],
  ['movsd', "'movsd' takes 2 operands, not 0", 1, 'the string instruction is movsl in AT&T syntax'],
  ['rep movsd (%rsi), (%rdi)', "'movsd' does not take memory, memory", 5, 'the string instruction is movsl'],
  ['cmpsd', "'cmpsd' takes 3 operands, not 0", 1, 'the string instruction is cmpsl'],
  // system instructions
  ['in %dx, %rax', "'in' does not take %dx, %rax", 1, 'there is in %dx,%al'],
  ['out %al, %bx', "'out' does not take %al, %bx", 1, 'out %al,%dx'],
  ['outsb (%rsi)', "'outsb' takes 0 or 2 operands, not 1", 1, 'outsb (%rsi),%dx'],
  ['lss %eax, %ebx', "'lss' does not take %eax, %ebx", 1, 'there is lss mem,r32'],
  ['lmsw %eax', "'lmsw' does not take %eax", 1, 'there is lmsw r16; lmsw mem'],
  ['sysret', "operand size of 'sysret' is unclear", 1, 'sysretl or sysretq'],
  ['movdiri %eax, %ebx', "'movdiri' does not take %eax, %ebx", 1, 'there is movdiri r32,mem'],
  // sizes
  ['mov $1, (%rax)', "operand size of 'mov' is unclear", 1, 'write movb, movl, movq or movw'],
  ['inc (%rax)', "operand size of 'inc' is unclear", 1, 'incb, incl, incq or incw'],
  ['movzx (%rax), %ecx', "operand size of 'movzx' is unclear", 1, 'movzbl or movzwl'],
  ['iret', "operand size of 'iret' is unclear", 1, 'iretl, iretq or iretw'],
  ['iret $1', "operand size of 'iret' is unclear", 1, 'iretl, iretq or iretw'],
  ['stos (%rdi)', "operand size of 'stos' is unclear", 1, 'stosb'],
  // numbers
  ['add $0x1ff, %al', 'immediate out of range: it does not fit 8 bits', 5],
  ['mov $0x123456789, %eax', 'immediate out of range: it does not fit 32 bits', 5],
  ['add $0xffffffff, %rax', 'immediate out of range: it does not fit 32 bits', 5],
  ['push.imm8 $0x80', 'immediate out of range: it does not fit 8 bits', 11],
  ['mov $site, %eax', 'immediate out of range: address 0xffffffff82000000 does not fit 32 bits', 5, 'lea'],
  ['mov 0x80000000(%rax), %ecx', 'displacement out of range', 5],
  ['mov.disp8 0x80(%rax), %ecx', 'displacement out of range: 0x80 does not fit 8 bits', 11],
  ['mov far(%rip), %eax', 'displacement out of range', 5],
  ['mov $0x10000000000000000, %rax', '0x10000000000000000 does not fit 64 bits', 6],
  ['mov $089, %rax', "'089' is not an octal number", 6, 'octal'],
  ['mov $12ab, %rax', "'12ab' is not a number or a symbol", 6],
  ['mov $1/0, %rax', 'division by zero', 7],
  ['.byte 256', '0x100 does not fit 8 bits', 1],
  ['.long site', '0xffffffff82000000 does not fit 32 bits', 1],
  // explicit lengths
  ['1: .skip 200; jmp.rel8 1b', 'branch target out of range: the distance -0xca does not fit rel8', 24, '.rel32'],
  ['call.rel32 far', 'branch target out of range: the distance', 12],
  ['loop far', 'branch target out of range', 6],
  ['call.rel8 .', "'call' has no form with rel8", 1],
  ['mov.imm8 $1, %eax', "'mov' with these operands has no form with imm8", 1],
  ['jmp.rel16 .', "unknown length suffix 'rel16'", 1, 'did you mean rel'],
  ['lock nop', "lock does not go with 'nop'", 6],
  ['lock add %eax, %ebx', "lock does not go with 'add'", 6],
  ['lock mov %eax, (%rbx)', "lock does not go with 'mov'", 6],
  // symbols
  ['call sit', "undefined symbol 'sit'", 6, 'did you mean site?'],
  ['1: jmp 2f', "there is no label for '2f'", 8],
  ['jmp 1b', "there is no label for '1b'", 5],
  ['a: nop\na: nop', "duplicate label 'a'", 1, 'x.yaml:5'],
  ['a = 1; a: nop', "'a' is already a symbol with an assigned value", 8],
  ['a: nop; a = 1', "'a' is already a label", 9],
  ['a = b + 1; b = a + 1; .quad a', "the value of 'a' depends on itself", 16],
  // directives
  ['.intel_syntax noprefix', '.intel_syntax, but the syntax of this block is another', 1],
  ['.bite 1', "unknown directive '.bite'", 1, 'did you mean .byte?'],
  ['.ascii abc', 'expected a string in double quotes', 8],
  ['.ascii "abc', 'this string does not end', 8],
  ['nop /* never', 'this comment does not end', 5],
  ['.balign 3', 'the alignment must be a power of 2', 9],
  ['.skip -1', 'negative', 7],
  ['.skip 1f - 2f; 1: nop; 2:', 'the count is negative: -1', 1],
  ['.skip', '.skip needs a count', 1],
  ['nop; nop; .org 1', '.org cannot go back by 1 bytes', 11],
  ['.skip 1f - . + 1; 1:', 'does not settle', 1],
  ['.balign 8, 0, 1, 2', '.balign takes at most 3 operands', 18],
  ['.balign x', 'this must be a number that is known here already', 9],
  ['.set x', '.set takes a symbol and an expression', 1],
];

describe('mistakes', () => testMistakes(mistakes, 'att'));
