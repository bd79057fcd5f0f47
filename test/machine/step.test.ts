import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CELL, cpuBase } from '../../src/cpu/cells.js';
import type { Machine } from '../../src/machine/machine.js';
import { procedure } from '../../src/machine/procedure.js';
import { formatStep, parseStep, type Step, sameStep } from '../../src/machine/step.js';
import { KERNEL_DATA } from '../../src/patcher/kernel-data.js';
import { CALL_SWAP, GUEST_HANDLERS, subject, walk } from './walk.js';
import { DATA_PAGE, World } from './world.js';

const cpu = fc.nat(7);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('instruction' as const), cpu }),
  fc.record({
    kind: fc.constant('instruction' as const),
    cpu,
    times: fc.array(fc.nat(999_999_999), { minLength: 1, maxLength: 15 }),
  }),
  fc.record({ kind: fc.constantFrom('nmi' as const, 'mc' as const), cpu }),
  fc.record({ kind: fc.constant('switch' as const), cpu, task: fc.option(fc.nat(99), { nil: undefined }) }),
  fc.record({ kind: fc.constant('store' as const), cpu, byte: fc.nat(7) }),
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
      { kind: 'instruction', cpu: 1, times: [0, 3] },
      { kind: 'store', cpu: 1, byte: 3 },
      { kind: 'nmi', cpu: 1 },
      { kind: 'switch', cpu: 3, task: 2 },
      { kind: 'switch', cpu: 3, task: undefined },
    ];
    expect(steps.map(formatStep)).toEqual([
      'cpu1 insn',
      'cpu0 proc',
      'cpu7 proc 31',
      'cpu2 accept 0xfc',
      'cpu2 accept 0x3',
      'cpu1 insn t=0,3',
      'cpu1 store 3',
      'cpu1 nmi',
      'cpu3 switch 2',
      'cpu3 switch idle',
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

function enabledOn(machine: Machine, cpu: number): string[] {
  const steps: Step[] = [];
  machine.enabledOn(cpu, steps);
  return steps.map(formatStep);
}

/** What may happen next on a CPU by the rules, with coherent fetches and without budgets. */
function ruled(machine: Machine, cpu: number): string[] {
  const state = machine.state(cpu);
  const contexts = machine.context(cpu);
  const pending = Array.from({ length: 256 }, (_, vector) => vector).filter((vector) => {
    const word = machine.memory.linear.int32(cpuBase(cpu) + CELL.pending + 4 * (vector >> 5));
    return ((word >>> (vector & 31)) & 1) === 1;
  });
  if (state.dead) return [];
  const accept = pending.length > 0 && state.interruptsEnabled && !state.shadowed;
  const steps = accept ? [`cpu${cpu} accept 0x${pending.at(-1)?.toString(16)}`] : [];
  const { label = '' } = machine.procedureAt(cpu) ?? {};
  const waits = label === 'wait for all acks' && machine.memory.read(unacked(machine, cpu), 8) !== 0n;
  const pokes = label.startsWith('text_poke_memcpy');
  if (contexts.inProcedure && !waits && !pokes) return [...steps, `cpu${cpu} proc`];
  if (pokes) return [...steps, ...enabledOn(machine, cpu).filter((step) => step.includes('proc'))];
  const executes = !contexts.inProcedure && !state.halted && !machine.isFinished(cpu);
  return executes ? [...steps, `cpu${cpu} insn`] : steps;
}

/** Where sync core keeps the CPUs that have not acknowledged: the second array of its data, which comes first. */
const unacked = (machine: Machine, cpu: number): bigint => KERNEL_DATA + 8n * BigInt(machine.cpuCount + cpu);

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

  it('is what the rules say, along random walks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(1023), { minLength: 1, maxLength: 150, size: 'max' }),
        fc.boolean(),
        (choices, guest) => {
          const one = guest ? subject(GUEST_HANDLERS) : subject(CALL_SWAP);
          for (const number of choices) {
            for (const { cpu } of one.machine.cpus)
              expect(enabledOn(one.machine, cpu)).toEqual(ruled(one.machine, cpu));
            walk(one, [number], guest ? [0x40] : []);
          }
        },
      ),
      { numRuns: 12 },
    );
  });

  it('is empty on a CPU without a task, pending interrupts or not', () => {
    const world = new World({ cpus: 2, tasks: [], idt: { 252: iret } });
    world.send(0xfc, 1);
    expect(world.machine.enabled()).toEqual([]);
  });
});
