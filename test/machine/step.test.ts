import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { procedure } from '../../src/machine/procedure.js';
import { formatStep, parseStep, type Step, sameStep } from '../../src/machine/step.js';
import { DATA_PAGE, World } from './world.js';

const cpu = fc.nat(7);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('instruction' as const), cpu }),
  fc.record({ kind: fc.constant('procedure' as const), cpu, choice: fc.nat(99) }),
  fc.record({ kind: fc.constant('accept' as const), cpu, vector: fc.nat(255) }),
);

describe('the text of a step', () => {
  it('is read back as the same step', () => {
    fc.assert(
      fc.property(step, (one) => {
        expect(parseStep(formatStep(one))).toEqual(one);
      }),
    );
  });

  it('differs for different steps', () => {
    fc.assert(
      fc.property(step, step, (one, other) => {
        expect(sameStep(one, other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });

  it('is stable, because schedule files hold it', () => {
    const steps: Step[] = [
      { kind: 'instruction', cpu: 1 },
      { kind: 'procedure', cpu: 0, choice: 0 },
      { kind: 'procedure', cpu: 7, choice: 31 },
      { kind: 'accept', cpu: 2, vector: 0xfc },
      { kind: 'accept', cpu: 2, vector: 3 },
    ];
    expect(steps.map(formatStep)).toEqual([
      'cpu1 insn',
      'cpu0 proc',
      'cpu7 proc 31',
      'cpu2 accept 0xfc',
      'cpu2 accept 0x3',
    ]);
  });

  it('is refused when it is anything else', () => {
    for (const text of [
      '',
      'cpu8 insn',
      'cpu0',
      'cpu0 insn ',
      ' cpu0 insn',
      'cpu0 proc 0',
      'cpu0 proc 01',
      'cpu0 proc 100',
      'cpu0 accept 252',
      'cpu0 accept 0x',
      'cpu0 accept 0x100',
      'cpu0 accept 0xFC',
      'cpu0 halt',
      'cpu0 insn\ncpu1 insn',
    ]) {
      expect([text, parseStep(text)]).toEqual([text, undefined]);
    }
  });
});

describe('isEnabled', () => {
  const iret = procedure('irq', (p) => p.step('iretq', (c) => c.host.interruptReturn(c.cpu)));
  const chooser = procedure('chooser', (p) => p.choose({ label: 'pick', choices: () => [0, 2], run: () => {} }));

  it('holds for exactly the steps that enabled() lists', () => {
    const world = new World({ asm: 'here: nop', cpus: 3, tasks: ['here', chooser], idt: { 252: iret, 32: iret } });
    world.send(0xfc, 0).send(0x20, 0).send(0x20, 2);
    const listed = world.machine.enabled().map(formatStep);
    expect(listed).toEqual(['cpu0 accept 0xfc', 'cpu0 insn', 'cpu1 proc', 'cpu1 proc 2']);
    fc.assert(
      fc.property(step, (one) => {
        expect(world.machine.isEnabled(one)).toBe(listed.includes(formatStep(one)));
      }),
      {
        numRuns: 300,
        examples: listed.flatMap((text) => [[parseStep(text) ?? { kind: 'instruction', cpu: 7 }]]) as [Step][],
      },
    );
  });

  it('asks nothing of the machine: enabled() gives the same again, in the order of CPUs', () => {
    const world = new World({ asm: 'here: nop', cpus: 3, tasks: ['here', chooser], idt: { 252: iret } });
    world.send(0xfc);
    const hash = world.machine.hash();
    const first = world.machine.enabled();
    expect(world.machine.enabled()).toEqual(first);
    expect([world.machine.hash(), world.events]).toEqual([hash, []]);
  });

  it('leaves the data accesses of the last step as they were, whatever it looks at to know what is enabled', () => {
    const task = procedure('task', (p) => {
      p.step('store', (c) => c.store(DATA_PAGE, 1n));
      p.wait('wait', (c) => c.load(DATA_PAGE + 8n) !== 0n);
    });
    const world = new World({ tasks: [task] });
    world.proc();
    const accesses = [{ address: DATA_PAGE, size: 8, kind: 'write' }];
    expect(world.machine.accesses()).toEqual(accesses);
    world.machine.enabled();
    expect(world.machine.accesses()).toEqual(accesses);
  });

  it('is empty on a CPU without a task, pending interrupts or not', () => {
    const world = new World({ cpus: 2, tasks: [], idt: { 252: iret } });
    world.send(0xfc, 1);
    expect(world.machine.enabled()).toEqual([]);
  });
});
