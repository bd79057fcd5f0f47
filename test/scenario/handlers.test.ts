import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RandomScheduler } from '../../src/explore/random-scheduler.js';
import { RoundRobin } from '../../src/explore/round-robin.js';
import { run } from '../../src/explore/run.js';
import { formatStep, parseStep } from '../../src/machine/step.js';
import { type BuiltScenario, buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';

/** One CPU whose task meets UD2 and divides by 0, with handlers for both. */
const FAULTS = `scenario: faults
text:
  - base: 0xffffffff81000000
    asm: |
      start:  ud2
      back:   div %ecx
              hlt
      on_ud:  addq $2, (%rsp)
              inc %rbx
              iretq
      on_de:  addq $2, (%rsp)
              inc %rbx
              iretq
cpus: 1
tasks: {start: {cpu: 0, entry: start}}
budgets: {reschedule: 0}
handlers: {ud: on_ud, 0: on_de}
`;

const NMI_STACK = loadScenario(
  readFileSync(new URL('../../scenarios/nmi-stack.yaml', import.meta.url), 'utf8'),
  'nmi-stack.yaml',
);

/** Applies steps, each of which must be enabled. */
function act({ machine }: BuiltScenario, ...texts: readonly string[]): void {
  for (const text of texts) {
    expect(machine.enabled().map(formatStep)).toContain(text);
    const step = parseStep(text);
    if (step !== undefined) machine.apply(step);
  }
}

const insns = (count: number): string[] => Array.from({ length: count }, () => 'cpu0 insn');

describe('handlers in a scenario', () => {
  it('are the guest code that exceptions lead to, by name and by number', () => {
    const { machine, monitors } = buildScenario(loadScenario(FAULTS, 'faults.yaml'));
    expect(run(machine, monitors, new RoundRobin(), 50)).toMatchObject({ end: { kind: 'finished' }, steps: 9 });
    expect(machine.state(0).gpr('rbx')).toBe(2n);
  });

  it('leave vectors that they do not name without one', () => {
    const { machine, monitors } = buildScenario(loadScenario(FAULTS.replace(', 0: on_de', ''), 'faults.yaml'));
    const { end } = run(machine, monitors, new RoundRobin(), 50);
    expect(end).toMatchObject({ kind: 'violated', violation: { property: 'no-unhandled-exception' } });
  });
});

describe('nmi.stack in a scenario', () => {
  /** An NMI in the task, #BP in its handler, whose IRET unblocks NMI, and an NMI behind it, until that one has returned. */
  function nested(variant: string): { readonly built: BuiltScenario; readonly rip: bigint; readonly rsp: bigint } {
    const built = buildScenario(NMI_STACK, { variant });
    act(built, 'cpu0 insn');
    const { rip, rsp } = built.machine.state(0);
    act(built, 'cpu0 nmi', ...insns(3));
    expect(built.machine.enabled().map(formatStep)).toEqual(['cpu0 insn']);
    act(built, 'cpu0 insn', 'cpu0 nmi', ...insns(7));
    return { built, rip, rsp };
  }

  it('linux gives a nested NMI a frame of its own: the outer handler returns to the task', () => {
    const { built, rip, rsp } = nested('linux');
    act(built, ...insns(3));
    const state = built.machine.state(0);
    expect([state.rip, state.rsp, state.gpr('rax')]).toEqual([rip, rsp, 0x5a5an]);
  });

  it('ist puts it over the frame of the outer one, which then returns into itself', () => {
    const { built, rip, rsp } = nested('ist');
    const { machine, monitors, symbolAddresses } = built;
    const state = machine.state(0);
    const inside = (symbolAddresses.get('asm_exc_nmi') ?? 0n) + 8n;
    expect([state.rip, rip === inside]).toEqual([inside, false]);
    act(built, ...insns(3));
    expect([state.rip, state.rsp === rsp, monitors.violation]).toEqual([inside, false, undefined]);
    act(built, 'cpu0 insn');
    expect(monitors.violation?.property).toBe('always ends_once');
  });

  it('comes to the ends that nmi-stack.yaml expects, under random schedules', () => {
    const ends = (variant: string): Set<string> => {
      const { machine, monitors } = buildScenario(NMI_STACK, { variant });
      const start = machine.save();
      return new Set(
        Array.from({ length: 30 }, (_, seed) => {
          machine.restore(start);
          const { end } = run(machine, monitors, new RandomScheduler(seed), 500);
          return end.kind === 'violated' ? end.violation.property : end.kind;
        }),
      );
    };
    expect(ends('linux')).toEqual(new Set(['limit']));
    expect(ends('ist')).toEqual(new Set(['limit', 'always ends_once']));
  });

  it('gives each CPU an NMI stack, which nothing else overlaps', () => {
    const text = NMI_STACK.text.replace('cpus: 1', 'cpus: 3').replace('{cpu: 0, entry', '{cpu: [0, 2], entry');
    const { machine } = buildScenario(loadScenario(text, 'nmi-stack.yaml'), { variant: 'ist' });
    const rsps = [0, 1, 2].map((cpu) => {
      machine.apply({ kind: 'nmi', cpu });
      return machine.state(cpu).rsp;
    });
    expect(new Set(rsps).size).toBe(3);
    for (const rsp of rsps) expect(machine.memory.translate(rsp, 'write')).not.toBe(0);
  });
});
