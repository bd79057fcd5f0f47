import { describe, expect, it } from 'vitest';
import { RandomScheduler } from '../../src/explore/random-scheduler.js';
import { run } from '../../src/explore/run.js';
import { type BuiltScenario, buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';
import { MODULES, PIE_FILE } from './elf-fixtures.js';
import { errorLine, errorOf } from './input-error.js';

const FILES = new Map([...Object.entries(MODULES), ['pie.elf', PIE_FILE] as const]);

/** Two modules, a program and assembly that call each other. */
const scenario = `scenario: modules
text:
  - {elf: module.o, base: 0xffffffffa0000000}
  - {elf: helper.o, base: 0xffffffffa0100000}
  - {elf: pie.elf, base: 0xffffffffa0200000}
  - base: 0xffffffff81000000
    asm: |
      small = 0x1234
      start:  mov $5, %edi
              call module_work
              mov %rax, result(%rip)
              call module_site
              mov %rax, result+8(%rip)
              call pie_work
              mov %rax, result+16(%rip)
              mov last_sum(%rip), %rax
              mov %rax, result+24(%rip)
              hlt
      outside: lea 100(%rdi,%rdi), %rax
              ret
data:
  - {name: result, base: 0xffffffff82000000, size: 64}
cpus: 1
tasks: {only: {cpu: 0, entry: start, if: 0}}
`;

function build(text: string): BuiltScenario {
  return buildScenario(loadScenario(text, 'modules.yaml'), { files: FILES });
}

/** The words at `result` after everything has run. */
function results({ machine, monitors, symbolAddresses }: BuiltScenario): bigint[] {
  const { end } = run(machine, monitors, new RandomScheduler(1), 1000);
  expect(end.kind).toBe('finished');
  const bytes = machine.memory.bytes(symbolAddresses.get('result') ?? 0n, 32);
  return [0, 8, 16, 24].map((offset) => new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(offset, true));
}

describe('modules in a scenario', () => {
  it('call assembly and each other, find their data, and skip what is weak and not there', () => {
    // 1000 from .rodata through the GOT, 110 from assembly, 4 from the other object, 70 from .rodata.
    const sum = 1000n + 110n + 4n + 70n;
    // The weak module_target of helper.c: the first letter of "seven" after one call, and the common variable.
    expect(results(build(scenario))).toEqual([sum, BigInt('s'.charCodeAt(0)) + sum, 127n, sum]);
  });

  it('have weak functions that a label of assembly replaces', () => {
    const text = scenario.replace(
      'outside: lea',
      'module_target: mov $42, %eax\n              ret\n      outside: lea',
    );
    expect(results(build(text))[1]).toBe(42n);
  });

  it('have symbols that sites and entries can name', () => {
    const { symbolAddresses, symbols, machine } = build(scenario);
    expect(symbolAddresses.get('module_site')).toBe(0xffffffffa00000ben);
    expect(symbols.format(0xffffffffa0000002n)).toBe('module_work+0x2');
    const permissions = ['module_work', 'scale', 'calls', 'pie_work'].map((name) => {
      return machine.memory.pageAt(symbolAddresses.get(name) ?? 0n)?.permissions;
    });
    expect(permissions).toEqual([
      { read: true, write: false, execute: true },
      { read: true, write: false, execute: false },
      { read: true, write: true, execute: false },
      { read: true, write: false, execute: true },
    ]);
  });

  it.each([
    [
      'no base',
      'module.o, base: 0xffffffffa0000000',
      'module.o',
      'modules.yaml:3:5: module.o needs a base: it has no addresses of its own',
    ],
    [
      'a base in a page',
      'a0100000',
      'a0100010',
      'modules.yaml:4:5: the base of helper.o, 0xffffffffa0100010, is not page aligned (a multiple of 0x1000)',
    ],
    [
      'a name that assembly has too',
      'start:  mov',
      'helper: start: mov',
      "helper.o: 'helper' is defined twice: in helper.o and in the scenario itself",
    ],
    [
      'a name that nothing defines',
      'outside: lea',
      'outsider: lea',
      "module.o: .text+0x11: R_X86_64_PLT32 against 'outside': nothing defines the symbol",
    ],
    [
      'a distance that is too large',
      '0xffffffffa0100000',
      '0x7000000000',
      "module.o: .text+0xbf: R_X86_64_PLT32 against 'module_target': S + A - P is 0x705fffff3d, which does not fit 32 bits, extended with their sign",
    ],
    [
      'overlapping files',
      'a0100000',
      'a0001000',
      'modules.yaml:4:5: helper.o[0] at 0xffffffffa0001000 overlaps module.o[1], which ends at 0xffffffffa0001050',
    ],
  ])('are refused for %s', (_title, from, to, message) => {
    expect(errorLine(errorOf(() => build(scenario.replace(from, to))))).toBe(message);
  });
});
