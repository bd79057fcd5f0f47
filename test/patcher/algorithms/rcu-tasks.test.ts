import { describe, expect, it } from 'vitest';
import type { Step } from '../../../src/machine/step.js';
import { buildScenario } from '../../../src/scenario/build/build.js';
import { loadScenario } from '../../../src/scenario/load.js';
import { errorLine, errorOf } from '../../scenario/input-error.js';
import { reachable } from './reachable.js';

const PATCH = ['store 0..4', 'sync'];
const WAIT = 'synchronize-rcu-tasks';

interface Setup {
  readonly steps: readonly string[];
  /** What stands beside the worker's entry. */
  readonly worker?: string;
  readonly body?: string;
  readonly reschedule?: number;
  readonly trampoline?: string;
}

/** A worker that calls a trampoline of three instructions; the call becomes a NOP, and the trampoline is freed. */
function build({ steps, worker = 'yields: [sleeps]', body = 'jmp.rel8 worker', ...setup }: Setup) {
  const { reschedule = 0, trampoline = 'name: trampoline, ' } = setup;
  const yaml = `scenario: rcu
text:
  - base: 0xffffffff81000100
    asm: |
      worker:
      site:   call.rel32 0xffffffff82000000
      sleeps: ${body}
  - {${trampoline}base: 0xffffffff82000000, asm: "nop; nop; ret"}
sites: {site: {}}
cpus: 2
tasks:
  patcher: {cpu: 0, procedure: patch}
  worker: {cpu: 1, entry: worker, ${worker}}
patch: [{site: site, new: .nops 5}]
algorithm: {handler: none, steps: [${steps.map((step) => `"${step}"`)}]}
budgets: {reschedule: ${reschedule}}
properties: [no-use-after-reuse]
`;
  return buildScenario(loadScenario(yaml, 'rcu.yaml'));
}

const outcome = (setup: Setup): { violated: string[]; stuck: boolean } => {
  const { violations, stuck } = reachable(build(setup));
  return { violated: [...violations.keys()], stuck: stuck !== 0 };
};

const SAFE = { violated: [], stuck: false };
const VIOLATED = { violated: ['no-use-after-reuse'], stuck: false };

describe('synchronize-rcu-tasks', () => {
  it('lets a trampoline be freed under a task that yields, whatever the schedule', () => {
    expect(outcome({ steps: [...PATCH, WAIT, 'free-old'] })).toEqual(SAFE);
    expect(outcome({ steps: [...PATCH, 'free-old'] })).toEqual(VIOLATED);
  });

  it('is of no use before the call is gone: the task may still go to the trampoline', () => {
    expect(outcome({ steps: ['store 0..4', WAIT, 'free-old', 'sync'] })).toEqual(SAFE);
    expect(outcome({ steps: [WAIT, ...PATCH, 'free-old'] })).toEqual(VIOLATED);
  });

  it('waits for ever for a task without a yield point: no progress', () => {
    expect(outcome({ steps: [...PATCH, WAIT, 'free-old'], worker: 'if: 1' })).toEqual({ violated: [], stuck: true });
  });

  it('waits for ever for a task that never comes to its yield point', () => {
    const steps = [...PATCH, WAIT, 'free-old'];
    const setup = { steps, worker: 'yields: [worker+7]', body: 'jmp.rel8 worker; nop' };
    expect(outcome(setup)).toEqual({ violated: [], stuck: true });
  });

  it('takes a task that idles for quiescent', () => {
    expect(outcome({ steps: [...PATCH, WAIT, 'free-old'], worker: 'if: 1', body: 'hlt; jmp.rel8 worker' })).toEqual(
      SAFE,
    );
  });

  it('does not count a preemption, as the rude one does', () => {
    // The worker enters the trampoline; then the patcher goes on until it waits, and the worker is taken off.
    const until = (steps: readonly string[]) => {
      const { machine, monitors } = build({ steps: [...steps, 'free-old'], reschedule: 1 });
      const act = (step: Step): void => {
        expect(machine.isEnabled(step)).toBe(true);
        machine.apply(step);
      };
      const patcher = (): boolean => {
        const step = machine.enabled().find(({ cpu, kind }) => cpu === 0 && kind === 'procedure');
        if (step !== undefined) machine.apply(step);
        return step !== undefined;
      };
      act({ kind: 'instruction', cpu: 1 });
      while (!machine.procedureAt(0)?.label.startsWith('until') && !machine.procedureAt(0)?.label.startsWith('check')) {
        if (patcher()) continue;
        for (const kind of ['accept', 'procedure'] as const) {
          for (let step = find(kind); step !== undefined; step = find(kind)) machine.apply(step);
        }
      }
      function find(kind: Step['kind']): Step | undefined {
        return machine.enabled().find((step) => step.cpu === 1 && step.kind === kind);
      }
      act({ kind: 'switch', cpu: 1, task: undefined });
      const goesOn = patcher();
      while (patcher());
      act({ kind: 'switch', cpu: 1, task: 1 });
      act({ kind: 'instruction', cpu: 1 });
      return { goesOn, violated: monitors.violation?.property };
    };
    expect(until([...PATCH, WAIT])).toEqual({ goesOn: false, violated: undefined });
    const rude = until([...PATCH, 'synchronize-rcu-tasks-rude']);
    expect(rude).toEqual({ goesOn: true, violated: 'no-use-after-reuse' });
  });

  it('is enough without preemption in its rude form', () => {
    expect(outcome({ steps: [...PATCH, 'synchronize-rcu-tasks-rude', 'free-old'] })).toEqual(SAFE);
  });
});

describe('yield points and freed text in a scenario', () => {
  const complaint = (setup: Setup): string => {
    const { message, hint } = errorOf(() => build(setup));
    return hint === undefined ? message : `${message} (${hint})`;
  };

  it('must be text', () => {
    expect(complaint({ steps: PATCH, worker: 'yields: [0x1000]' })).toBe('yield point 0x1000 is not in text');
    const error = errorOf(() => build({ steps: PATCH, worker: 'yields: [sleep]' }));
    expect(errorLine(error)).toContain("unknown symbol 'sleep'");
    expect(error.hint).toBe("did you mean 'sleeps'?");
  });

  it('belong to guest code: a procedure has none', () => {
    const yaml = `scenario: x
text: [{base: 0x1000, asm: "here: nop"}]
sites: {here: {}}
cpus: 1
tasks: {patcher: {cpu: 0, procedure: patch, yields: [here]}}
patch: [{site: here, new: nop}]
`;
    expect(errorLine(errorOf(() => loadScenario(yaml, 'x.yaml')))).toBe(
      'x.yaml:5:53: tasks.patcher.yields: a procedure yields by itself, where it waits',
    );
  });

  it('cannot be freed without a name', () => {
    expect(complaint({ steps: [...PATCH, 'free-old'], trampoline: '' })).toBe(
      'step \'free-old\' frees nothing: no text of the scenario has a name (name what the old instruction leads to: "text: - {name: trampoline, base: ..., asm: ...}")',
    );
  });
});
