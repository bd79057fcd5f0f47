import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/load.js';
import { locateInText } from '../../src/scenario/source-text.js';
import { fullScenario, placeOf, smallScenario } from './full-scenario.js';

function base() {
  return loadScenario(fullScenario, 'flip.yaml').variant();
}

describe('A full scenario', () => {
  it('keeps what it is called, and the text it came from', () => {
    const loaded = loadScenario(fullScenario, 'flip.yaml');
    expect(loaded).toMatchObject({ name: 'switch-flip', file: 'flip.yaml', text: fullScenario });
    expect(loaded.variants).toEqual(['calm', 'other-cpus']);
    expect(loaded.variant()).toMatchObject({
      name: 'switch-flip',
      variant: undefined,
      title: 'A jump label flips while two CPUs run through it',
      refs: ['mail-000', 'SDM Vol. 3A, 9.1.3'],
      syntax: 'att',
      cpus: 4,
      algorithm: 'text-poke-bp',
      steps: 100000,
    });
  });

  it('keeps 64-bit addresses exact', () => {
    expect(base().text.map((region) => region.base)).toEqual([
      0xffffffff8100003dn,
      0xffffffff83000000n,
      0xffffffffa0000000n,
    ]);
  });

  it('has assembled, reserved and ELF text', () => {
    const [assembled, reserved, elf] = base().text;
    expect(assembled).toMatchObject({ kind: 'asm', name: 'reader_text', writable: false });
    expect(reserved).toMatchObject({ kind: 'reserved', name: 'scratch', size: 64, writable: true });
    expect(elf).toMatchObject({ kind: 'elf', name: undefined, path: { text: 'lib/switch.o' } });
  });

  it('has assembled and reserved data, and text at a second address', () => {
    expect(base().data).toMatchObject([
      { kind: 'asm', name: 'key', base: 0xffffffff84000000n, asm: { text: '.quad 0' } },
      { kind: 'reserved', name: 'counters', base: 0xffffffff84001000n, size: 4096 },
      { kind: 'alias', name: 'reader_rw', base: 0xffffffff9000003dn, target: { text: 'reader_text' }, size: 16 },
    ]);
  });

  it('knows where every line of its assembly stands', () => {
    const [region] = base().text;
    if (region?.kind !== 'asm') throw new Error('no assembly');
    expect(region.asm.text.split('\n')[2]).toBe('        jmp.rel8 reader');
    expect(locateInText(region.asm, 3, 9)).toEqual({
      location: { file: 'flip.yaml', line: 13, column: 15 },
      excerpt: '              jmp.rel8 reader',
    });
  });

  it('has sites in the order of the file, with `all` flags spelt out', () => {
    expect(base().sites).toMatchObject([
      { symbol: 'label', clobbers: ['rax', 'r11'], flagClobbers: ['zf', 'cf'], length: 5 },
      { symbol: 'reader+0x7', clobbers: [], flagClobbers: ['cf', 'pf', 'af', 'zf', 'sf', 'of'], length: undefined },
    ]);
  });

  it('makes one task per CPU of a list, with a stack each', () => {
    expect(base().tasks).toMatchObject([
      { name: 'flipper', cpu: 0, kind: 'procedure', procedure: 'patch', if: 1, stack: { kind: 'own', size: 8192 } },
      { name: 'reader@1', cpu: 1, kind: 'entry', if: 0, stack: { size: 256, base: 0xffffc90000000000n } },
      { name: 'reader@2', cpu: 2, kind: 'entry', if: 0, stack: { size: 256, base: 0xffffc90000000100n } },
      { name: 'spinner', cpu: 3, kind: 'entry', stack: { kind: 'private', size: 512, base: undefined } },
    ]);
  });

  it('keeps entries and registers as expressions, integers as they were written', () => {
    const [, reader, , spinner] = base().tasks;
    if (reader?.kind !== 'entry' || spinner?.kind !== 'entry') throw new Error('not guest code');
    expect(reader.entry.text).toBe('reader');
    expect(spinner.entry.text).toBe('0xffffffff8100003d');
    expect([reader.yields.map(({ text }) => text), spinner.yields]).toEqual([['label', 'on+5'], []]);
    const registers = Object.entries(reader.registers).map(([name, value]) => [name, value.text]);
    expect(registers).toEqual([
      ['rbx', 'counters+8'],
      ['rsi', '100'],
      ['rdi', 'cpu'],
    ]);
    expect(reader.registers.rbx?.origin.location).toMatchObject(placeOf(fullScenario, 'counters+8'));
  });

  it('has single patches and batches, repeated', () => {
    expect(base().patch).toMatchObject({
      repeat: 50,
      list: [
        {
          batch: false,
          patches: [{ site: 'label', new: { text: 'jmp.rel32 on' }, emulate: { text: 'jmp.rel32 on' } }],
        },
        {
          batch: true,
          patches: [
            { site: 'label', new: { text: 'nop5' }, emulate: undefined },
            { site: 'reader+0x7', new: { text: 'nop2' } },
          ],
        },
      ],
    });
  });

  it('reads off as a boolean in a rule, though YAML 1.2 does not', () => {
    expect(base().profile).toEqual({
      name: 'amd-apm',
      rules: { 'nmi-held-in-sti-shadow': false, unit: 4, order: 'ascending' },
    });
  });

  it('has handlers by vector, and says how NMIs are delivered', () => {
    expect(base().handlers).toMatchObject([
      { vector: 2, entry: { text: 'on' } },
      { vector: 6, entry: { text: 'reader+4' } },
    ]);
    expect(base().nmiStack).toBe('ist');
  });

  it('has CPUs that sync core does not reach, which a variant may change', () => {
    expect(base().sync).toEqual({ skip: new Set([3]), defer: new Set([1, 2]) });
    const other = loadScenario(fullScenario, 'flip.yaml').variant('other-cpus');
    expect(other.sync).toEqual({ skip: new Set([3]), defer: new Set([1]) });
  });

  it('has budgets, properties, checks, goals and an expectation', () => {
    const { budgets, properties, check, goals, expect: expected } = base();
    expect(budgets).toEqual({ reschedule: 2, nmi: 1, mc: 0 });
    expect(properties).toEqual({ only: undefined, enable: ['no-old-after-sync1'], disable: ['progress'] });
    expect(check).toMatchObject({
      always: [{ name: 'aligned', expression: { text: 'spinner.rsp % 8 == 0' } }],
      sometimes: [{ name: 'flipped' }],
      finally: [{ name: 'settled' }],
    });
    expect(goals).toEqual({ add: ['old-and-new-executed'], waive: ['ipi-waited-for-if', 'finally settled'] });
    expect(expected).toEqual({ verdict: 'violated', property: 'finally settled' });
  });

  it('tells where a value stands, also one that a variant brought', () => {
    const loaded = loadScenario(fullScenario, 'flip.yaml');
    expect(loaded.locate(['profile', 'unit']).location).toMatchObject(placeOf(fullScenario, '4, order'));
    expect(loaded.locate(['profile', 'unit'], 'other-cpus').location).toMatchObject(
      placeOf(fullScenario, '8\n    tasks.reader.cpu'),
    );
    expect(loaded.locate(['profile', 'fetch']).location).toMatchObject(placeOf(fullScenario, 'profile: {'));
  });
});

