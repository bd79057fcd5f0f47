import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/load.js';
import { smallScenario } from './full-scenario.js';
import { errorLine, errorOf } from './input-error.js';

/** What is wrong with `text`, as `file:line:column: message`, and the hint. */
function complaint(text: string): readonly [string, string | undefined] {
  const error = errorOf(() => loadScenario(text, 'x.yaml'));
  return [errorLine(error), error.hint];
}

/** {@link smallScenario} with one more line, the fifth. */
function withLine(line: string): string {
  return `${smallScenario}${line}\n`;
}

/** {@link smallScenario} with another second line: its text. */
function withText(text: string): string {
  return smallScenario.replace(/^text:.*$/m, `text: ${text}`);
}

/** A scenario with two CPUs and these tasks, from line 4. */
function withTasks(...tasks: readonly string[]): string {
  const lines = ['scenario: tasks', 'text: [{base: 0x1000, asm: "here: nop"}]', 'cpus: 2', 'tasks:', ...tasks, ''];
  return lines.join('\n');
}

/** A scenario whose site is `here` and whose patch list begins in line 7. */
function withPatch(...patch: readonly string[]): string {
  return withTasks('  patcher: {cpu: 0, procedure: patch}', 'sites: {here: {}}', ...patch);
}

describe('YAML that is not right', () => {
  it.each([
    [
      'an open bracket',
      'scenario: [\n',
      'x.yaml:2:1: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['a duplicate key', withLine('cpus: 2'), "x.yaml:5:1: the key 'cpus' appears twice in the same map"],
    ['an unknown tag', withLine('title: !big x'), 'x.yaml:5:8: Unresolved tag: !big'],
    ['an unknown anchor', withLine('title: *big'), "x.yaml:5:8: no anchor '&big' before this alias"],
    ['an alias to its parent', withLine('refs: &a [*a]'), 'x.yaml:5:11: an alias inside what it stands for'],
    ['a key that is a list', withLine('[a]: 1'), 'x.yaml:5:1: a key must be a word, not a list'],
    ['an empty key', withLine('"": 1'), 'x.yaml:5:1: a key must be a word, not ""'],
    ['a null key', withLine('? \n: 1'), 'x.yaml:5:3: a key must be a word, not nothing'],
    ['the key __proto__', withLine('__proto__: 1'), "x.yaml:5:1: '__proto__' cannot be a key"],
    [
      'two documents',
      `${smallScenario}---\n${smallScenario}`,
      'x.yaml:5:1: a second YAML document: one file holds one scenario',
    ],
    [
      'YAML 1.1',
      `%YAML 1.1\n---\n${smallScenario}`,
      'x.yaml:1:1: YAML 1.1 is not supported: remove the %YAML directive',
    ],
    ['an empty file', '', 'x.yaml:1:1: expected a map with scenario, text, cpus and tasks, not nothing'],
    ['a list', '- 1\n', 'x.yaml:1:1: expected a map with scenario, text, cpus and tasks, not a list'],
  ])('is reported: %s', (_, text, message) => {
    expect(complaint(text)).toEqual([message, undefined]);
  });
});

describe('A key that is unknown or missing', () => {
  it.each([
    [withLine('algoritm: x'), "x.yaml:5:1: unknown key 'algoritm'", "did you mean 'algorithm'?"],
    [withLine('zzz: x'), "x.yaml:5:1: unknown key 'zzz'", undefined],
    [withText('[{base: 1, sise: 3}]'), "x.yaml:2:18: text.0: unknown key 'sise'", "did you mean 'size'?"],
    [withTasks('  t: {cpu: 0, entri: here}'), "x.yaml:5:15: tasks.t: unknown key 'entri'", "did you mean 'entry'?"],
    [
      withTasks('  t: {cpu: 0, entry: here, registers: {rxa: 1}}'),
      "x.yaml:5:40: tasks.t.registers: unknown key 'rxa'",
      "did you mean 'rax'?",
    ],
    [
      withTasks('  t: {cpu: 0, entry: here, stack: {privat: 16}}'),
      "x.yaml:5:36: tasks.t.stack: unknown key 'privat'",
      "did you mean 'private'?",
    ],
    [withLine('budgets: {nmis: 1}'), "x.yaml:5:11: budgets: unknown key 'nmis'", "did you mean 'nmi'?"],
    [withLine('expect: {violates: x}'), "x.yaml:5:10: expect: unknown key 'violates'", "did you mean 'violated'?"],
    [withLine('expect: {}'), "x.yaml:5:1: expect: 'violated' is missing", undefined],
    [withPatch('patch: [{site: here, nwe: nop}]'), "x.yaml:7:22: patch.0: unknown key 'nwe'", "did you mean 'new'?"],
    ['scenario: x\ncpus: 1\ntasks: {}\n', "x.yaml:1:1: 'text' is missing", undefined],
    [withTasks('  t:', '    entry: here'), "x.yaml:5:3: tasks.t: 'cpu' is missing", undefined],
    [withPatch('patch: [{batch: [{site: here}]}]'), "x.yaml:7:18: patch.0.batch.0: 'new' is missing", undefined],
  ])('is reported at its place: %j', (text, message, hint) => {
    expect(complaint(text)).toEqual([message, hint]);
  });
});

describe('A value of the wrong kind', () => {
  it.each([
    [
      'scenario: Stub 1\ntext: 1\ncpus: 1\n',
      'x.yaml:1:11: scenario: expected a name of lower-case letters, digits and hyphens, not "Stub 1"',
    ],
    [withLine('title:'), 'x.yaml:5:7: title: expected a title, not nothing'],
    [withLine('title: 1.10'), 'x.yaml:5:8: title: expected a title, not 1.10'],
    [withLine('refs: mail-002'), 'x.yaml:5:7: refs: expected a list, not "mail-002"'],
    [withLine('syntax: nasm'), 'x.yaml:5:9: syntax: expected att or intel, not "nasm"'],
    [withLine('steps: 1.5'), 'x.yaml:5:8: steps: expected an integer from 1 to 9007199254740991, not 1.5'],
    [withLine('budgets: {nmi: -1}'), 'x.yaml:5:16: budgets.nmi: expected an integer from 0 to 1000, not -1'],
    [
      withLine('properties: progress'),
      'x.yaml:5:13: properties: expected a list of properties, or a map with enable and disable, not "progress"',
    ],
    [
      withLine('check: {always: {a b: "1"}}'),
      'x.yaml:5:18: check.always: expected a name of letters, digits, _ and -, not "a b"',
    ],
    [withLine('check: {always: {a: 1}}'), 'x.yaml:5:21: check.always.a: expected an expression, not 1'],
    [
      withLine('expect: maybe'),
      'x.yaml:5:9: expect: expected verified, violated, or a map such as {violated: no-torn-instruction}, not "maybe"',
    ],
    [withLine('profile: {fetch: 1.5}'), 'x.yaml:5:18: profile.fetch: expected yes, no, an integer or a word, not 1.5'],
    [
      withLine('sites: {a: {clobbers: [eax]}}'),
      'x.yaml:5:24: sites.a.clobbers.0: expected a 64-bit general register such as rax, not "eax"',
    ],
    [
      withLine('sites: {a: {flag-clobbers: [df]}}'),
      'x.yaml:5:29: sites.a.flag-clobbers.0: expected a flag: cf, pf, af, zf, sf or of, not "df"',
    ],
    [
      withLine('sites: {a-b: {}}'),
      'x.yaml:5:9: sites: expected a symbol, or a symbol and an offset such as `func+0x1f`, not "a-b"',
    ],
    [withText('[]'), 'x.yaml:2:7: text: expected at least one entry, not a list'],
    [
      withText('[{base: 0x800000000000, asm: nop}]'),
      'x.yaml:2:15: text.0.base: expected a canonical address: up to 0x00007fffffffffff, or from 0xffff800000000000 (SDM Vol. 1, 3.3.7.1), not 0x800000000000',
    ],
    [
      withText('[{base: 1e3, asm: nop}]'),
      'x.yaml:2:15: text.0.base: expected an address such as 0xffffffff81000000, not 1e3',
    ],
    [
      withText('[{base: 1, asm: nop, writable: maybe}]'),
      'x.yaml:2:38: text.0.writable: expected yes or no, not "maybe"',
    ],
    [
      withTasks('  t: {cpu: 9, entry: here}'),
      'x.yaml:5:12: tasks.t.cpu: expected a CPU number from 0 to 7, or a list of them, not 9',
    ],
    [
      withTasks('  t: {cpu: [0, 9], entry: here}'),
      'x.yaml:5:16: tasks.t.cpu.1: expected an integer from 0 to 7, not 9',
    ],
    [withTasks('  t: {cpu: 0, entry: here, if: 2}'), 'x.yaml:5:32: tasks.t.if: expected 0 or 1, not 2'],
    [withTasks('  t: {cpu: 0, procedure: poke}'), 'x.yaml:5:26: tasks.t.procedure: expected `patch`, not "poke"'],
    [
      withTasks('  t: {cpu: 0, entry: [here]}'),
      'x.yaml:5:22: tasks.t.entry: expected a symbol, a symbol and an offset, or an integer, not a list',
    ],
    [
      withTasks('  t: {cpu: 0, entry: here, stack: 0}'),
      'x.yaml:5:35: tasks.t.stack: expected 1 to 16777216 bytes, or a map with size and base, or private, not 0',
    ],
    [
      withLine('variants: {A: {}}'),
      'x.yaml:5:12: variants: expected a name of lower-case letters, digits and hyphens, not "A"',
    ],
    [withLine('variants: {a: }'), 'x.yaml:5:15: variants.a: expected a map, not nothing'],
    [
      withLine('variants: {a: {expect: maybe}}'),
      'x.yaml:5:24: variants.a.expect: expected verified, violated, or a map such as {violated: no-torn-instruction}, not "maybe"',
    ],
  ])('is reported: %j', (text, message) => {
    expect(complaint(text)).toEqual([message, undefined]);
  });
});

describe('Memory that does not fit together', () => {
  it.each([
    [withText('[{base: 1}]'), "x.yaml:2:8: text.0: exactly one of 'asm', 'size', 'elf' is needed, but there is none"],
    [
      withText('[{base: 1, asm: nop, size: 2}]'),
      "x.yaml:2:8: text.0: exactly one of 'asm', 'size', 'elf' is needed, but there is 'asm' and 'size'",
    ],
    [withText('[{asm: nop}]'), "x.yaml:2:8: text.0: 'base' is missing: only an ELF file brings its own address"],
    [withText('[{base: 1, size: 1}]'), "x.yaml:2:8: text.0: 'name' is missing: reserved text is reached by its name"],
    [
      withLine('data: [{name: d, base: 0x9000}]'),
      "x.yaml:5:8: data.0: exactly one of 'asm', 'size', 'alias' is needed, but there is none",
    ],
    [
      withText('[{name: a, base: 1, asm: nop}, {name: a, base: 8, size: 1}]'),
      "x.yaml:2:45: text.1.name: 'a' is already the name of text.0",
    ],
    [
      withText('[{name: a, base: 1, asm: nop}]').concat('data: [{name: a, base: 8, size: 1}]'),
      "x.yaml:5:15: data.0.name: 'a' is already the name of text.0",
    ],
    [
      withText('[{name: a, base: 0x1000, size: 32}, {name: b, base: 0x101f, size: 4}]'),
      "x.yaml:2:43: text.1: text 'b' (0x101f, 4 bytes) overlaps text 'a' (0x1000, 32 bytes), line 2",
    ],
    [
      withLine('data: [{name: d, base: 0x0ff0, size: 0x100}]'),
      "x.yaml:5:8: data.0: data 'd' (0xff0, 256 bytes) overlaps text.0 (0x1000), line 2",
    ],
    [
      withText('[{base: 1, asm: nop}, {name: a, base: 0xfffffffffffffff0, size: 17}]'),
      "x.yaml:2:29: text.1: text 'a' (0xfffffffffffffff0, 17 bytes) runs past the end of the address space",
    ],
    [
      withText('[{base: 1, asm: nop}, {name: a, base: 0x7ffffffffff0, size: 17}]'),
      "x.yaml:2:29: text.1: text 'a' (0x7ffffffffff0, 17 bytes) ends at a non-canonical address, 0x800000000000",
    ],
    [
      withText('[{name: a, base: 0, size: 0x800000}, {name: b, base: 0x1000000, size: 0x800000}]'),
      'x.yaml:4:15: tasks.only: text, data and stacks together are larger than 16 MiB',
    ],
    [
      withTasks(
        '  a: {cpu: 0, entry: here, stack: {base: 0x2000}}',
        '  b: {cpu: 1, entry: here, stack: {base: 0x2ff0}}',
      ),
      "x.yaml:6:35: tasks.b.stack: the stack of 'b' (0x2ff0, 4096 bytes) overlaps the stack of 'a' (0x2000, 4096 bytes), line 5",
    ],
  ])('is reported: %j', (text, message) => {
    expect(complaint(text)).toEqual([message, undefined]);
  });

  it('may touch without overlapping, and private stacks may share an address', () => {
    const touching = '[{name: a, base: 0x1000, size: 32}, {name: b, base: 0x1020, size: 4}]';
    expect(loadScenario(withText(touching), 'x.yaml').variant().text).toHaveLength(2);
    const stack = 'stack: {private: 64, base: 0x2000}';
    const tasks = withTasks(`  a: {cpu: 0, entry: here, ${stack}}`, `  b: {cpu: 1, entry: here, ${stack}}`);
    expect(loadScenario(tasks, 'x.yaml').variant().tasks).toHaveLength(2);
  });
});

describe('Tasks and patches that do not fit together', () => {
  it.each([
    [
      withTasks('  t: {cpu: 0}'),
      "x.yaml:5:6: tasks.t: exactly one of 'entry', 'procedure' is needed, but there is none",
      undefined,
    ],
    [
      withTasks('  t: {cpu: 2, entry: here}'),
      "x.yaml:5:12: tasks.t.cpu: there is no CPU 2: 'cpus' is 2, counted from 0",
      undefined,
    ],
    [
      withTasks('  a: {cpu: 1, entry: here}', '  b: {cpu: [0, 1, 0], entry: here}'),
      'x.yaml:6:12: tasks.b.cpu: CPU 0 is listed twice',
      'add a task of another name for that CPU',
    ],
    [
      withTasks(...Array.from({ length: 11 }, (_, i) => `  t${i}: {cpu: ${i % 2}, entry: here}`)),
      'x.yaml:15:14: tasks.t10.cpu: more than 10 tasks',
      undefined,
    ],
    [
      'scenario: x\ntext: [{base: 1, asm: nop}]\ncpus: 1\ntasks: {}\n',
      'x.yaml:4:8: tasks: expected at least one task',
      undefined,
    ],
    [
      withTasks('  t: {cpu: 0, entry: "here+"}'),
      'x.yaml:5:22: tasks.t.entry: expected a symbol or an integer, not the end',
      undefined,
    ],
    [
      withTasks('  t: {cpu: 0, entry: here, registers: {rax: here here}}'),
      "x.yaml:5:45: tasks.t.registers.rax: expected + or -, not 'here'",
      undefined,
    ],
    [
      withTasks('  t: {cpu: 0, entry: here, registers: {rsp: 1}}'),
      'x.yaml:5:45: tasks.t.registers.rsp: the stack pointer comes from `stack`',
      undefined,
    ],
    [
      withTasks('  t: {cpu: 0, entry: here, stack: {size: 24}}'),
      'x.yaml:5:35: tasks.t.stack: expected a multiple of 16 bytes, not 24',
      undefined,
    ],
    [
      withTasks('  t: {cpu: 0, entry: here, stack: {size: 16, private: 16}}'),
      "x.yaml:5:35: tasks.t.stack: give 'size' or 'private', not both",
      undefined,
    ],
    [
      withTasks('  t: {cpu: 0, entry: here, stack: {base: 0x1008}}'),
      'x.yaml:5:42: tasks.t.stack.base: expected a multiple of 16',
      undefined,
    ],
    [
      withTasks(
        '  p: {cpu: 0, procedure: patch, registers: {rax: 1}}',
        'sites: {here: {}}',
        'patch: [{site: here, new: nop}]',
      ),
      'x.yaml:5:44: tasks.p.registers: a procedure has no registers of its own',
      undefined,
    ],
    [
      withTasks('  p: {cpu: [0, 1], procedure: patch}', 'sites: {here: {}}', 'patch: [{site: here, new: nop}]'),
      "x.yaml:5:31: tasks.p.procedure: 'p@0' applies the patches already; one patcher for now",
      undefined,
    ],
    [
      withTasks('  p: {cpu: 0, procedure: patch}'),
      "x.yaml:5:26: tasks.p.procedure: there is no list 'patch' to apply",
      undefined,
    ],
    [
      withTasks('  t: {cpu: 0, entry: here}', 'sites: {here: {}}', 'patch: [{site: here, new: nop}]'),
      'x.yaml:7:8: patch: no task applies this',
      'give one task `procedure: patch`',
    ],
    [
      withPatch('patch: [{site: hree, new: nop}]'),
      "x.yaml:7:16: patch.0.site: 'hree' is not one of the sites",
      "did you mean 'here'?",
    ],
    [
      withPatch('patch: {list: [{batch: [{site: there_then, new: nop}]}]}'),
      "x.yaml:7:32: patch.list.0.batch.0.site: 'there_then' is not one of the sites",
      'declare it: `sites: {there_then: {}}`',
    ],
    [
      withPatch('patch: [{site: here, new: nop, batch: [{site: here, new: nop}]}]'),
      "x.yaml:7:9: patch.0: exactly one of 'site', 'batch' is needed, but there is 'site' and 'batch'",
      undefined,
    ],
    [
      withPatch('patch: [{new: nop, batch: [{site: here, new: nop}]}]'),
      'x.yaml:7:15: patch.0.new: belongs to the patches inside the batch',
      undefined,
    ],
    [
      withPatch('patch:', '  - batch:', '      - {site: here, new: nop}', '      - {site: here, new: nop}'),
      "x.yaml:10:16: patch.0.batch.1.site: 'here' is in this batch already, line 9",
      'patches that follow each other are items of their own',
    ],
    [withPatch('patch: [{site: here}]'), "x.yaml:7:9: patch.0: 'new' is missing", undefined],
  ])('are reported: %j', (text, message, hint) => {
    expect(complaint(text)).toEqual([message, hint]);
  });
});

describe('An expected violation', () => {
  const CHECK = 'check: {always: {small: "only.rax < 9"}, sometimes: {big: only.rax}, finally: {done: only.rax}}';
  const KNOWN = /known: no-torn-instruction, .*, always small, finally done$/;

  it.each([['no-torn-instruction'], ['always small'], ['finally done']])(
    'may be of a property or of a check that can be false: %s',
    (name) => {
      const { expect: expected } = loadScenario(withLine(`expect: {violated: ${name}}\n${CHECK}`), 'x.yaml').variant();
      expect(expected).toEqual({ verdict: 'violated', property: name });
    },
  );

  it.each([
    ['no-torn-instructoin', expect.stringMatching(/^did you mean 'no-torn-instruction'\? known: /)],
    ['small', "did you mean 'always small'?"],
    ['always smal', expect.stringMatching(/^did you mean 'always small'\? known: /)],
    ['done', "did you mean 'finally done'?"],
    ['big', "'sometimes big' is a goal: it is reached, or not"],
    ['constructor', expect.stringMatching(KNOWN)],
  ])('is of something that there is: %s', (name, hint) => {
    expect(complaint(withLine(`${CHECK}\nexpect: {violated: ${name}}`))).toEqual([
      `x.yaml:6:20: expect.violated: unknown property "${name}"`,
      hint,
    ]);
  });

  it('is one of its own variant', () => {
    const unknown = withLine(
      'variants:\n  fine: {expect: {violated: site-effect}}\n  wrong: {expect: {violated: sideeffect}}',
    );
    expect(complaint(unknown)).toEqual([
      `x.yaml:7:30: variant 'wrong': expect.violated: unknown property "sideeffect"`,
      expect.stringMatching(/^did you mean 'site-effect'/),
    ]);
    const gone = withLine(`${CHECK}\nexpect: {violated: always small}\nvariants:\n  none: {check: {}}`);
    expect(complaint(gone)[0]).toBe(
      `x.yaml:8:3: variant 'none': expect.violated: unknown property "always small" (line 6)`,
    );
  });
});

describe('An expression of `check`', () => {
  /** {@link smallScenario} with more memory, another task, and these lines from line 7. */
  const withChecks = (...lines: readonly string[]): string =>
    withText(
      '[{base: 0x1000, asm: "here: call far"}, {base: 0x9000, asm: "far: ret"}, {name: stub, base: 0xa000, size: 8}]',
    )
      .replace('tasks: {', 'tasks: {my-task: {cpu: 1, entry: far}, ')
      .replace('cpus: 1', 'cpus: 2')
      .concat(['data: [{name: table, base: 0xb000, size: 8}]', 'algorithm: stub-static', ...lines, ''].join('\n'));

  it('may name registers of tasks, labels, regions and the data of the simulated kernel', () => {
    for (const expression of [
      'only.rip == here or my-task.rip in (far, far + 1)',
      '[table] == stub and u8[here] == 0xe8',
      '[call_function_queue] or [bp_call_target@1]',
    ]) {
      const text = withChecks(`check: {sometimes: {a: "${expression}"}}`);
      expect(loadScenario(text, 'x.yaml').variant().check.sometimes).toHaveLength(1);
    }
  });

  it.each([
    ['only.rax = 1', "x.yaml:7:32: unexpected '='", "to compare, write '=='"],
    ['only.rax == ', 'x.yaml:7:35: expected a number, a symbol, a register or memory, not the end', undefined],
    ['only.rxa == 1', "x.yaml:7:28: task only has no register 'rxa'", "did you mean 'rax'?"],
    ['onyl.rax == 1', "x.yaml:7:23: unknown task 'onyl'", "did you mean 'only'?"],
    ['only == 1', "x.yaml:7:23: 'only' is a task", "name one of its registers, as in 'only.rip'"],
    ['[only.rax + tabel] == 1', "x.yaml:7:35: unknown symbol 'tabel'", "did you mean 'table'?"],
    ['[bp_call_target@2] == 1', "x.yaml:7:24: unknown symbol 'bp_call_target@2'", "did you mean 'bp_call_target@0'?"],
  ])('is checked when the file is read: %s', (expression, message, hint) => {
    expect(complaint(withChecks(`check: {finally: {a: "${expression}"}}`))).toEqual([message, hint]);
  });

  it('of any variant is an error of the file, at its place in that variant', () => {
    const text = withChecks(
      'check: {always: {a: only.rax}}',
      'variants:',
      '  fine: {check.always.b: only.rip != far}',
      '  wrong: {check.always.b: only.rip != fra}',
    );
    expect(complaint(text)).toEqual(["x.yaml:10:39: variant 'wrong': unknown symbol 'fra'", "did you mean 'far'?"]);
  });

  it('of the scenario that a variant takes the meaning from is an error of that variant', () => {
    const text = withChecks(
      'check: {always: {a: my-task.rax}}',
      'variants:',
      '  alone: {tasks: {only: {cpu: 0, entry: here}}}',
    );
    expect(complaint(text)).toEqual(["x.yaml:9:3: variant 'alone': unknown symbol 'my' (line 7)", undefined]);
  });

  it('may name what an ELF file brings, or assembly that is wrong: that is found when the scenario is built', () => {
    for (const more of ['{elf: lib.elf}', '{base: 0xc000, asm: "frobnicate"}']) {
      const text = withChecks('check: {always: {a: only.rax != elsewhere}}').replace('text: [', `text: [${more}, `);
      expect(loadScenario(text, 'x.yaml').variant().check.always).toHaveLength(1);
    }
  });

  it('is checked last: what it names has to be right first', () => {
    const text = withChecks('check: {always: {a: x.rax = 1}}', 'budgets: {nmi: x}');
    expect(complaint(text)[0]).toBe('x.yaml:8:16: budgets.nmi: expected an integer from 0 to 1000, not "x"');
  });
});

describe('Goals', () => {
  const CHECK = 'check: {sometimes: {big: only.rax}, finally: {done: only.rax}}';

  it.each([
    ['add: [int3-exectued]', 13, 'int3-exectued', /^did you mean 'int3-executed'\? known: int3-executed, /],
    ['add: [finally done]', 13, 'finally done', /^known: int3-executed, .*, ipi-waited-for-stub$/],
    ['waive: [finally dnoe]', 15, 'finally dnoe', /^did you mean 'finally done'\? known: .*, finally done$/],
    ['waive: [stub-executed, big]', 30, 'big', /^known: /],
  ])('must be ones that there are: %s', (goals, column, name, hint) => {
    const place = goals.startsWith('add') ? 'add.0' : `waive.${goals.includes(', ') ? 1 : 0}`;
    expect(complaint(withLine(`goals: {${goals}}\n${CHECK}`))).toEqual([
      `x.yaml:5:${column + 2}: goals.${place}: unknown goal "${name}"`,
      expect.stringMatching(hint),
    ]);
  });

  it('are not added and waived at once', () => {
    expect(complaint(withLine('goals: {add: [stub-executed], waive: [stub-executed]}'))).toEqual([
      'x.yaml:5:39: goals.waive.0: goal "stub-executed" is added and waived',
      undefined,
    ]);
  });

  it('may be changed by a variant of a scenario that has none', () => {
    const text = withLine('variants: {a: {goals.add: [stub-executed]}}');
    expect(loadScenario(text, 'x.yaml').variant('a').goals).toEqual({ add: ['stub-executed'], waive: [] });
  });
});

describe('A handler', () => {
  it.each([
    ['{nmmi: here}', "x.yaml:5:18: handlers.nmmi: unknown vector 'nmmi'", "did you mean 'nmi'?"],
    [
      '{256: here}',
      "x.yaml:5:17: handlers.256: unknown vector '256'",
      expect.stringMatching(/^a number up to 255, or de, /),
    ],
    [
      '{NMI: here}',
      'x.yaml:5:12: handlers: expected the name of a vector such as `nmi`, or its number, not "NMI"',
      undefined,
    ],
    ['{nmi: here, 2: here}', "x.yaml:5:26: handlers.2: NMI has a handler already: 'nmi'", undefined],
    ['{0xfd: here}', 'x.yaml:5:18: handlers.0xfd: 0xfd is how tasks leave their CPU', undefined],
    ['{bp: here here}', "x.yaml:5:16: handlers.bp: expected + or -, not 'here'", undefined],
    ['{bp: [here]}', expect.stringMatching(/^x\.yaml:5:16: handlers\.bp: expected a symbol, /), undefined],
  ])('is of a vector, and somewhere: %s', (handlers, message, hint) => {
    expect(complaint(withLine(`handlers: ${handlers}`))).toEqual([message, hint]);
  });

  it('may come, and nmi.stack may be chosen, in a variant of a scenario that has neither', () => {
    const text = withLine('variants: {a: {handlers.nmi: here, nmi.stack: ist}}');
    const { handlers, nmiStack } = loadScenario(text, 'x.yaml').variant('a');
    expect([handlers.map(({ vector }) => vector), nmiStack]).toEqual([[2], 'ist']);
    expect(complaint(withLine('nmi: {stack: raw}'))[0]).toBe(
      'x.yaml:5:14: nmi.stack: expected linux or ist, not "raw"',
    );
  });
});

describe('A batch', () => {
  it('may name a site that another batch names', () => {
    const batch = '{batch: [{site: here, new: nop}]}';
    expect(loadScenario(withPatch(`patch: [${batch}, ${batch}]`), 'x.yaml').variant().patch.list).toHaveLength(2);
  });
});

describe('An error message', () => {
  it('is about the first of several problems, by position', () => {
    const text = withLine('budgets: {mc: x, nmi: y}')
      .replace('cpus: 1', 'cpus: one')
      .replace('0x1000', '0x1000, szie: 1');
    expect(complaint(text)[0]).toBe("x.yaml:2:23: text.0: unknown key 'szie'");
  });

  it('shows the source line', () => {
    const error = errorOf(() => loadScenario(withLine('  # note\nbudgets: {nmi: x}'), 'x.yaml'));
    expect(error.excerpt).toBe('budgets: {nmi: x}');
  });

  it('keeps terminal control characters and endless lines to itself', () => {
    const error = errorOf(() => loadScenario(withLine('"\u001b[31m": 1'), 'x.yaml'));
    expect([error.message, error.excerpt]).toEqual(["unknown key '\u00b7[31m'", '"\u00b7[31m": 1']);
    const long = errorOf(() => loadScenario(withLine(`${'k'.repeat(5000)}: 1`), 'x.yaml'));
    expect(long.message.length).toBeLessThan(500);
    expect(long.excerpt?.length).toBeLessThan(500);
  });

  it('counts lines the same way when they end in CR LF', () => {
    const error = errorOf(() => loadScenario(withLine('budgets: {nmi: x}').replaceAll('\n', '\r\n'), 'x.yaml'));
    expect([errorLine(error), error.excerpt]).toEqual([
      'x.yaml:5:16: budgets.nmi: expected an integer from 0 to 1000, not "x"',
      'budgets: {nmi: x}',
    ]);
  });
});
