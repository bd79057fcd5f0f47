import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { check } from '../../src/api/check.js';
import type { InputError } from '../../src/input-error.js';
import { buildScenario } from '../../src/scenario/build/build.js';
import { canonicalYaml } from '../../src/scenario/define/canonical-yaml.js';
import { defineScenario, type ScenarioDefinition } from '../../src/scenario/define-scenario.js';
import { type LoadedScenario, loadScenario } from '../../src/scenario/load.js';
import { plainValue } from '../../src/scenario/source-node.js';
import { parseYaml } from '../../src/scenario/yaml-source.js';
import { siteScenario } from '../site-scenario.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const filesIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => `${folder}/${file}`);
const FILES = [...filesIn('scenarios'), ...filesIn('scenarios/matrix'), 'examples/crc-t10dif/crc-t10dif.yaml'];
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** The object that a file is; nobody has checked it. */
const definitionOf = (text: string): ScenarioDefinition =>
  plainValue(parseYaml(text, 's.yaml').root) as ScenarioDefinition;

/** A resolved scenario without places, and integers in texts alike however they were written. */
function comparable(scenario: unknown): unknown {
  if (Array.isArray(scenario)) return scenario.map(comparable);
  if (typeof scenario !== 'object' || scenario === null) return scenario;
  const { origin, layout, ...rest } = scenario as Record<string, unknown>;
  const { text } = rest;
  const number = typeof text === 'string' && /^(0x[0-9a-f]+|[0-9]+)$/i.test(text) ? { text: String(BigInt(text)) } : {};
  return Object.fromEntries(Object.entries({ ...rest, ...number }).map(([key, value]) => [key, comparable(value)]));
}

const variantsOf = (loaded: LoadedScenario): readonly unknown[] =>
  [undefined, ...loaded.variants].map((variant) => comparable(loaded.variant(variant)));

function errorOf(change: Readonly<Record<string, unknown>>): Partial<InputError> {
  const definition = { ...definitionOf(siteScenario({ name: 'small' })), ...change } as ScenarioDefinition;
  try {
    buildScenario(defineScenario(definition));
  } catch (error) {
    return error as InputError;
  }
  throw new Error('nothing is wrong with it');
}

