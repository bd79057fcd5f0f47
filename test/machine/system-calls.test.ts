import { describe, expect, it } from 'vitest';
import { EFER } from '../../src/cpu/cells.js';
import { MSR } from '../../src/cpu/semantics/msr.js';
import { VECTOR } from '../../src/cpu/vector.js';
import { procedure } from '../../src/machine/procedure.js';
import { World } from './world.js';

const TF = 0x100n;
const BS = 1n << 14n;
const handler = procedure('handler', (p) => p.step('iretq', (c) => c.host.interruptReturn(c.cpu)));
const idt = { [VECTOR.db]: handler };
const traps = (world: World) => world.events.filter(({ kind }) => kind === 'trap');

const ROUND_TRIP = `
  start: mov $${MSR.lstar}, %ecx
         lea entry(%rip), %rax
         mov %rax, %rdx
         shr $32, %rdx
         wrmsr
         mov $${MSR.fmask}, %ecx
         mov $0x700, %eax        # TF IF DF
         xor %edx, %edx
         wrmsr
         mov $0x202, %r11d
         lea user(%rip), %rcx
         sysretq
  user:  mov $39, %eax
         syscall
  back:  nop
  entry: swapgs
         mov %eax, %ebx
         swapgs
         sysretq`;

describe('a system call', () => {
  it.each(['wasm', 'bigint'] as const)('goes to the kernel and comes back to where it was (%s)', (backend) => {
    const world = new World({ asm: ROUND_TRIP, tasks: ['start'], backend });
    world.insn(0, 14);
    expect([world.cpu.rip, world.cpu.cell('cpl'), world.cpu.interruptsEnabled]).toEqual([world.at('entry'), 0n, false]);
    world.insn(0, 4);
    expect([world.cpu.rip, world.cpu.cell('cpl'), world.cpu.interruptsEnabled]).toEqual([world.at('back'), 3n, true]);
    expect(world.cpu.gpr('rbx')).toBe(39n);
    expect(world.events.filter(({ kind }) => kind === 'serialize')).toHaveLength(2);
  });

  it('traps for a single step only if TF is left set', () => {
    for (const [fmask, expected] of [
      [0n, 1],
      [TF, 0],
    ] as const) {
      const world = new World({ asm: 'start: syscall\n entry: nop', tasks: ['start'], idt });
      world.cpu.setCell('lstar', world.at('entry'));
      world.cpu.setCell('fmask', fmask);
      world.cpu.rflags |= TF;
      world.insn();
      expect(traps(world)).toHaveLength(expected);
      if (expected === 1) expect(traps(world)[0]).toMatchObject({ vector: VECTOR.db, rip: world.at('entry') });
    }
  });

  it('that returns TF traps before the first instruction of the user', () => {
    const world = new World({ asm: 'start: sysretq\n user: nop', tasks: ['start'], idt });
    world.cpu.setGpr('rcx', world.at('user'));
    world.cpu.setGpr('r11', 0x302n);
    world.insn();
    expect(traps(world)).toMatchObject([{ vector: VECTOR.db, rip: world.at('user') }]);
  });
});

describe('DR6', () => {
  it('says that a #DB is a single step’s, but not that of INT1', () => {
    const world = new World({ asm: 'start: nop\n next: int1', tasks: ['start'], idt });
    world.cpu.rflags |= TF;
    world.insn();
    expect(world.cpu.cell('dr6')).toBe(BS);
    const other = new World({ asm: 'start: int1', tasks: ['start'], idt }).insn();
    expect([traps(other).length, other.cpu.cell('dr6')]).toEqual([1, 0n]);
  });
});

describe('what a CPU has that is not the task’s', () => {
  it('begins as 0 in every cell', () => {
    const world = new World({ asm: 'start: rdmsr', tasks: ['start'] });
    expect((['efer', 'star', 'cr0', 'cr4', 'selectors'] as const).map((name) => world.cpu.cell(name))).toEqual(
      Array(5).fill(0n),
    );
    world.cpu.setGpr('rcx', BigInt(MSR.efer));
    expect(world.insn().cpu.gpr('rax')).toBe(EFER.sce | EFER.lme | EFER.lma | EFER.nxe);
  });
});
