import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOCALS } from '../../src/machine/contexts.js';
import { type Procedure, type ProcedureBuilder, procedure } from '../../src/machine/procedure.js';
import type { Local } from '../../src/machine/step-context.js';
import { DATA_PAGE, World } from './world.js';

/** Runs a procedure as the task of the only CPU, always taking the first choice; gives the labels of its steps. */
function labelsOf(task: Procedure, limit = 1000): string[] {
  const world = new World({ tasks: [task] });
  for (let i = 0; i < limit && world.enabled().length > 0; i++) world.proc(0, firstChoice(world));
  expect(world.machine.isFinished(0)).toBe(true);
  return world.labels;
}

const firstChoice = (world: World): number => Number(/proc (\d+)/.exec(world.enabled()[0] ?? '')?.[1] ?? 0);

describe('a procedure', () => {
  it('does its steps in order, one at a time, and is finished after the last', () => {
    const world = new World({
      tasks: [
        procedure('three', (p) => {
          p.step('one', (c) => c.store(DATA_PAGE, 1n));
          p.step('two', (c) => c.store(DATA_PAGE, 2n));
          p.step('three', (c) => c.store(DATA_PAGE, 3n));
        }),
      ],
    });
    for (const done of [1n, 2n, 3n]) {
      expect(world.enabled()).toEqual(['cpu0 proc']);
      expect(world.proc().word(DATA_PAGE)).toBe(done);
    }
    expect([world.enabled(), world.machine.isFinished(0)]).toEqual([[], true]);
    expect(world.of('procedure-step')).toEqual(
      ['one', 'two', 'three'].map((label) => ({ kind: 'procedure-step', cpu: 0, procedure: 'three', label })),
    );
  });

  it('without any step is finished at once', () => {
    expect(labelsOf(procedure('nothing', () => {}))).toEqual([]);
  });

  it('takes one way of an if, and goes on behind it', () => {
    for (const [yes, labels] of [
      [true, ['yes', 'end']],
      [false, ['no', 'end']],
    ] as const) {
      const task = procedure('if', (p) => {
        p.if(
          () => yes,
          () => p.step('yes', () => {}),
          () => p.step('no', () => {}),
        );
        p.step('end', () => {});
      });
      expect(labelsOf(task)).toEqual(labels);
    }
  });

  it('passes over an if without else when the condition does not hold', () => {
    const task = procedure('if', (p) => {
      p.if(
        () => false,
        () => p.step('yes', () => {}),
      );
      p.step('end', () => {});
    });
    expect(labelsOf(task)).toEqual(['end']);
  });

  it('repeats a while as long as its condition holds before the body, maybe never', () => {
    for (const times of [0n, 1n, 3n]) {
      const task = procedure('while', (p) => {
        const i = p.local();
        p.while(
          (c) => c.get(i) < times,
          () => p.step('body', (c) => c.set(i, c.get(i) + 1n)),
        );
        p.step('end', () => {});
      });
      expect(labelsOf(task)).toEqual([...Array.from({ length: Number(times) }, () => 'body'), 'end']);
    }
  });

  it('counts a for from 0 each time anew, and asks for the count before every round', () => {
    const seen: bigint[][] = [];
    const task = procedure('for', (p) => {
      const outer = p.local();
      const inner = p.local();
      p.for(
        outer,
        () => 3n,
        () => {
          p.for(
            inner,
            (c) => c.get(outer),
            () => p.step('body', (c) => seen.push([c.get(outer), c.get(inner)])),
          );
        },
      );
    });
    expect(labelsOf(task)).toHaveLength(3);
    expect(seen).toEqual([
      [1n, 0n],
      [2n, 0n],
      [2n, 1n],
    ]);
  });

  it('hands arguments to the one it calls as its first locals, the rest 0, and gets back what it returns', () => {
    const seen: (readonly bigint[])[] = [];
    const sum = procedure('sum', (p) => {
      const [a, b, rest] = [p.local(), p.local(), p.local()];
      p.step('look', (c) => {
        seen.push([c.get(a), c.get(b), c.get(rest)]);
        c.set(rest, 99n);
      });
      p.return((c) => c.get(a) + c.get(b));
    });
    const task = procedure('caller', (p) => {
      const result = p.local();
      p.call(sum, () => [3n, 4n], result);
      p.call(sum, (c) => [c.get(result), 1n], result);
      p.call(sum, () => [5n, 5n]);
      p.step('result', (c) => seen.push([c.get(result)]));
    });
    expect(labelsOf(task)).toEqual(['look', 'look', 'look', 'result']);
    expect(seen).toEqual([[3n, 4n, 0n], [7n, 1n, 0n], [5n, 5n, 0n], [8n]]);
  });

  it('may call one that has no step at all', () => {
    const plus = procedure('plus', (p) => {
      const a = p.local();
      p.return((c) => c.get(a) + 1n);
    });
    const seen: bigint[] = [];
    const task = procedure('caller', (p) => {
      const a = p.local();
      p.call(plus, (c) => [c.get(a)], a);
      p.call(plus, (c) => [c.get(a)], a);
      p.step('end', (c) => seen.push(c.get(a)));
    });
    expect([labelsOf(task), seen]).toEqual([['end'], [2n]]);
  });

  it('returns from the middle of loops and conditions', () => {
    const inner = procedure('inner', (p) => {
      const i = p.local();
      p.for(
        i,
        () => 10n,
        () => {
          p.if(
            (c) => c.get(i) === 2n,
            () => p.return((c) => c.get(i)),
          );
          p.step('round', () => {});
        },
      );
      p.step('never', () => {});
    });
    expect(labelsOf(procedure('outer', (p) => p.call(inner)))).toEqual(['round', 'round']);
  });

  it('waits at a step until its condition holds, and is not enabled before', () => {
    const task = procedure('waiter', (p) => {
      p.step('before', () => {});
      p.wait('until the flag is set', (c) => c.load(DATA_PAGE) !== 0n);
      p.step('after', () => {});
    });
    const setter = procedure('setter', (p) => p.step('set the flag', (c) => c.store(DATA_PAGE, 1n)));
    const world = new World({ cpus: 2, tasks: [task, setter] });
    world.proc();
    expect([world.enabled(0), world.machine.procedureAt(0)]).toEqual([
      [],
      { procedure: 'waiter', label: 'until the flag is set' },
    ]);
    world.proc(1);
    expect(world.enabled(0)).toEqual(['cpu0 proc']);
    world.proc().proc();
    expect(world.machine.isFinished(0)).toBe(true);
  });

  it('repeats a choice until nothing is left to choose, with a scratch of its own that is 0 at first', () => {
    const orders: number[][] = [];
    const task = procedure('chooser', (p) => {
      const pick = (label: string) =>
        p.choose({
          label,
          choices: (c) => [0, 1, 2].filter((i) => ((c.scratch >> BigInt(i)) & 1n) === 0n),
          run: (c, choice) => {
            if (c.scratch === 0n) orders.push([]);
            orders.at(-1)?.push(choice);
            c.scratch |= 1n << BigInt(choice);
          },
        });
      pick('first');
      pick('second');
      p.step('end', (c) => orders.push([Number(c.scratch)]));
    });
    const world = new World({ tasks: [task] });
    expect(world.enabled()).toEqual(['cpu0 proc', 'cpu0 proc 1', 'cpu0 proc 2']);
    world.proc(0, 1);
    expect(world.enabled()).toEqual(['cpu0 proc', 'cpu0 proc 2']);
    world.proc(0, 2).proc(0, 0);
    expect(world.enabled()).toEqual(['cpu0 proc', 'cpu0 proc 1', 'cpu0 proc 2']);
    world.proc(0, 0).proc(0, 1).proc(0, 2).proc();
    expect(orders).toEqual([[1, 2, 0], [0, 1, 2], [0]]);
  });

  it('keeps locals to 64 bits', () => {
    const seen: bigint[] = [];
    const task = procedure('wide', (p) => {
      const [a, b] = [p.local(), p.local()];
      p.step('set', (c) => c.set(a, -1n));
      p.set(b, (c) => c.get(a) + 2n);
      p.step('look', (c) => seen.push(c.get(a), c.get(b)));
    });
    labelsOf(task);
    expect(seen).toEqual([0xffffffffffffffffn, 1n]);
  });

  it('has a limited number of locals, and says so when it is built', () => {
    const build = (count: number) => () =>
      procedure('many', (p) => {
        for (let i = 0; i < count; i++) p.local();
      });
    expect(build(LOCALS)).not.toThrow();
    expect(build(LOCALS + 1)).toThrow('too many locals');
  });

  it('of two CPUs has locals for each', () => {
    const task = procedure('counter', (p) => {
      const i = p.local();
      p.for(
        i,
        () => 3n,
        () => p.step('store', (c) => c.store(DATA_PAGE + 8n * BigInt(c.cpu), c.get(i))),
      );
    });
    const world = new World({ cpus: 2, tasks: [task, task] });
    world.proc(0).proc(1).proc(0).proc(0).proc(1);
    expect([world.word(DATA_PAGE), world.word(DATA_PAGE + 8n)]).toEqual([2n, 1n]);
  });

  it('leaves no trace in the state when it is over', () => {
    const busy = procedure('busy', (p) => {
      const [a, b] = [p.local(), p.local()];
      p.set(a, () => 5n);
      p.step('one', (c) => c.set(b, 6n));
      p.choose({
        label: 'two',
        choices: (c) => (c.scratch === 0n ? [0] : []),
        run: (c) => {
          c.scratch = 77n;
        },
      });
    });
    const task = procedure('task', (p) => {
      p.call(busy, () => [1n, 2n]);
      p.step('end', () => {});
    });
    const twice = new World({ tasks: [task] });
    const never = new World({ tasks: [procedure('task', (p) => p.step('end', () => {}))] });
    twice.proc().proc().proc();
    never.proc();
    const block = ({ machine }: World): Uint8Array => machine.save().blocks.cpus;
    expect(block(twice)).toEqual(block(never));
  });
});

