import { describe, expect, it } from 'vitest';
import { RandomScheduler } from '../../../src/explore/random-scheduler.js';
import { recordRun } from '../../../src/explore/recorded-run.js';
import { Replay } from '../../../src/explore/replay.js';
import { RoundRobin } from '../../../src/explore/round-robin.js';
import { type RunResult, run } from '../../../src/explore/run.js';
import { type BuiltScenario, buildScenario } from '../../../src/scenario/build/build.js';
import { loadScenario } from '../../../src/scenario/load.js';
import { errorLine, errorOf } from '../input-error.js';

const SCENARIO = `scenario: counting
text:
  - base: 0xffffffff81000000
    asm: |
      worker: mov $3, %ecx
      again:  incq counter(%rip)
      site:   nop
              dec %ecx
              jne again
              hlt
data:
  - {name: counter, base: 0xffffffff83000000, size: 16}
sites: {site: {}}
cpus: 2
tasks:
  patcher: {cpu: 0, procedure: patch}
  my-worker: {cpu: 1, entry: worker}
patch:
  - {site: site, new: ".byte 0xf8"}
algorithm: memcpy
`;

/** The scenario with more keys. Tasks stay where they are unless these say otherwise. */
function build(more: string, variant?: string): BuiltScenario {
  const budgets = more.startsWith('budgets:') ? '' : '\nbudgets: {reschedule: 0}';
  return buildScenario(
    loadScenario(`${SCENARIO}${more}${budgets}\n`, 's.yaml'),
    variant === undefined ? {} : { variant },
  );
}

function execute(more: string, seed?: number): RunResult {
  const { machine, monitors } = build(more);
  return run(machine, monitors, seed === undefined ? new RoundRobin() : new RandomScheduler(seed), 1000);
}

/** How an execution ended, in a word. */
const endOf = ({ end }: RunResult): string => (end.kind === 'violated' ? end.violation.property : end.kind);

/** How executions by 40 seeds end. */
function endsOf({ machine, monitors }: BuiltScenario): string[] {
  const start = machine.save();
  return Array.from({ length: 40 }, (_, seed) => {
    machine.restore(start);
    return endOf(run(machine, monitors, new RandomScheduler(seed), 1000));
  });
}

/** The goals that are checks of the scenario. */
const goalsOf = ({ goals }: RunResult): string[] =>
  goals.flatMap(({ name, reached }) => (name.includes(' ') ? [`${name}: ${reached}`] : []));

