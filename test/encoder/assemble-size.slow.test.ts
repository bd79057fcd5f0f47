import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { assemble } from '../../src/encoder/assemble.js';
import { disassemble } from '../../src/encoder/disassemble.js';

/** The linear memory of iced's WebAssembly, which only ever grows: what is not freed shows here. */
function icedMemory(): number {
  const iced: object = createRequire(import.meta.url)('iced-x86');
  const instance: unknown = Reflect.get(iced, '__wasm');
  const memory: unknown =
    typeof instance === 'object' && instance !== null ? Reflect.get(instance, 'memory') : undefined;
  if (!(memory instanceof WebAssembly.Memory)) throw new Error('iced-x86 keeps its memory elsewhere now');
  return memory.buffer.byteLength;
}

const body = [
  'mov %rax,%rbx',
  'add $0x10,%rsp',
  'mov 8(%rbp),%rax',
  'lea start(%rip),%rdi',
  'call start',
  'test %eax,%eax',
  'je 1f',
  'movzbl (%rsi),%ecx',
  'lock cmpxchg %rcx,(%rdi)',
  '1: pop %rbx',
];

function program(lines: number): string {
  return `start:\n${Array.from({ length: lines }, (_, i) => body[i % body.length]).join('\n')}`;
}

describe('a large program', () => {
  it('of 50,000 instructions leaves no memory behind in iced', () => {
    assemble([{ base: 0n, source: program(1000) }]);
    const before = icedMemory();
    const { blocks } = assemble([{ base: 0n, source: program(50_000) }]);
    expect(blocks[0]?.lines.length).toBe(50_000);
    expect(disassemble(blocks[0]?.bytes ?? new Uint8Array(), 0n).length).toBe(50_000);
    // The decoder's copy of the bytes; 70 bytes an instruction would be 3.5 MB or more.
    expect(icedMemory() - before).toBeLessThan(2_000_000);
  });

  it('of 1,000 lines takes well under a second', () => {
    assemble([{ base: 0n, source: 'nop' }]);
    const start = process.cpuUsage();
    assemble([{ base: 0n, source: program(1000) }]);
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1e6).toBeLessThan(0.7);
  });

  it('leaves nothing behind when instructions are refused', () => {
    const refuse = () => expect(() => assemble([{ base: 0n, source: 'mov %ah,%r8b' }])).toThrow('cannot be encoded');
    for (let i = 0; i < 1000; i++) refuse();
    const before = icedMemory();
    for (let i = 0; i < 5000; i++) refuse();
    expect(icedMemory() - before).toBeLessThan(200_000);
  });
});