/** A random program over two locals, and what running it means. */
type Statement =
  | { readonly kind: 'step'; readonly id: number; readonly add: bigint }
  | { readonly kind: 'set'; readonly local: 0 | 1; readonly add: bigint }
  | {
      readonly kind: 'if';
      readonly local: 0 | 1;
      readonly yes: readonly Statement[];
      readonly no: readonly Statement[] | undefined;
    }
  | { readonly kind: 'for'; readonly count: number; readonly body: readonly Statement[] }
  | { readonly kind: 'call'; readonly body: readonly Statement[]; readonly result: boolean }
  | { readonly kind: 'return' };

const local = fc.constantFrom(0 as const, 1 as const);
const add = fc.bigInt({ min: -3n, max: 3n });
const { block } = fc.letrec<{ block: readonly Statement[]; statement: Statement }>((tie) => ({
  block: fc.array(tie('statement'), { maxLength: 4, depthIdentifier: 'program' }),
  statement: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'program', withCrossShrink: true },
    fc.record({ kind: fc.constant('step' as const), id: fc.nat(99), add }),
    fc.record({ kind: fc.constant('set' as const), local, add }),
    fc.constant({ kind: 'return' as const }),
    fc.record({
      kind: fc.constant('if' as const),
      local,
      yes: tie('block'),
      no: fc.option(tie('block'), { nil: undefined }),
    }),
    fc.record({ kind: fc.constant('for' as const), count: fc.nat(3), body: tie('block') }),
    fc.record({ kind: fc.constant('call' as const), body: tie('block'), result: fc.boolean() }),
  ),
}));

