import { describe, expect, it } from 'vitest';
import { buildScenario } from '../../src/scenario/build/build.js';
import type { ScenarioFiles } from '../../src/scenario/build/image.js';
import { loadScenario } from '../../src/scenario/load.js';
import { buildElf } from './elf-builder.js';
import { placeOf } from './full-scenario.js';
import { errorLine, errorOf } from './input-error.js';

const SCENARIO = `scenario: small
text:
  - base: 0xffffffff81000000
    asm: |
      worker:
      site:   call.rel32 f
              jmp worker
      f:      ret
data:
  - {name: counters, base: 0xffffffff83000000, size: 64}
sites:
  site: {clobbers: [rax]}
cpus: 2
tasks:
  patcher: {cpu: 0, procedure: patch}
  worker: {cpu: 1, entry: worker, registers: {rdi: counters}, stack: 4096}
patch:
  - {site: site, new: "call.rel32 f"}
algorithm: text-poke-bp
`;

/** The scenario with some text replaced; each fragment must be there once. */
function changed(...changes: readonly (readonly [from: string, to: string])[]): string {
  return changes.reduce((text, [from, to]) => {
    expect(text.split(from)).toHaveLength(2);
    return text.replace(from, to);
  }, SCENARIO);
}

interface Build {
  readonly files?: ScenarioFiles;
  readonly variant?: string;
}

/** The error of building a scenario: `file:line:column: message`, and its hint. */
function buildError(text: string, options: Build = {}): { readonly line: string; readonly hint: string | undefined } {
  const error = errorOf(() => buildScenario(loadScenario(text, 'small.yaml'), options));
  return { line: errorLine(error), hint: error.hint };
}

/** `small.yaml:line:column` of a fragment. */
function at(text: string, fragment: string, skip = 0): string {
  const { line, column } = placeOf(text, fragment);
  return `small.yaml:${line}:${column + skip}`;
}

describe('building the scenario of these tests', () => {
  it('succeeds before anything is wrong with it', () => {
    expect(() => buildScenario(loadScenario(SCENARIO, 'small.yaml'))).not.toThrow();
  });
});

describe('a symbol that is not there', () => {
  it('is an error where a task begins', () => {
    const text = changed(['entry: worker', 'entry: wroker+4']);
    expect(buildError(text)).toEqual({
      line: `${at(text, 'wroker')}: unknown symbol 'wroker'`,
      hint: expect.stringContaining('worker'),
    });
  });

  it('is an error in a register', () => {
    const text = changed(['rdi: counters', 'rdi: 8+missing']);
    expect(buildError(text).line).toBe(`${at(text, 'missing')}: unknown symbol 'missing'`);
  });

  it('is an error in assembly, at its line', () => {
    const text = changed(['jmp worker', 'jmp nowhere']);
    const { line } = buildError(text);
    expect(line).toContain('nowhere');
    expect(line.startsWith(`small.yaml:${placeOf(text, 'jmp nowhere').line}:`)).toBe(true);
  });

  it('is an error in a new instruction', () => {
    const text = changed(['new: "call.rel32 f"', 'new: "call.rel32 nowhere"']);
    const { line } = buildError(text);
    expect(line).toContain('nowhere');
    expect(line.startsWith(at(text, 'call.rel32 nowhere').replace(/:\d+$/, ''))).toBe(true);
  });

  it('is an error for a site', () => {
    const text = changed(
      ['  site: {clobbers: [rax]}', '  site: {clobbers: [rax]}\n  stie: {length: 5}'],
      ['{site: site, new', '{site: stie, new'],
    );
    const { line } = buildError(text);
    expect(line).toContain("unknown symbol 'stie'");
    expect(line.startsWith(`small.yaml:${placeOf(text, 'stie: {length').line}:`)).toBe(true);
  });
});

