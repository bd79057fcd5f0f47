import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/load.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { fullScenario, placeOf } from './full-scenario.js';
import { errorLine, errorOf } from './input-error.js';

/** The base that the variants of these tests override; they begin in line 9. */
const base = `scenario: base
text: [{base: 0x1000, asm: "f.cold: nop"}]
sites: {f.cold: {length: 1}, f.cold.1: {length: 2}}
cpus: 2
tasks:
  p: {cpu: 0, procedure: patch}
  w: {cpu: 1, entry: f.cold}
patch: [{site: f.cold, new: nop}, {site: f.cold, new: ret}]
`;

/** The variant whose overrides are `overrides`, a flow map, in line 10. */
function variant(overrides: string): Scenario {
  return loadScenario(`${base}variants:\n  v: ${overrides}\n`, 'v.yaml').variant('v');
}

describe('A variant', () => {
  it('changes what it names and leaves the rest', () => {
    const loaded = loadScenario(fullScenario, 'flip.yaml');
    const { variant: none, expect: expected, budgets, ...rest } = loaded.variant();
    expect(loaded.variant('calm')).toEqual({
      ...rest,
      variant: 'calm',
      expect: { verdict: 'verified' },
      budgets: { ...budgets, nmi: 0 },
    });
    expect([none, expected?.verdict, budgets.nmi]).toEqual([undefined, 'violated', 1]);
  });

  it('inherits the expectation of the scenario', () => {
    const loaded = loadScenario(fullScenario, 'flip.yaml');
    expect(loaded.variant('other-cpus').expect).toEqual(loaded.variant().expect);
  });

  it('is the same object on every call, and the base is too', () => {
    const loaded = loadScenario(fullScenario, 'flip.yaml');
    expect(loaded.variant('calm')).toBe(loaded.variant('calm'));
    expect(loaded.variant()).toBe(loaded.variant(undefined));
  });

  it.each([
    ['{algorithm: stub-sti}', { algorithm: 'stub-sti' }],
    ['{expect: violated}', { expect: { verdict: 'violated', property: undefined } }],
    ['{budgets: {mc: 2}}', { budgets: { reschedule: 1, nmi: 0, mc: 2 } }],
    ['{budgets.nmi: 1}', { budgets: { nmi: 1, reschedule: 1 } }],
    ['{budgets: {mc: 2, nmi: 3}, budgets.mc: 4}', { budgets: { mc: 4, nmi: 3 } }],
    ['{profile: amd-apm}', { profile: { name: 'amd-apm', rules: {} } }],
    ['{profile.fetch: torn}', { profile: { name: 'ideal', rules: { fetch: 'torn' } } }],
    ['{profile: amd-apm, profile.held: no}', { profile: { name: 'amd-apm', rules: { held: false } } }],
    ['{profile.name: amd-apm, profile.held: no}', { profile: { name: 'amd-apm', rules: { held: false } } }],
    ['{cpus: 8, steps: 5}', { cpus: 8, steps: 5 }],
    ['{tasks.w.if: 0}', { tasks: [{}, { name: 'w', if: 0 }] }],
    ['{tasks.w.registers.rax: 7}', { tasks: [{}, { registers: { rax: { text: '7' } } }] }],
    ['{tasks.w.stack.private: 64}', { tasks: [{}, { stack: { kind: 'private', size: 64 } }] }],
    ['{tasks.w.stack: 64, tasks.w.stack.base: 0x2000}', { tasks: [{}, { stack: { size: 64, base: 0x2000n } }] }],
    [
      '{patch: [{site: f.cold, new: int3}]}',
      { patch: { repeat: 1, list: [{ patches: [{ new: { text: 'int3' } }] }] } },
    ],
    ['{patch.1.new: int3}', { patch: { list: [{}, { patches: [{ new: { text: 'int3' } }] }] } }],
    ['{patch.repeat: 3}', { patch: { repeat: 3, list: [{}, {}] } }],
    ['{sites.f.cold.length: 3}', { sites: [{ symbol: 'f.cold', length: 3 }, { length: 2 }] }],
    ['{sites.f.cold.1.length: 3}', { sites: [{ length: 1 }, { symbol: 'f.cold.1', length: 3 }] }],
    ['{sites.g: {}}', { sites: [{}, {}, { symbol: 'g' }] }],
    ['{check.always.a: "1"}', { check: { always: [{ name: 'a', expression: { text: '1' } }] } }],
    ['{text.0.base: 0x2000}', { text: [{ base: 0x2000n }] }],
    ['{title: Other}', { title: 'Other' }],
  ])('may override %s', (overrides, expected) => {
    expect(variant(overrides)).toMatchObject(expected);
  });

  it('may take its value from an alias', () => {
    const text = `${base}variants:\n  a: {budgets: &two {nmi: 2}}\n  b: {budgets: *two}\n`;
    expect(loadScenario(text, 'v.yaml').variant('b').budgets.nmi).toBe(2);
  });

  it('leaves the base and the other variants alone', () => {
    const text = `${base}variants:\n  a: {tasks.w.if: 0}\n  b: {}\n`;
    const loaded = loadScenario(text, 'v.yaml');
    const flags = [loaded.variant(), loaded.variant('a'), loaded.variant('b')].map((each) => each.tasks[1]?.if);
    expect(flags).toEqual([1, 0, 1]);
  });
});