describe('A scenario as an object', () => {
  it('is the scenario of the file that has the same in it, for every committed file', () => {
    expect(FILES.length).toBeGreaterThan(40);
    for (const path of FILES) {
      const loaded = loadScenario(read(path), path);
      const defined = defineScenario(definitionOf(read(path)));
      expect([path, defined.name, defined.variants]).toEqual([path, loaded.name, loaded.variants]);
      expect(variantsOf(defined)).toEqual(variantsOf(loaded));
      // What schedules hold is the same again, and says so in the same words.
      const again = definitionOf(defined.text);
      expect(comparable(again)).toEqual(comparable(definitionOf(read(path))));
      expect(canonicalYaml(again)).toBe(defined.text);
    }
  });

  it('has the same verdict, states and counterexample', async () => {
    for (const [path, variant] of [
      ['scenarios/allowed.yaml', 'batch'],
      ['scenarios/emulate-no-gap.yaml', 'aligned'],
      ['scenarios/progress.yaml', 'retries'],
      ['scenarios/matrix/memcpy.yaml', 'call-h1'],
    ] as const) {
      const loaded = loadScenario(read(path), path);
      const defined = defineScenario(definitionOf(read(path)));
      const told = [await check(loaded, { variant }), await check(defined, { variant })].map((result) => [
        result.text,
        result.states,
        result.transitions,
        result.verdict === 'violated' && result.counterexample.trace(),
      ]);
      expect(told[1]).toEqual(told[0]);
    }
  });

  it('takes numbers where they are exact, and leaves out what is undefined', () => {
    const text = siteScenario({ name: 'small' });
    const numbers = JSON.parse(
      JSON.stringify(definitionOf(text), (_, value) =>
        typeof value === 'bigint' ? (value > 2n ** 53n ? `0x${value.toString(16)}n` : Number(value)) : value,
      ),
      (_, value) => (/^0x[0-9a-f]+n$/.test(String(value)) ? BigInt(String(value).slice(0, -1)) : value),
    );
    expect(defineScenario({ ...numbers, title: undefined }).text).toBe(defineScenario(definitionOf(text)).text);
  });

  it('is refused by the path of what is wrong', () => {
    expect(errorOf({ cpus: 9 })).toMatchObject({
      message: 'cpus: expected an integer from 1 to 8, not 9',
      location: { file: 'cpus' },
    });
    expect(errorOf({ tasks: { worker: { cpu: [0, 12], entry: 'worker' } } })).toMatchObject({
      message: expect.stringMatching(/^tasks\.worker\.cpu/),
      location: { file: expect.stringMatching(/^tasks\.worker\.cpu/) },
    });
    expect(errorOf({ algoritm: 'memcpy' })).toMatchObject({
      message: "unknown key 'algoritm'",
      location: { file: 'algoritm' },
      hint: expect.stringContaining('algorithm'),
    });
    expect(errorOf({ variants: { bad: { 'budgets.nmi': -1 } } })).toMatchObject({
      message: expect.stringMatching(/^variant 'bad': budgets\.nmi: expected an integer/),
      location: { file: 'variants.bad.budgets.nmi' },
    });
    expect(errorOf({ algorithm: 'text-poke' })).toMatchObject({ location: { file: 'algorithm' } });
  });

  it('is refused by the compiler where keys, kinds or names of values are wrong', () => {
    const right = { scenario: 'right', cpus: 1, text: [{ base: 0x1000n, asm: 'f: hlt' }] } as const;
    const tasks = { worker: { cpu: 0, entry: 'f', registers: { rax: 1n } } };
    expect(defineScenario({ ...right, tasks }).name).toBe('right');
    // @ts-expect-error
    expect(() => defineScenario({ ...right, task: tasks })).toThrow();
    // @ts-expect-error
    expect(() => defineScenario({ ...right, tasks, cpus: '1' })).toThrow();
    const registers = { eax: 1n };
    // @ts-expect-error
    expect(() => defineScenario({ ...right, tasks: { w: { cpu: 0, entry: 'f', registers } } })).toThrow();
    // @ts-expect-error
    expect(() => defineScenario({ ...right, tasks, expect: 'verify' })).toThrow();
  });

  it('is refused with the line of its assembly', () => {
    expect(
      errorOf({ text: [{ base: 0x1000, asm: 'worker: nop\nsite: call.rel32 old\n  fnord %rax\nold: ret' }] }),
    ).toMatchObject({
      message: "unknown mnemonic 'fnord'",
      location: { file: 'text.0.asm', line: 3, column: 3 },
      excerpt: '  fnord %rax',
    });
  });

  it('is refused where an integer may have been rounded, or a value is no data', () => {
    expect(errorOf({ data: [{ name: 'counter', base: 0xffffffff81000000, size: 8 }] })).toMatchObject({
      message: expect.stringMatching(/^data\.0\.base: 18446744071578845000 may have been rounded/),
      location: { file: 'data.0.base' },
    });
    expect(errorOf({ title: () => 'title' }).message).toBe('title: expected plain data, not function');
    expect(errorOf({ sites: new Map() }).message).toBe('sites: expected plain data, not an object of a class');
    expect(errorOf({ title: 'x'.repeat(1 << 20) }).message).toBe('the scenario: larger than 1 MiB');
    const endless: Record<string, unknown> = {};
    endless.again = endless;
    expect(errorOf({ check: endless }).message).toMatch(/nested deeper than 64 levels$/);
  });
});

it('Canonical YAML gives back any data', () => {
  const scalar = fc.oneof(
    fc.boolean(),
    fc.bigInt({ min: -(2n ** 40n), max: 2n ** 64n }),
    fc.string(),
    fc.stringMatching(/^[ \n\t#:a0'"|>-]{0,12}$/),
    fc.constantFrom('yes', '0x10', '1e3', 'null', '~', '- a', 'a: b', '\n', ' x\n y', 'x\n\n'),
  );
  const { data } = fc.letrec<{ data: unknown }>((tie) => ({
    data: fc.oneof(
      { maxDepth: 4 },
      scalar,
      fc.array(tie('data'), { maxLength: 4 }),
      fc.dictionary(
        fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
        tie('data'),
        { maxKeys: 4 },
      ),
    ),
  }));
  fc.assert(
    fc.property(data, (value) => {
      // A scenario is a map.
      expect(parse(canonicalYaml({ value }), { intAsBigInt: true })).toEqual({ value });
    }),
  );
});
