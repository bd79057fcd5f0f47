import { describe, expect, it } from 'vitest';
import { RandomScheduler } from '../../src/explore/random-scheduler.js';
import { RoundRobin } from '../../src/explore/round-robin.js';
import { run } from '../../src/explore/run.js';
import { formatStep } from '../../src/machine/step.js';
import { type BuiltScenario, buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';

/** Two loops that count, and a patch of a site; tasks and the rest by the test. */
const scenario = (tasks: readonly string[], ...more: readonly string[]): string =>
  [
    'scenario: one-cpu',
    'text:',
    '  - base: 0xffffffff81000000',
    '    asm: |',
    '      count: inc %rax',
    '             jmp count',
    '      other: inc %rbx',
    '      site:  nop',
    '             jmp other',
    '      once:  inc %rcx',
    '             hlt',
    'tasks:',
    ...tasks.map((task) => `  ${task}`),
    ...more,
    '',
  ].join('\n');

const built = (text: string): BuiltScenario => buildScenario(loadScenario(text, 'one-cpu.yaml'));

const COUNT = 'count: {cpu: 0, entry: count}';
const OTHER = 'other: {cpu: 0, entry: other}';
const PATCHER = 'patcher: {cpu: 0, procedure: patch}';
const PATCH = ['sites: {site: {}}', 'patch: [{site: site, new: .byte 0xf8}]', 'algorithm: memcpy'];

const steps = ({ machine }: BuiltScenario): string[] => machine.enabled().map(formatStep);

/** Whether a goal of the scenario is reached among executions by 20 seeds. */
function everReached(text: string): boolean {
  const { machine, monitors } = built(text);
  const start = machine.save();
  for (let seed = 1; seed <= 20; seed++) {
    machine.restore(start);
    run(machine, monitors, new RandomScheduler(seed), 200);
  }
  return monitors.goals.some(({ name, reached }) => name === 'sometimes ran' && reached);
}

describe('several tasks of one CPU', () => {
  it('begin with the first in the file; the others wait, set up as they will run', () => {
    const { machine } = built(
      scenario(
        [COUNT, 'other: {cpu: 0, entry: other, if: 0, registers: {rdi: cpu+5}, stack: {private: 256}}'],
        'cpus: 2',
        'budgets: {reschedule: 0}',
      ),
    );
    const waiting = machine.tasks.traits.findIndex(({ name }) => name === 'other');
    expect([...machine.tasks.runnable()]).toEqual([waiting]);
    expect(machine.enabled().map(formatStep)).toEqual(['cpu0 insn', `cpu1 switch ${waiting}`]);
    machine.apply({ kind: 'switch', cpu: 1, task: waiting });
    const state = machine.state(1);
    expect([state.gpr('rdi'), state.interruptsEnabled, machine.procedureAt(1)]).toEqual([5n, false, undefined]);
    machine.apply({ kind: 'instruction', cpu: 1 });
    expect(state.gpr('rbx')).toBe(1n);
  });

  it('run once a reschedule takes the first one off, for as long as the budget lasts', () => {
    const text = (reschedule: number): string =>
      scenario(
        [COUNT, OTHER],
        'cpus: 1',
        `budgets: {reschedule: ${reschedule}}`,
        'check: {sometimes: {ran: "other.rbx > 0 and count.rax > 0"}}',
      );
    expect([0, 1].map((budget) => everReached(text(budget)))).toEqual([false, true]);
    const world = built(text(1));
    const { machine } = world;
    const [count, other] = ['count', 'other'].map((task) =>
      machine.tasks.traits.findIndex(({ name }) => name === task),
    );
    expect(steps(world)).toEqual(['cpu0 insn', `cpu0 switch ${other}`, 'cpu0 switch idle']);
    machine.apply({ kind: 'switch', cpu: 0, task: other });
    expect([steps(world), [...machine.tasks.runnable()]]).toEqual([['cpu0 insn'], [count]]);
  });

  it('are resumed by an idle CPU without any budget', () => {
    const text = (cpus: number): string =>
      scenario([COUNT, OTHER], `cpus: ${cpus}`, 'budgets: {reschedule: 0}', 'check: {sometimes: {ran: other.rbx}}');
    expect([1, 2].map((cpus) => everReached(text(cpus)))).toEqual([false, true]);
  });

  it('are resumed by a CPU whose procedure has returned', () => {
    const text = scenario([PATCHER, OTHER], 'cpus: 1', 'budgets: {reschedule: 0}', ...PATCH);
    const world = built(text);
    expect(steps(world)).toEqual(['cpu0 proc']);
    run(world.machine, world.monitors, new RoundRobin(), 50);
    expect(world.machine.state(0).gpr('rbx')).toBeGreaterThan(0n);
    expect(world.monitors.violation).toBeUndefined();
  });

  it('may have the patcher among those that wait', () => {
    const world = built(scenario([OTHER, PATCHER], 'cpus: 2', 'budgets: {reschedule: 0}', ...PATCH));
    const { machine, monitors, symbolAddresses } = world;
    expect(steps(world)).toEqual(['cpu0 insn', expect.stringMatching(/^cpu1 switch \d$/)]);
    run(machine, monitors, new RoundRobin(), 100);
    expect([monitors.violation, machine.memory.read(symbolAddresses.get('site') ?? 0n, 1)]).toEqual([undefined, 0xf8n]);
  });

  it('may have private stacks at one address', () => {
    const stack = 'stack: {private: 256}';
    const tasks = [`a: {cpu: 0, entry: once, ${stack}}`, `b: {cpu: 0, entry: once, ${stack}}`];
    const { machine, monitors } = built(
      scenario(tasks, 'cpus: 2', 'budgets: {reschedule: 0}', 'check: {finally: {done: a.rcx == 1 and b.rcx == 1}}'),
    );
    expect(run(machine, monitors, new RoundRobin(), 50)).toMatchObject({ end: { kind: 'finished', waiting: [] } });
    expect(new Set([machine.state(0).rsp, machine.state(1).rsp]).size).toBe(1);
  });

  it('count as at rest for finally while they wait, unless they are procedures', () => {
    const finish = (second: string, expression: string, ...more: readonly string[]) => {
      const text = scenario(
        ['a: {cpu: 0, entry: once, if: 0}', second],
        'cpus: 1',
        'budgets: {reschedule: 0}',
        `check: {finally: {done: ${expression}}}`,
        ...more,
      );
      const { machine, monitors } = built(text);
      const { end } = run(machine, monitors, new RoundRobin(), 50);
      const goal = monitors.goals.find(({ name }) => name === 'finally done');
      return [end.kind === 'violated' ? end.violation.property : end.kind, goal?.reached];
    };
    const waiting = 'b: {cpu: 0, entry: once}';
    expect(finish(waiting, 'a.rcx == 1 and b.rcx == 1')).toEqual(['finally done', true]);
    expect(finish(waiting, 'a.rcx == 1 and (b.rcx == 1 or b.parked)')).toEqual(['finished', true]);
    expect(finish(PATCHER, 'a.rcx == 2', ...PATCH)).toEqual(['finished', false]);
  });

  it('keep their CPU lists apart: each task of a list is one of its CPU', () => {
    const { machine } = built(
      scenario(['a: {cpu: [0, 1], entry: count}', 'b: {cpu: [1, 0], entry: other}'], 'cpus: 2'),
    );
    const nameOn = (cpu: number): string | undefined => machine.tasks.traits[machine.tasks.on(cpu) ?? -1]?.name;
    expect([nameOn(0), nameOn(1)]).toEqual(['a@0', 'a@1']);
    const waiting = [...machine.tasks.runnable()].map((task) => machine.tasks.traits[task]?.name);
    expect(waiting.sort()).toEqual(['b@0', 'b@1']);
  });
});