describe('An override that is wrong', () => {
  it.each([
    ['{algoritm: x}', "v.yaml:10:7: variant 'v': unknown key 'algoritm'", "did you mean 'algorithm'?"],
    [
      '{budget.nmi: 1}',
      "v.yaml:10:7: variant 'v': unknown path 'budget.nmi': there is no 'budget' in the scenario",
      "did you mean 'budgets'?",
    ],
    ['{budgets.nmis: 1}', "v.yaml:10:7: variant 'v': budgets: unknown key 'nmis'", "did you mean 'nmi'?"],
    [
      '{budgets.nmi: lots}',
      'v.yaml:10:20: variant \'v\': budgets.nmi: expected an integer from 0 to 1000, not "lots"',
      undefined,
    ],
    [
      '{tasks.ww.if: 1}',
      "v.yaml:10:7: variant 'v': unknown path 'tasks.ww.if': there is no 'ww' in 'tasks'",
      "did you mean 'w'?",
    ],
    ['{tasks.w.iff: 1}', "v.yaml:10:7: variant 'v': tasks.w: unknown key 'iff'", "did you mean 'if'?"],
    ['{cpus.x: 1}', "v.yaml:10:7: variant 'v': unknown path 'cpus.x': 'cpus' is a single value", undefined],
    ['{patch.2.new: nop}', "v.yaml:10:7: variant 'v': unknown path 'patch.2.new': 'patch' is a list of 2", undefined],
    ['{text.x.asm: nop}', "v.yaml:10:7: variant 'v': unknown path 'text.x.asm': 'text' is a list of 1", undefined],
    [
      '{profile.fetch: [1]}',
      "v.yaml:10:22: variant 'v': profile.fetch: expected yes, no, an integer or a word, not a list",
      undefined,
    ],
    ['{scenario: other}', "v.yaml:10:7: variant 'v': a variant cannot change 'scenario'", undefined],
    ['{variants.v: {}}', "v.yaml:10:7: variant 'v': a variant cannot change 'variants'", undefined],
    [
      '{cpus: 1}',
      "v.yaml:10:3: variant 'v': tasks.w.cpu: there is no CPU 1: 'cpus' is 1, counted from 0 (line 7)",
      undefined,
    ],
    ['{tasks.x: {entry: f.cold}}', "v.yaml:10:7: variant 'v': tasks.x: 'cpu' is missing", undefined],
    [
      '{tasks.x: {cpu: [1, 1], entry: f.cold}}',
      "v.yaml:10:22: variant 'v': tasks.x.cpu: CPU 1 is listed twice",
      'add a task of another name for that CPU',
    ],
    [
      '{sites: {}}',
      "v.yaml:10:3: variant 'v': patch.0.site: 'f.cold' is not one of the sites (line 8)",
      'declare it: `sites: {f.cold: {}}`',
    ],
  ])('is reported with the name of the variant: %s', (overrides, message, hint) => {
    const error = errorOf(() => variant(overrides));
    expect([errorLine(error), error.hint]).toEqual([message, hint]);
  });

  it('is found when the file is loaded, in whichever variant it is', () => {
    const text = fullScenario.replace('tasks.reader.cpu: 2', 'cpus: 3');
    const error = errorOf(() => loadScenario(text, 'flip.yaml'));
    const { line } = placeOf(text, 'spinner:');
    expect(error.message).toBe(
      `variant 'other-cpus': tasks.spinner.cpu: there is no CPU 3: 'cpus' is 3, counted from 0 (line ${line})`,
    );
    expect(error.location).toMatchObject(placeOf(text, 'other-cpus'));
  });

  it('is not found before the base is right', () => {
    const text = base.replace('cpus: 2', 'cpus: 20');
    const error = errorOf(() => loadScenario(`variants: {v: {cpus: 1}}\n${text}`, 'v.yaml'));
    expect(errorLine(error)).toBe('v.yaml:5:7: cpus: expected an integer from 1 to 8, not 20');
  });
});

describe('Asking for a variant that does not exist', () => {
  it.each([
    ['clam', "did you mean 'calm'?"],
    ['unrelated', 'its variants: calm, other-cpus'],
  ])('names the closest, or all: %s', (name, hint) => {
    const error = errorOf(() => loadScenario(fullScenario, 'flip.yaml').variant(name));
    expect([errorLine(error), error.hint]).toEqual([
      `flip.yaml: scenario 'switch-flip' has no variant '${name}'`,
      hint,
    ]);
  });

  it('says so when there are none', () => {
    expect(errorOf(() => loadScenario(base, 'v.yaml').variant('v')).hint).toBe('it has no variants');
  });
});
