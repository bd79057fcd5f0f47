import { describe, expect, it } from 'vitest';
import { type DisassembleOptions, disassemble, disassembleOne } from '../../src/encoder/disassemble.js';
import { SymbolTable } from '../../src/encoder/symbols.js';
import { hex } from './hex.js';

const site = 0xffffffff81000000n;
const symbols = new SymbolTable([
  ['site', site],
  ['counter', 0xffffffff81000040n],
  ['old', 0xffffffff82000000n],
]);

function texts(bytes: string, options: DisassembleOptions = {}): string[] {
  return disassemble(Buffer.from(bytes, 'hex'), site, options).map(({ text }) => text);
}

describe('disassemble', () => {
  it('gives address, length and bytes of each instruction', () => {
    const all = disassemble(Buffer.from('e8fbffff0090c3', 'hex'), site);
    expect(all.map(({ address, length, bytes }) => [address, length, hex(bytes)])).toEqual([
      [site, 5, 'e8fbffff00'],
      [site + 5n, 1, '90'],
      [site + 6n, 1, 'c3'],
    ]);
  });

  it('names branch targets', () => {
    expect(texts('e8fbffff00', { symbols })).toEqual(['call 0xffffffff82000000 <old>']);
    expect(texts('eb01', { symbols })).toEqual(['jmp 0xffffffff81000003 <site+0x3>']);
    expect(texts('0f8400000001', { symbols })).toEqual(['je 0xffffffff82000006 <old+0x6>']);
    expect(texts('e8fbffff00')).toEqual(['call 0xffffffff82000000']);
  });

  it('tells what %rip-relative and absolute operands refer to', () => {
    expect(texts('488b0539000000', { symbols })).toEqual(['mov 0x39(%rip),%rax  # 0xffffffff81000040 <counter>']);
    expect(texts('488b0539000000')).toEqual(['mov 0x39(%rip),%rax  # 0xffffffff81000040']);
    expect(texts('8b042544000081', { symbols })).toEqual(['mov 0xffffffff81000044,%eax  # <counter+0x4>']);
    expect(texts('65488b042528000000', { symbols })).toEqual(['mov %gs:0x28,%rax']);
  });

  it('names immediates that are the address of a symbol, but not of something behind one', () => {
    expect(texts('6800000082', { symbols })).toEqual(['push $0xffffffff82000000  # <old>']);
    expect(texts('6801000082', { symbols })).toEqual(['push $0xffffffff82000001']);
  });

  it('writes what the kernel patches the way it is known', () => {
    expect(texts('cc')).toEqual(['int3']);
    expect(texts('0f1f440000')).toEqual(['nopl 0x0(%rax,%rax,1)']);
    expect(texts('6690')).toEqual(['xchg %ax,%ax']);
    expect(texts('2e2e2e31c0')).toEqual(['cs cs cs xor %eax,%eax']);
    expect(texts('6666660f1f840000000000')).toEqual(['data16 data16 nopw 0x0(%rax,%rax,1)']);
    expect(texts('0fb9cc')).toEqual(['ud1 %esp,%ecx']);
    expect(texts('f30f1efa')).toEqual(['endbr64']);
    expect(texts('0f01e8')).toEqual(['serialize']);
    expect(texts('f04883042400')).toEqual(['lock addq $0x0,(%rsp)']);
    expect(texts('3effe0')).toEqual(['notrack jmp *%rax']);
    expect(texts('f3a4f2aef3c3f390')).toEqual(['rep movsb (%rsi),(%rdi)', 'repne scas (%rdi),%al', 'rep ret', 'pause']);
    expect(texts('48cf480f07')).toEqual(['iretq', 'sysretq']);
  });

  it('shows sizes that only a prefix makes, and prefixes without effect', () => {
    expect(texts('66e800000000')).toEqual(['data16 call 0xffffffff81000006']);
    expect(texts('6790')).toEqual(['addr32 nop']);
    expect(texts('67f3a4')).toEqual(['rep movsb (%esi),(%edi)']);
    expect(texts('664850')).toEqual(['data16 rex.w push %rax']);
    expect(texts('2e3effe0')).toEqual(['cs notrack jmp *%rax']);
    expect(texts('3e2effe0')).toEqual(['ds cs jmp *%rax']);
    expect(texts('f3c60000')).toEqual(['xrelease movb $0x0,(%rax)']);
  });

  it('prints bytes that begin no instruction one by one', () => {
    expect(texts('060f0bf0900f')).toEqual(['(bad)', 'ud2', '(bad)', 'nop', '(bad)']);
    expect(texts('e80000')).toEqual(['(bad)', 'add %al,(%rax)']);
  });

  it('can write as Intel does', () => {
    const options: DisassembleOptions = { syntax: 'intel', symbols };
    expect(texts('e8fbffff00', options)).toEqual(['call 0xffffffff82000000 <old>']);
    expect(texts('488b0539000000', options)).toEqual(['mov rax,[rip+0x39]  # 0xffffffff81000040 <counter>']);
    expect(texts('f04883042400', options)).toEqual(['lock add qword ptr [rsp],0x0']);
    expect(texts('2e2e2e31c0', options)).toEqual(['cs cs cs xor eax,eax']);
    expect(texts('0f1f440000', options)).toEqual(['nop dword ptr [rax+rax*1+0x0]']);
    expect(texts('65488b042528000000', options)).toEqual(['mov rax,gs:[0x28]']);
    expect(texts('f3a465a4', options)).toEqual(['rep movsb', 'movs byte ptr es:[rdi],byte ptr gs:[rsi]']);
    expect(texts('8713', options)).toEqual(['xchg [rbx],edx']);
  });

  it('writes what is special about GNU tools in Intel syntax too', () => {
    const intel: DisassembleOptions = { syntax: 'intel' };
    expect(texts('cccd03', intel)).toEqual(['int3', 'int 0x3']);
    expect(texts('669c9c66cfcf48cf', intel)).toEqual(['pushfw', 'pushfq', 'iretw', 'iretd', 'iretq']);
    expect(texts('66c348cbcb', intel)).toEqual(['data16 ret', 'retfq', 'retfd']);
    expect(texts('48b80100000000000000', intel)).toEqual(['movabs rax,0x1']);
    expect(texts('a01200000000000000', intel)).toEqual(['movabs al,[0x12]']);
    expect(texts('3e7500', intel)).toEqual(['ds jne 0xffffffff81000003']);
    expect(texts('0f0118ff1848ff18', intel)).toEqual([
      'lidt [rax]',
      'call fword ptr [rax]',
      'rex.w call fword ptr [rax]',
    ]);
    expect(texts('66d920d920', intel)).toEqual(['data16 fldenv [rax]', 'fldenv [rax]']);
    expect(texts('650ff7eb', intel)).toEqual(['gs maskmovq mm5,mm3']);
  });

  it('gives nothing for nothing', () => {
    expect(disassemble(new Uint8Array(), 0n)).toEqual([]);
  });
});

describe('disassembleOne', () => {
  it('looks at the first instruction only', () => {
    const { text, length, address } = disassembleOne(Buffer.from('9006', 'hex'), 0x10n);
    expect([text, length, address]).toEqual(['nop', 1, 0x10n]);
  });

  it('needs bytes', () => {
    expect(() => disassembleOne(new Uint8Array(), 0n)).toThrow(RangeError);
  });
});
