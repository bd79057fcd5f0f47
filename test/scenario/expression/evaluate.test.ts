import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GPR_NAMES } from '../../../src/cpu/cells.js';
import { RFLAGS } from '../../../src/cpu/flags.js';
import { compileExpression } from '../../../src/scenario/expression/compile.js';
import { plainText } from '../../../src/scenario/source-text.js';
import { DATA_AT, guest, holds, PRIVATE_AT, STACK_AT, TEXT_AT } from './guest.js';

describe('An expression over a state', () => {
  it.each([
    // Something that depends on the state is in all of them; RAX is 7.
    'worker@1.rax == 7',
    'worker@1.rax',
    'not worker@2.rax',
    '!worker@2.rax && worker@1.rax',
    'worker@1.rip == site',
    'worker@1.rip + 1 == worker',
    'worker@1.rip == 0xffffffff81000000',
    'worker@1.rip + 2 == foo.isra.0',
    '7 == worker@1.rax',
    'worker@1.rax in (1, 3 + 4)',
    'worker@1.rax not in (1, 2, worker@2.rax)',
    'worker@1.rax in (1, worker@1.rax)',
    '! worker@1.rax in (1, 2)',
    'worker@1.rax * 3 - 1 == 20',
    'worker@1.rax - 8 == -1',
    'worker@1.rax - 8 == 0xffffffffffffffff',
    '-worker@1.rax == ~(worker@1.rax - 1)',
    'worker@1.rax / 2 == 3 and worker@1.rax % 2 == 1',
    'worker@1.rax << 62 == 3 << 62',
    'worker@1.rax << 64 == 0 and worker@1.rax >> 64 == 0 and worker@1.rax >> 1 == 3',
    'worker@1.rax << 0xffffffffffffffff == 0',
    // Looser than a comparison, tighter than one, and so on.
    'worker@1.rax & 3 == 3',
    'worker@1.rax | 8 == 15',
    'worker@1.rax ^ 1 == 6',
    'worker@1.rax | 1 ^ 1 & 0 << 1 + 2 * 3 == 7',
    '1 + worker@1.rax * 2 == 15',
    'worker@1.rax - 1 - 1 == 5',
    'not worker@1.rax == 8',
    'not worker@1.rax == 7 or worker@1.rax == 7',
    'worker@1.rax == 7 or worker@1.rax == 7 and worker@1.rax == 8',
    '(worker@1.rax == 7) == (worker@2.rax == 0)',
    '(worker@1.rax == 7) + 1 == 2',
    // Unsigned.
    'worker@1.rax < -1',
    'worker@1.rax <= 7 and worker@1.rax >= 7 and worker@1.rax > 6 and worker@1.rax != 6',
    // Memory: little-endian, zero-extended.
    '[data] == 0x123456789abcdef0',
    'u64[data] == [data]',
    'u32[data] == 0x9abcdef0',
    'u16[data + 4] == 0x5678',
    'u8[data + 8] == 0xff',
    'u32[data + 6] == 0xff1234',
    '[data + worker@1.rax - 7] == [data]',
    'u8[site] == 0x90',
    'u8[worker@1.rip] == 0x90',
    // Parts of registers.
    'worker@1.rbx == 0x8877665544332211',
    'worker@1.ebx == 0x44332211 and worker@1.bx == 0x2211 and worker@1.bl == 0x11 and worker@1.bh == 0x22',
    'worker@1.r9d == 0x44332211 and worker@1.r9w == 0x2211 and worker@1.r9b == 0x11',
    'worker@1.esi == 0x44332211 and worker@1.si == 0x2211 and worker@1.sil == 0x11',
    'worker@1.sp == 0x1000 and worker@1.spl == 0 and worker@1.bpl == 0',
    'worker@1.rflags == 0x203 and worker@1.cf and worker@1.rflags.cf == 1',
    'worker@1.if and worker@1.rflags.if and not worker@1.zf and not worker@1.rflags.iopl',
    // A hyphen in the name of a task; where there is no such task, it is a minus.
    'my-task.rip == site',
    'my-task.rip-a == site - 100',
    'worker@1.rax-a+a == 7',
    '  worker@1.rax\t==\n7 ',
  ])('holds: %s', (text) => {
    const scope = guest();
    const state = scope.machine.state(0);
    state.setGpr('rax', 7n);
    for (const name of ['rbx', 'r9', 'rsi'] as const) state.setGpr(name, 0x8877665544332211n);
    state.rflags = RFLAGS.fixed | RFLAGS.if | RFLAGS.cf;
    expect(holds(text, scope)).toBe(true);
    expect(holds(`not (${text})`, scope)).toBe(false);
  });

  it('reads every register, whole and in part', () => {
    const scope = guest();
    const state = scope.machine.state(1);
    fc.assert(
      fc.property(fc.constantFrom(...GPR_NAMES), fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (name, value) => {
        state.setGpr(name, value);
        const number = GPR_NAMES.indexOf(name);
        const [word, bytes] = [name.slice(1), number < 4 ? `${name[1]}l` : `${name.slice(1)}l`];
        const parts = number < 8 ? [`e${word}`, word, bytes] : [`${name}d`, `${name}w`, `${name}b`];
        const masks = [0xffffffffn, 0xffffn, 0xffn].map((mask) => value & mask);
        const text = [`worker@2.${name} == ${value}`, ...parts.map((part, i) => `worker@2.${part} == ${masks[i]}`)];
        expect(holds(text.join(' and '), scope)).toBe(true);
        if (number < 4) expect(holds(`worker@2.${name[1]}h == ${(value >> 8n) & 0xffn}`, scope)).toBe(true);
      }),
    );
  });

  it('reads every flag in its canonical form', () => {
    const scope = guest();
    const state = scope.machine.state(0);
    for (const [name, bit] of Object.entries({ cf: 0, pf: 2, af: 4, zf: 6, sf: 7, tf: 8, if: 9, df: 10, of: 11 })) {
      for (const on of [0n, 1n]) {
        state.rflags = RFLAGS.fixed | (on << BigInt(bit));
        const texts = [`worker@1.${name} == ${on}`, `worker@1.rflags.${name} == ${on}`];
        const rest = `worker@1.rflags == ${RFLAGS.fixed | (on << BigInt(bit))}`;
        for (const text of [...texts, rest]) expect([text, holds(text, scope)]).toEqual([text, true]);
      }
    }
  });

  it('follows a task to its slot and to another CPU', () => {
    const scope = guest();
    const { machine } = scope;
    machine.state(0).setGpr('rax', 7n);
    const { holds: now } = compileExpression(plainText('worker@1.rax == 7 and worker@1.rip == site', 'e'), scope);
    const task = machine.tasks.on(0);
    expect(now()).toBe(true);
    machine.apply({ kind: 'switch', cpu: 0, task: undefined });
    expect([machine.tasks.on(0), now()]).toEqual([undefined, true]);
    // Off its CPU it is as the interrupt left it.
    expect(holds(`not worker@1.if and worker@1.rsp == ${STACK_AT + 0x1000n - 40n}`, scope)).toBe(true);
    machine.apply({ kind: 'switch', cpu: 1, task });
    expect([machine.tasks.on(1), now()]).toEqual([task, true]);
    machine.apply({ kind: 'instruction', cpu: 1 });
    expect([now(), holds('worker@1.rip == worker and worker@1.rax == 7', scope)]).toEqual([false, true]);
  });

  it('knows when a task is off its CPU', () => {
    const scope = guest();
    expect(holds('my-task.parked and not worker@1.parked', scope)).toBe(true);
    scope.machine.apply({ kind: 'switch', cpu: 0, task: scope.tasks.get('my-task') });
    expect(holds('worker@1.parked and not my-task.parked', scope)).toBe(true);
  });

  it('knows when a task is halted', () => {
    const scope = guest();
    const { machine } = scope;
    for (let i = 0; i < 4; i++) {
      expect(holds('worker@1.halted', scope)).toBe(false);
      machine.apply({ kind: 'instruction', cpu: 0 });
    }
    expect(holds('worker@1.halted and not worker@2.halted', scope)).toBe(true);
  });

  it('sees private memory through the task whose registers the address is made of, also where that is off its CPU', () => {
    const scope = guest();
    const { machine } = scope;
    for (const cpu of [0, 1]) machine.state(cpu).setGpr('rbx', PRIVATE_AT);
    const task = (name: string) => 0x100n + BigInt(scope.tasks.get(name) ?? 0);
    const both = `[worker@1.rbx] == ${task('worker@1')} and [worker@2.rbx] == ${task('worker@2')}`;
    expect(holds(both, scope)).toBe(true);
    machine.apply({ kind: 'switch', cpu: 0, task: undefined });
    expect(holds(both, scope)).toBe(true);
    machine.apply({ kind: 'switch', cpu: 1, task: scope.tasks.get('worker@1') });
    expect(holds(both, scope)).toBe(true);
    // Shared memory is what nobody sees alone.
    expect(() => holds(`[${PRIVATE_AT}] == worker@1.rax`, scope)).toThrow('nothing is mapped at 0xffffc90000100000');
  });

  it('evaluates no more than it must: a condition guards an address', () => {
    const scope = guest();
    const { machine } = scope;
    const guarded = compileExpression(plainText('worker@1.rbx == 0 or [worker@1.rbx] == 0', 'e'), scope);
    expect(guarded.holds()).toBe(true);
    machine.state(0).setGpr('rbx', DATA_AT + 16n);
    expect(guarded.holds()).toBe(true);
    machine.state(0).setGpr('rbx', 1n);
    expect(guarded.holds).toThrow('nothing is mapped at 0x1');
    expect(() => holds('worker@1.rbx == 1 and u8[worker@1.rbx]', scope)).toThrow('nothing is mapped at 0x1');
  });

  it('tells what it reads, each once', () => {
    const scope = guest();
    const { terms } = compileExpression(
      plainText('worker@1.rax == 1 or [data + worker@1.rax] > worker@2.cf or worker@1.rax', 'e'),
      scope,
    );
    expect(terms.map(({ text }) => text)).toEqual(['worker@1.rax', '[data + worker@1.rax]', 'worker@2.cf']);
    expect(terms.map(({ read }) => read())).toEqual([0n, 0x123456789abcdef0n, 0n]);
  });

  it('changes nothing', () => {
    const scope = guest();
    const { machine } = scope;
    machine.state(0).setGpr('rbx', PRIVATE_AT);
    const texts = [
      'worker@1.rflags and [worker@1.rbx]',
      '[data] == my-task.rax',
      'worker@1.halted or u8[worker@2.rip]',
    ];
    const compiled = texts.map((text) => compileExpression(plainText(text, 'e'), scope));
    for (const cpu of [0, 1]) {
      // The hash is kept in the state once it was asked for.
      const hash = machine.hash();
      const [saved, enabled] = [machine.save(), machine.enabled()];
      for (const { holds: now } of compiled) now();
      expect([machine.save(), machine.enabled(), machine.hash()]).toEqual([saved, enabled, hash]);
      machine.apply({ kind: 'instruction', cpu });
    }
  });

  it('is a sum, a product and a comparison as bigints have them', () => {
    const scope = guest();
    const word = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
    const operators = {
      '+': (a: bigint, b: bigint) => a + b,
      '-': (a: bigint, b: bigint) => a - b,
      '*': (a: bigint, b: bigint) => a * b,
      '&': (a: bigint, b: bigint) => a & b,
      '|': (a: bigint, b: bigint) => a | b,
      '^': (a: bigint, b: bigint) => a ^ b,
    } as const;
    const operator = fc.constantFrom(...(Object.keys(operators) as (keyof typeof operators)[]));
    fc.assert(
      fc.property(word, word, operator, (a, b, sign) => {
        scope.machine.state(0).setGpr('rax', a);
        scope.machine.state(0).setGpr('rbx', b);
        const value = BigInt.asUintN(64, operators[sign](a, b));
        const [x, y] = ['worker@1.rax', 'worker@1.rbx'];
        expect(holds(`${x} ${sign} ${y} == ${value} and ${a} ${sign} ${b} == ${x} ${sign} ${y}`, scope)).toBe(true);
        for (const [less, is] of [
          ['<', a < b],
          ['<=', a <= b],
          ['>', a > b],
          ['>=', a >= b],
          ['==', a === b],
        ] as const) {
          expect(holds(`${x} ${less} ${y}`, scope)).toBe(is);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('begins where its tasks do', () => {
    const scope = guest();
    expect(holds(`worker@2.rip == ${TEXT_AT} and worker@2.rsp == ${STACK_AT + 0x11000n}`, scope)).toBe(true);
  });
});