describe('A scenario that leaves things out', () => {
  it('gets the defaults', () => {
    const { text, tasks, ...rest } = loadScenario(smallScenario, 'small.yaml').variant();
    expect(rest).toEqual({
      name: 'small',
      variant: undefined,
      title: undefined,
      refs: [],
      syntax: 'att',
      cpus: 1,
      data: [],
      sites: [],
      patch: { repeat: 1, list: [] },
      algorithm: 'text-poke-bp',
      sync: { skip: new Set(), defer: new Set() },
      shadowStack: false,
      profile: { name: 'ideal', rules: {} },
      budgets: { reschedule: 1, nmi: 0, mc: 0 },
      steps: undefined,
      properties: { only: undefined, enable: [], disable: [] },
      handlers: [],
      nmiStack: 'linux',
      goals: { add: [], waive: [] },
      check: { always: [], sometimes: [], finally: [] },
      expect: undefined,
    });
    expect(text).toMatchObject([{ kind: 'asm', name: undefined, writable: false }]);
    expect(tasks).toMatchObject([
      { name: 'only', cpu: 0, if: 1, registers: {}, stack: { kind: 'own', size: 4096, base: undefined } },
    ]);
  });

  it.each([
    ['expect: verified', { expect: { verdict: 'verified' } }],
    ['expect: violated', { expect: { verdict: 'violated', property: undefined } }],
    ['properties: [progress]', { properties: { only: ['progress'], enable: [], disable: [] } }],
    ['properties: []', { properties: { only: [], enable: [], disable: [] } }],
    ['profile: paranoid', { profile: { name: 'paranoid', rules: {} } }],
    ['profile: {fetch: torn}', { profile: { name: 'ideal', rules: { fetch: 'torn' } } }],
    ['profile: {a: yes, b: true, c: on, d: no}', { profile: { rules: { a: true, b: true, c: true, d: false } } }],
    ['budgets: {nmi: 3}', { budgets: { reschedule: 1, nmi: 3, mc: 0 } }],
  ])('takes the short form `%s`', (line, expected) => {
    expect(loadScenario(`${smallScenario}${line}\n`, 'small.yaml').variant()).toMatchObject(expected);
  });

  it('may be JSON, which is YAML', () => {
    const json = {
      scenario: 'json',
      text: [{ base: 4096, asm: 'here:\n  jmp.rel8 here' }],
      cpus: 1,
      tasks: { only: { cpu: 0, entry: 'here' } },
    };
    const loaded = loadScenario(JSON.stringify(json, null, '\t'), 'j.json').variant();
    expect(loaded.text).toMatchObject([{ base: 4096n, asm: { text: 'here:\n  jmp.rel8 here', layout: 'opaque' } }]);
  });

  it('gives the same object for the same text', () => {
    expect(loadScenario(fullScenario, 'a').variant('calm')).toEqual(loadScenario(fullScenario, 'a').variant('calm'));
  });
});