describe('check in a scenario', () => {
  it('holds: always in every state, finally at the end; sometimes in some state', () => {
    const result = execute(`check:
  always: {few: "[counter] <= 3", stack: "my-worker.rsp % 8 == 0 and my-worker.rsp"}
  sometimes: {half: "[counter] == 2 and my-worker.ecx == 2", too_many: "u8[counter] > 3"}
  finally: {all: "[counter] == 3 and my-worker.halted and u8[site] == 0xf8"}`);
    expect(endOf(result)).toBe('finished');
    expect(goalsOf(result)).toEqual(['sometimes half: true', 'sometimes too_many: false', 'finally all: true']);
  });

  it('is violated in the step that makes always false, whatever the order of steps', () => {
    for (const seed of [1, 2, 3]) {
      const { end } = execute('check: {always: {few: "[counter] < 2"}}', seed);
      expect(end).toMatchObject({
        kind: 'violated',
        violation: {
          property: 'always few',
          cpu: 1,
          message: '"[counter] < 2" does not hold after a step of CPU 1, at 0xffffffff8100000c: [counter] = 0x2',
        },
      });
    }
  });

  it('is violated before the first step where always is false from the beginning', () => {
    const result = execute('check: {always: {begun: "my-worker.rcx > 0"}}');
    expect([endOf(result), result.steps]).toEqual(['always begun', 0]);
  });

  it('is violated where finally is false once everything has come to rest', () => {
    const result = execute('check: {finally: {none: "[counter] == 0"}}');
    expect(endOf(result)).toBe('finally none');
    expect(goalsOf(result)).toEqual(['finally none: true']);
  });

  it('judges finally where a task is off its CPU too, which an expression can tell', () => {
    const ends = (expression: string): Set<string> =>
      new Set(endsOf(build(`budgets: {reschedule: 1}\ncheck: {finally: {all: "${expression}"}}`)));
    expect(ends('[counter] == 3')).toContain('finally all');
    expect(ends('[counter] == 3 or my-worker.parked')).toEqual(new Set(['finished']));
  });

  it('leaves finally unreached where nothing comes to rest', () => {
    const { machine, monitors } = build('check: {finally: {none: "[counter] == 0"}}');
    const result = run(machine, monitors, new RoundRobin(), 8);
    expect([endOf(result), goalsOf(result)]).toEqual(['limit', ['finally none: false']]);
  });

  it('is replayed: the same check is violated at the same step', () => {
    const check = 'check: {always: {few: "[counter] < 2"}}';
    const { schedule } = execute(check, 5);
    const [recorded, replayed] = [build(check), build(check)];
    const record = recordRun(recorded.machine, recorded.monitors, schedule);
    expect(record.end).toMatchObject({ kind: 'violated', property: 'always few', address: '0xffffffff8100000c' });
    expect(new Replay(replayed.machine, replayed.monitors, record).advance(1000)).toMatchObject({ kind: 'reproduced' });
  });

  it('comes with the goals of the algorithm', () => {
    const result = execute('check: {sometimes: {never: "my-worker.rip == 1"}}');
    expect(goalsOf(result)).toEqual([...goalsOf(execute('')), 'sometimes never: false']);
  });

  it('may wait for more goals than the algorithm asks for, and for fewer', () => {
    const names = (more: string): string[] => execute(more).goals.map(({ name }) => name);
    const check = 'check: {sometimes: {one: "[counter] == 1"}, finally: {all: "[counter] == 3"}}';
    expect(names(check)).toEqual(['half-written-fetched', 'sometimes one', 'finally all']);
    expect(names(`${check}\ngoals: {add: [old-and-new-executed, half-written-fetched]}`)).toEqual([
      'half-written-fetched',
      'old-and-new-executed',
      'sometimes one',
      'finally all',
    ]);
    expect(names(`${check}\ngoals: {waive: [half-written-fetched, finally all, stub-executed]}`)).toEqual([
      'sometimes one',
    ]);
  });

  it('reaches a goal that it adds by what executions do', () => {
    const { machine, monitors } = build('goals: {add: [old-and-new-executed]}');
    const reached = (): boolean | undefined =>
      monitors.goals.find(({ name }) => name === 'old-and-new-executed')?.reached;
    const start = machine.save();
    expect(reached()).toBe(false);
    for (let seed = 1; seed <= 40 && !reached(); seed++) {
      machine.restore(start);
      run(machine, monitors, new RandomScheduler(seed), 1000);
    }
    expect(reached()).toBe(true);
  });

  it('sees the symbols of the simulated kernel, and those of an overridden variant', () => {
    const more = `check: {sometimes: {asked: "[call_function_queue + 8]"}}
variants: {other: {check.sometimes.asked: "[counter] == 1"}}`;
    expect(build(more).monitors.goals).toContainEqual({ name: 'sometimes asked', reached: false });
    const { machine, monitors } = build(more, 'other');
    run(machine, monitors, new RoundRobin(), 1000);
    expect(monitors.goals).toContainEqual({ name: 'sometimes asked', reached: true });
  });

  it.each([
    ['check: {always: {few: "[cuonter] < 2"}}', "s.yaml:21:25: unknown symbol 'cuonter'"],
    ['check:\n  finally:\n    few: my-worker.rip = 1', "s.yaml:23:24: unexpected '='"],
    [
      'check:\n  sometimes:\n    few: |\n      [counter] == 1 and\n      worker.rip == again',
      "s.yaml:25:7: unknown task 'worker'",
    ],
    ['check: {sometimes: {x: "[counter] == 1 and again"}}', "s.yaml:21:44: 'again' is the same in every state"],
  ])('is an error at its place: %s', (more, message) => {
    expect(errorLine(errorOf(() => build(more)))).toBe(message);
  });
});

describe('properties in a scenario', () => {
  /** The first violation among many executions. */
  const found = (more: string): string | undefined => endsOf(build(more)).find((end) => end !== 'finished');

  it('are the default set of the fetch rule', () => {
    expect(found('')).toBeUndefined();
    expect(found('profile: {fetch: undefined-xmc}')).toBe('no-undefined-xmc');
  });

  it('may be left out, and asked for', () => {
    expect(found('profile: {fetch: undefined-xmc}\nproperties: {disable: [no-undefined-xmc]}')).not.toBe(
      'no-undefined-xmc',
    );
    expect(found('profile: {fetch: undefined-xmc}\nproperties: [int3-handled]')).toBeUndefined();
    expect(found('profile: {fetch: any}\nproperties: {enable: [no-undefined-xmc]}')).toBe('no-undefined-xmc');
    expect(found('profile: {fetch: any}\nproperties: [no-undefined-xmc]')).toBe('no-undefined-xmc');
  });

  it('are refused where they mean nothing', () => {
    const error = errorOf(() => build('properties: {enable: [no-undefined-xmc]}'));
    expect(errorLine(error)).toMatch(
      /^s\.yaml:\d+:13: property "no-undefined-xmc" means nothing under the fetch rule coherent$/,
    );
  });
});
