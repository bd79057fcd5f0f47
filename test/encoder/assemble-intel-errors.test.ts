import { describe } from 'vitest';
import { type Mistake, testMistakes } from './mistakes.js';

const mistakes: readonly Mistake[] = [
  // vector registers
  ['paddd xmm0, rax', "'paddd' does not take xmm0, rax", 1, 'there is paddd xmm,xmm; paddd xmm,oword ptr mem'],
  ['addps eax, xmm0', "'addps' does not take eax, xmm0", 1, 'there is addps xmm,xmm'],
  ['addps xmm1, xmm16', 'xmm16 is a register of AVX-512, which is not assembled', 13, 'xmm0 to xmm15'],
  ['addps xmm1, qword ptr [rax]', "'addps' does not take xmm1, qword ptr memory", 1],
  ['pextrw eax, xmm0', "'pextrw' takes 3 operands, not 2", 1, 'there is pextrw r32,'],
  // mnemonics
  ['mvo rax, rbx', "unknown mnemonic 'mvo'", 1, 'did you mean mov?'],
  ['nop\n mvo rax, rbx', "unknown mnemonic 'mvo'", 2, 'did you mean mov?'],
  ['movl eax, ebx', "unknown mnemonic 'movl'", 1, 'did you mean'],
  // operands
  ['mov eax', "'mov' takes 2 operands, not 1", 1],
  ['ret rax, rbx', "'ret' takes 0 or 1 operands, not 2", 1],
  ['mov eax, cr3', "'mov' does not take eax, cr3", 1, 'mov r32,r32'],
  ['mov eax, word ptr [rbx]', "'mov' does not take eax, word ptr memory", 1, 'mov r32,dword ptr mem'],
  ['lgdt fword ptr [rax]', "'lgdt' does not take fword ptr memory", 1, 'lgdt tbyte ptr mem'],
  ['movsb eax, bl', "'movsb' does not take eax, bl", 1, 'movsb [rdi],[rsi]'],
  ['shld eax, 3', "'shld' does not take eax, an immediate", 1, 'shld r32,r32'],
  ['push cs', "'push' does not take cs", 1],
  ['je rax', "'je' does not take rax", 1, 'je rel8'],
  ['mov ah, r8b', "'mov' cannot be encoded with these operands", 1],
  ['mov , rax', 'an operand is missing here', 5],
  ['mov eax, offset', 'an expression is missing here', 16],
  ['mov eax ebx', 'eax can only stand alone or in brackets', 5],
  // addresses
  ['mov eax, rbx+4', 'rbx can only stand alone or in brackets', 10],
  ['mov eax, (rbx)', 'rbx can only stand alone or in brackets', 11],
  ['mov eax, fs:rax', 'rax can only stand alone or in brackets', 13],
  ['mov eax, dword ptr ebx', 'ebx can only stand alone or in brackets', 20],
  ['mov eax, [rbx', "expected ']' to close the memory operand", 14],
  ['mov eax, [rbx]]', "unexpected ']'", 15],
  ['mov eax, []', "']' is not a number or a symbol", 11],
  ['mov eax, [rbx+rcx*3]', "the scale must be 1, 2, 4 or 8, not '3'", 15],
  ['mov eax, [rbx+rcx*site]', 'the scale must be a number that is known here', 15],
  ['mov eax, [rbx+rcx+rdx]', 'an address has a base and an index, no third register', 19],
  ['mov eax, [rbx*2+rcx*4]', 'only one register can have a scale', 17],
  ['mov eax, [rbx-rcx]', 'a register can only be added, or multiplied by 1, 2, 4 or 8', 15],
  ['mov eax, [rbx*rcx]', 'a register can only be added', 15],
  ['mov eax, [(rbx+4)*2]', 'a register can only be added', 12],
  ['mov eax, [rsp*2]', 'rsp cannot be an index', 10],
  ['mov eax, [rsp+rsp]', 'rsp cannot be an index', 10],
  ['mov eax, [rbx+ecx]', 'base and index must be of the same width', 10],
  ['mov eax, [rip+rcx]', 'rip takes no index register', 10],
  ['mov eax, [al]', 'the base must be a 64-bit or 32-bit register', 10],
  // sizes
  [
    'mov [rax], 1',
    "operand size of 'mov' is unclear",
    1,
    'write byte ptr [...], word ptr [...], dword ptr [...] or qword',
  ],
  ['movzx ecx, [rax]', "operand size of 'movzx' is unclear", 1, 'write byte ptr [...] or word ptr [...]'],
  ['stos [rdi]', "operand size of 'stos' is unclear", 1, 'byte ptr'],
  ['fld [rax]', "operand size of 'fld' is unclear", 1, 'tbyte ptr'],
  ['iret', "operand size of 'iret' is unclear", 1, 'iretd, iretq or iretw'],
  ['mov eax, dword [rbx]', "'dword' is a size", 10, 'write dword ptr'],
  ['mov eax, dwrod ptr [rbx]', "unknown size 'dwrod ptr'", 10, 'did you mean dword ptr?'],
  ['push qword ptr 5', 'a size goes with memory, not with a number', 6, 'write [...]'],
  // numbers
  ['add al, 0x1ff', 'immediate out of range: it does not fit 8 bits', 9],
  ['mov eax, offset site', 'immediate out of range: address 0xffffffff82000000 does not fit 32 bits', 10, 'lea'],
  ['mov ecx, [rax+0x80000000]', 'displacement out of range', 10],
  ['mov eax, distant', 'displacement out of range', 10],
  ['mov eax, distant[rip]', 'displacement out of range', 10],
  ['mov eax, 10h', "'10h' is not a number or a symbol", 10, 'write 0x10'],
  ['mov eax, 0ffh', "'0ffh' is not a number or a symbol", 10, 'write 0x0ff'],
  ['mov eax, 089', "'089' is not an octal number", 10, 'octal'],
  ['mov eax, 1/0', 'division by zero', 11],
  // explicit lengths
  ['1: .skip 200; jmp short 1b', 'branch target out of range: the distance -0xca does not fit rel8', 25, '.rel32'],
  ['call short site', "'call' has no form with rel8", 1],
  ['jmp.rel16 .', "unknown length suffix 'rel16'", 1, 'did you mean rel'],
  ['mov.disp8 ecx, [rax+0x80]', 'displacement out of range: 0x80 does not fit 8 bits', 16],
  ['lock mov [rbx], eax', "lock does not go with 'mov'", 6],
  // symbols
  ['call sit', "undefined symbol 'sit'", 6, 'did you mean site?'],
  ['mov raxx, rbx', "undefined symbol 'raxx'", 5, 'did you mean rax?'],
  ['lea rax, 2f[rip]', "there is no label for '2f'", 10],
  // directives
  ['.att_syntax', '.att_syntax, but the syntax of this block is another', 1],
  ['.intel_syntax', 'write .intel_syntax noprefix', 1],
];

describe('mistakes in Intel syntax', () => testMistakes(mistakes, 'intel'));