describe('places in memory', () => {
  it('must not overlap once assembly has its size', () => {
    const text = changed(['data:\n', '  - {base: 0xffffffff81000006, asm: nop}\ndata:\n']);
    const { line } = buildError(text);
    expect(line.startsWith(`${at(text, '{base: 0xffffffff81000006')}: text at 0xffffffff81000006`)).toBe(true);
    expect(line).toContain('overlaps text at 0xffffffff81000000');
  });

  it('must not overlap an ELF file', () => {
    const elf = buildElf({ segments: [{ address: 0xffffffff81000007n, bytes: [0x90, 0x90] }] }).bytes;
    const text = changed(['data:\n', '  - {elf: lib.elf}\ndata:\n']);
    const { line } = buildError(text, { files: new Map([['lib.elf', elf]]) });
    expect(line.startsWith(at(text, '{elf: lib.elf}'))).toBe(true);
    expect(line).toContain('overlaps');
  });

  it('must not need one page as text and as data', () => {
    const text = changed(['base: 0xffffffff83000000', 'base: 0xffffffff81000800']);
    const { line, hint } = buildError(text);
    expect(line).toContain('is wanted rw- and r-x at once');
    expect(line.startsWith(at(text, '{name: counters'))).toBe(true);
    expect(hint).toContain('pages of their own');
  });

  it('must not be where the simulated kernel has its data', () => {
    for (const [base, size] of [
      ['0xffffffff84000000', 64],
      ['0xffffffff8400fff8', 64],
      ['0xffffffff83fffff0', 17],
    ] as const) {
      const text = changed(['base: 0xffffffff83000000, size: 64', `base: ${base}, size: ${size}`]);
      const { line } = buildError(text);
      expect(line.startsWith(`${at(text, '{name: counters')}: counters (${base} to `)).toBe(true);
      expect(line).toContain("overlaps the simulated kernel's data");
    }
    const beside = changed(['base: 0xffffffff83000000, size: 64', 'base: 0xffffffff83fffff0, size: 16']);
    expect(() => buildScenario(loadScenario(beside, 'small.yaml'))).not.toThrow();
  });

  it('must not be where the simulated kernel has its procedures', () => {
    const data = changed(['base: 0xffffffff83000000, size: 64', 'base: 0xffffffff7ffffff0, size: 64']);
    expect(buildError(data).line.startsWith(`${at(data, '{name: counters')}: counters`)).toBe(true);
    const code = changed(['  - base: 0xffffffff81000000', '  - base: 0xffffffff80000000']);
    expect(buildError(code).line).toMatch(/^small\.yaml:3:\d+: .*overlaps the simulated kernel's procedures/);
  });

  it('of stacks must not overlap text, data of known or unknown size, the simulated kernel, or each other', () => {
    const stack = (base: string, ...more: (readonly [string, string])[]): string =>
      changed(...more, ['stack: 4096', `stack: {size: 4096, base: ${base}}`]);
    const task = '{cpu: 1, entry: worker';
    for (const [text, blamed, other] of [
      [stack('0xffffffff80fff010'), task, 'overlaps text.0'],
      [stack('0xffffffff81000000', ['base: 0xffffffff81000000', 'base: 0xffffffff80fffffa']), task, 'text at 0x'],
      [stack('0xffffffff83000010', ['size: 64', 'asm: ".skip 64"']), task, 'overlaps counters'],
      [stack('0xffffffff82fff010', ['size: 64', 'asm: ".skip 64"']), task, "overlaps data 'counters'"],
      [stack('0xffffffff84000000'), task, "the simulated kernel's data"],
      [stack('0xffffffff83fff010'), task, "the simulated kernel's data"],
      [stack('0xffffc90000010800'), task, 'the stack of patcher'],
    ] as const) {
      const { line } = buildError(text);
      const { line: row } = placeOf(text, blamed);
      expect([line, line.startsWith(`small.yaml:${row}:`), line.includes(other)]).toEqual([line, true, true]);
    }
  });

  it('are limited, and the error names the one that is too much', () => {
    const text = changed(['base: 0xffffffff83000000, size: 64}', 'base: 0xffffffff90000000, asm: ".skip 16800000"}']);
    const { line } = buildError(text);
    expect(line.startsWith(`${at(text, '{name: counters')}: `)).toBe(true);
    expect(line).toContain('more than 4096 pages');
  });
});

describe('a site', () => {
  it('must be in text', () => {
    const text = changed(['  site: {clobbers', '  counters: {}\n  site: {clobbers']);
    const { line } = buildError(text);
    expect(line).toContain('site counters at 0xffffffff83000000 is not in executable text');
    expect(line.startsWith('small.yaml:12:')).toBe(true);
  });

  it('must be in text with all of its bytes', () => {
    const text = changed(['base: 0xffffffff81000000', 'base: 0xffffffff81000ff8'], ['[rax]}', '[rax], length: 9}']);
    expect(buildError(text).line).toContain('is not in executable text');
  });

  it('must have an instruction there, unless its length is given', () => {
    const text = changed(['site:   call.rel32 f', 'site:   .byte 0x06, 0x06, 0x06, 0x06, 0x06']);
    expect(buildError(text).line).toBe(`${at(text, '{clobbers')}: no instruction at site site`);
    const given = text.replace('[rax]}', '[rax], length: 5}');
    expect(() => buildScenario(loadScenario(given, 'small.yaml'))).not.toThrow();
  });

  it('must be as long as its new instruction', () => {
    const text = changed(['new: "call.rel32 f"', 'new: "jmp.rel8 f"']);
    expect(buildError(text)).toEqual({
      line: `${at(text, 'jmp.rel8 f')}: "jmp.rel8 f" is 2 bytes long, but site site is 5`,
      hint: expect.stringContaining('call.rel32'),
    });
    const length = changed(['[rax]}', '[rax], length: 7}']);
    expect(buildError(length).line).toContain('is 5 bytes long, but site site is 7');
  });
});

describe('a patch', () => {
  it('must be one instruction that can be assembled', () => {
    for (const wrong of ['nop; nop', 'frobnicate', 'call.rel32 f, g']) {
      const text = changed(['new: "call.rel32 f"', `new: "${wrong}"`]);
      const { line } = buildError(text);
      expect(line.startsWith(`small.yaml:${placeOf(text, 'new: ').line}:`)).toBe(true);
    }
  });

  it('must be one that the algorithm can apply, and the error stands at the patch', () => {
    const text = changed(['new: "call.rel32 f"', 'new: "cs cs cs xor %eax, %eax"']);
    expect(buildError(text)).toEqual({
      line: `${at(text, 'cs cs cs')}: site site: the int3 handler cannot emulate 2e 2e 2e 31 c0`,
      hint: expect.stringContaining('emulate'),
    });
    const memcpy = text.replace('algorithm: text-poke-bp', 'algorithm: memcpy');
    expect(() => buildScenario(loadScenario(memcpy, 'small.yaml'))).not.toThrow();
  });

  it('must not overlap another of its batch under another name', () => {
    const batch = (...sites: readonly string[]): string =>
      changed(
        [
          '  - {site: site, new: "call.rel32 f"}',
          `  - batch: [${sites.map((site) => `{site: ${site}, new: "call.rel32 f"}`).join(', ')}]`,
        ],
        [
          '  site: {clobbers: [rax]}',
          '  site: {clobbers: [rax]}\n  worker+0: {length: 5}\n  site-4: {length: 5}\n  f: {}',
        ],
      ).replace('      worker:', '      nops:   .nops 8\n      worker:');
    const text = batch('worker+0', 'f', 'site');
    expect(buildError(text.replace('{site: f, new: "call.rel32 f"}', '{site: f, new: ret}')).line).toMatch(
      /^small\.yaml:\d+:\d+: site site overlaps site worker\+0, which is in the same batch$/,
    );
    for (const sites of [
      ['site-4', 'site'],
      ['site', 'site-4'],
    ] as const) {
      const wrong = batch(...sites);
      const [first, second] = sites;
      expect(buildError(wrong).line).toBe(
        `${at(wrong, `{site: ${second}, new`)}: site ${second} overlaps site ${first}, which is in the same batch`,
      );
    }
  });

  it('may declare what is emulated, which must be right as well', () => {
    const emulate = (what: string): string =>
      changed(['new: "call.rel32 f"', `new: "cs cs cs xor %eax, %eax", emulate: "${what}"`]);
    expect(() => buildScenario(loadScenario(emulate('call.rel32 f'), 'small.yaml'))).not.toThrow();
    const text = emulate('call.rel32 nowhere');
    expect(buildError(text).line.startsWith(`small.yaml:${placeOf(text, 'emulate:').line}:`)).toBe(true);
    expect(buildError(emulate('data16 nop')).line).toContain('cannot emulate 66 90');
  });
});

describe('a name', () => {
  it('of an algorithm must be known', () => {
    const text = changed(['algorithm: text-poke-bp', 'algorithm: text-poke-pb']);
    expect(buildError(text)).toEqual({
      line: `${at(text, 'text-poke-pb')}: unknown algorithm "text-poke-pb"`,
      hint: expect.stringMatching(/text-poke-bp.*memcpy/s),
    });
  });

  it('of a profile must be known, in both ways to write it', () => {
    const short = `${SCENARIO}profile: idael\n`;
    expect(buildError(short)).toEqual({
      line: `${at(short, 'idael')}: unknown profile "idael"`,
      hint: expect.stringContaining('ideal'),
    });
    const long = `${SCENARIO}profile: {name: idael}\n`;
    expect(buildError(long).line).toMatch(/^small\.yaml:\d+:\d+: unknown profile "idael"$/);
  });

  it('of a property must be known, whether it is listed, enabled or disabled', () => {
    for (const list of [
      '[no-torn-instructoin]',
      '{enable: [no-torn-instructoin]}',
      '{disable: [no-torn-instructoin]}',
    ]) {
      const text = `${SCENARIO}properties: ${list}\n`;
      const { line, hint } = buildError(text);
      expect(line).toMatch(/^small\.yaml:\d+:\d+: unknown property "no-torn-instructoin"$/);
      expect(hint).toContain('no-torn-instruction');
    }
  });

  it('of a property that is expected to be violated must be one that is checked', () => {
    const text = `${SCENARIO}expect: {violated: site-effect}\nproperties: {disable: [site-effect]}\n`;
    expect(buildError(text)).toEqual({
      line: `${at(text, 'site-effect')}: property "site-effect" is expected to be violated, but is not checked`,
      hint: expect.stringMatching(/^checked: no-torn-instruction, /),
    });
    const undefinedXmc = `${SCENARIO}expect: {violated: no-undefined-xmc}\n`;
    expect(buildError(undefinedXmc).line).toContain('is not checked');
    const strict = `${undefinedXmc}profile: intel-sdm\n`;
    expect(() => buildScenario(loadScenario(strict, 'small.yaml'))).not.toThrow();
  });

  it('of a profile rule must be known', () => {
    const text = `${SCENARIO}profile: {name: ideal, nmi-held: yes}\n`;
    expect(buildError(text).line).toMatch(/^small\.yaml:\d+:\d+: .*rule "nmi-held"/);
  });

  it('of an ELF file must be one that was given', () => {
    const text = changed(['data:\n', '  - {elf: lib/missing.elf}\ndata:\n']);
    expect(buildError(text).line).toBe(`${at(text, 'lib/missing.elf')}: cannot read lib/missing.elf`);
  });

  it('that only a variant uses is an error of that variant, at its place there', () => {
    const text = `${SCENARIO}variants:\n  fine: {}\n  wrong: {algorithm: nothing}\n`;
    expect(() => buildScenario(loadScenario(text, 'small.yaml'), { variant: 'fine' })).not.toThrow();
    expect(buildError(text, { variant: 'wrong' }).line).toBe(`${at(text, 'nothing')}: unknown algorithm "nothing"`);
  });
});

describe('a handler', () => {
  it('must not take a vector from the algorithm or from the sync IPI', () => {
    const text = `${SCENARIO}handlers: {bp: worker}\n`;
    expect(buildError(text)).toEqual({
      line: `${at(text, '{bp: worker', 5)}: #BP is handled by exc_int3`,
      hint: 'a straight-line algorithm with `handler: none` leaves #BP to the scenario',
    });
    const sync = `${SCENARIO}handlers: {0xfc: worker}\n`;
    expect(buildError(sync)).toEqual({
      line: `${at(sync, '{0xfc: worker', 7)}: 0xfc is handled by sysvec_call_function`,
      hint: undefined,
    });
    const memcpy = text.replace('algorithm: text-poke-bp', 'algorithm: memcpy');
    expect(() => buildScenario(loadScenario(memcpy, 'small.yaml'))).not.toThrow();
  });

  it('must be a place in executable text', () => {
    const unknown = `${SCENARIO}handlers: {ud: wroker}\n`;
    expect(buildError(unknown).line).toBe(`${at(unknown, 'wroker')}: unknown symbol 'wroker'`);
    for (const place of ['counters', '0x1234']) {
      const text = `${SCENARIO}handlers: {ud: ${place}}\n`;
      expect(buildError(text).line).toBe(
        `${at(text, `{ud: ${place}`, 5)}: the handler of #UD is not in executable text`,
      );
    }
  });
});