/** How deep loops and calls go; what is deeper is left out, in both interpretations. */
const DEEPEST = 4;

function build(body: readonly Statement[], trace: string[], calls = 0): Procedure {
  return procedure(`depth ${calls}`, (p) => {
    const locals = [p.local(), p.local()] as const;
    const counters = Array.from({ length: DEEPEST }, () => p.local());
    addAll(p, body, { locals, counters, trace, calls, loops: 0 });
    p.return((c) => c.get(locals[0]));
  });
}

interface Scope {
  readonly locals: readonly [Local, Local];
  readonly counters: readonly Local[];
  readonly trace: string[];
  readonly calls: number;
  readonly loops: number;
}

function addAll(p: ProcedureBuilder, body: readonly Statement[], scope: Scope): void {
  const { locals, trace } = scope;
  for (const statement of body) {
    switch (statement.kind) {
      case 'step':
        p.step(`${statement.id}`, (c) => {
          trace.push(`${statement.id}: ${c.get(locals[0])} ${c.get(locals[1])}`);
          c.set(locals[1], c.get(locals[1]) + statement.add);
        });
        break;
      case 'set':
        p.set(locals[statement.local], (c) => c.get(locals[statement.local]) + statement.add);
        break;
      case 'if': {
        const { no } = statement;
        p.if(
          (c) => (c.get(locals[statement.local]) & 1n) === 1n,
          () => addAll(p, statement.yes, scope),
          no === undefined ? undefined : () => addAll(p, no, scope),
        );
        break;
      }
      case 'for': {
        const counter = scope.counters[scope.loops];
        if (counter === undefined) break;
        p.for(
          counter,
          () => BigInt(statement.count),
          () => addAll(p, statement.body, { ...scope, loops: scope.loops + 1 }),
        );
        break;
      }
      case 'call':
        if (scope.calls >= DEEPEST) break;
        p.call(
          build(statement.body, trace, scope.calls + 1),
          (c) => [c.get(locals[1]), 5n],
          statement.result ? locals[0] : undefined,
        );
        break;
      case 'return':
        p.return((c) => c.get(locals[0]));
    }
  }
}

