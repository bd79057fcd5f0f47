import { describe, expect, it } from 'vitest';
import { execute } from '../../src/cpu/backend/bigint.js';
import { CELL } from '../../src/cpu/cells.js';
import { executableAt } from '../../src/cpu/executable.js';
import { COHERENT } from '../../src/cpu/fetch.js';
import { OverlayView } from '../../src/cpu/processor-view.js';
import { CPU_STRIDE, LAYOUT } from '../../src/memory/layout.js';
import { AT, machineWith, RSP, type Setup } from './machine-with.js';

/** Executes instructions on an overlay; the machine itself is given back to be looked at. */
function overlaid(setup: Setup, steps: number) {
  const machine = machineWith(setup);
  const { memory } = machine.bigint;
  const view = new OverlayView(memory, memory.linear.u8.slice(LAYOUT.cpu, LAYOUT.cpu + CPU_STRIDE));
  for (let i = 0; i < steps; i++) {
    const insn = execute(executableAt(memory, COHERENT, 0, view.cell(CELL.rip, 8)), view);
    view.setCell(CELL.rip, 8, insn.rip);
  }
  return { machine, view };
}

describe('an overlay over a CPU', () => {
  it('reads back what it wrote, and leaves the machine alone', () => {
    // push %rax; pop %rbx; push %rcx
    const { machine, view } = overlaid({ code: '50 5b 51', rax: 7n, rcx: 9n }, 3);
    expect([view.cell(24, 8), view.load(RSP - 8n, 8)]).toEqual([7n, 9n]);
    expect([machine.reg('rbx'), machine.reg('rsp'), machine.read(RSP - 8n), machine.rip]).toEqual([
      0n,
      RSP,
      0n,
      AT.code,
    ]);
  });

  it('mixes bytes that it wrote with bytes of memory', () => {
    // movb $0xaa,1(%rdi); mov (%rdi),%rax
    const words = { [`${AT.data}`]: 0x1111111111111111n };
    const { view } = overlaid({ code: 'c6 47 01 aa 48 8b 07', rdi: AT.data, words }, 2);
    expect(view.cell(0, 8)).toBe(0x111111111111aa11n);
    expect([...view.bytes]).toEqual([[AT.data + 1n, 0xaa]]);
  });

  it('faults like the machine', () => {
    const { view } = overlaid({ code: '48 89 07', rdi: AT.readonly }, 1);
    expect([view.cell(CELL.rip, 8), view.cell(CELL.cr2, 8)]).toEqual([AT.code, AT.readonly]);
    expect(view.bytes.size).toBe(0);
  });

  it('goes on like the machine, over a page boundary too', () => {
    const setup = { code: '48 89 07 48 83 c7 04 48 01 07 48 8b 1f', rax: 0x1122334455667788n, rdi: AT.data + 0xffan };
    const { view } = overlaid(setup, 4);
    const machine = machineWith(setup).step(4);
    expect(view.cell(24, 8)).toBe(machine.reg('rbx'));
    expect(view.load(AT.data + 0xff8n, 8)).toBe(machine.read(AT.data + 0xff8n));
    expect(view.load(AT.data + 0x1000n, 8)).toBe(machine.read(AT.data + 0x1000n));
  });
});