class Return extends Error {}

/** What the program does, by plain recursion. */
function meaning(
  body: readonly Statement[],
  trace: string[],
  calls = 0,
  args: readonly [bigint, bigint] = [0n, 0n],
): bigint {
  const locals: [bigint, bigint] = [...args];
  const wrap = (value: bigint): bigint => BigInt.asUintN(64, value);
  const run = (statements: readonly Statement[], loops: number): void => {
    for (const statement of statements) {
      switch (statement.kind) {
        case 'step':
          trace.push(`${statement.id}: ${locals[0]} ${locals[1]}`);
          locals[1] = wrap(locals[1] + statement.add);
          break;
        case 'set':
          locals[statement.local] = wrap(locals[statement.local] + statement.add);
          break;
        case 'if':
          if ((locals[statement.local] & 1n) === 1n) run(statement.yes, loops);
          else if (statement.no !== undefined) run(statement.no, loops);
          break;
        case 'for':
          for (let i = 0; loops < DEEPEST && i < statement.count; i++) run(statement.body, loops + 1);
          break;
        case 'call': {
          if (calls >= DEEPEST) break;
          const result = meaning(statement.body, trace, calls + 1, [locals[1], 5n]);
          if (statement.result) locals[0] = result;
          break;
        }
        case 'return':
          throw new Return();
      }
    }
  };
  try {
    run(body, 0);
  } catch (error) {
    if (!(error instanceof Return)) throw error;
  }
  return locals[0];
}

describe('random procedures', () => {
  it('do what their program means, whatever is nested in what', () => {
    fc.assert(
      fc.property(block, (body) => {
        const [trace, wanted]: [string[], string[]] = [[], []];
        labelsOf(build(body, trace), 5000);
        meaning(body, wanted);
        expect(trace).toEqual(wanted);
      }),
      { numRuns: 150 },
    );
  });
});
