import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scenarioJsonSchema } from '../../src/scenario/json-schema.js';
import { scenarioFileSchema } from '../../src/scenario/schema.js';
import { plainValue } from '../../src/scenario/source-node.js';
import { parseYaml } from '../../src/scenario/yaml-source.js';
import { fullScenario, smallScenario } from './full-scenario.js';

type Schema = Readonly<Record<string, unknown>>;

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Every schema inside a schema, itself included. */
function schemasIn(value: unknown): readonly Schema[] {
  if (Array.isArray(value)) return value.flatMap(schemasIn);
  return isSchema(value) ? [value, ...Object.values(value).flatMap(schemasIn)] : [];
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'bigint' ? 'integer' : typeof value;
}

/** Whether a value satisfies the part of JSON Schema that ours uses; throws at a keyword that it does not know. */
function accepts(schema: unknown, value: unknown): boolean {
  if (!isSchema(schema)) throw new Error('not a schema');
  const entries = isSchema(value) ? Object.entries(value) : [];
  const properties = isSchema(schema.properties) ? schema.properties : {};
  const keywords: Readonly<Record<string, (argument: unknown) => boolean>> = {
    $schema: () => true,
    title: () => true,
    description: () => true,
    type: (type) => (Array.isArray(type) ? type : [type]).includes(typeOf(value)),
    enum: (allowed) => list(allowed).includes(value),
    const: (only) => only === value,
    anyOf: (branches) => list(branches).some((branch) => accepts(branch, value)),
    minimum: (least) => typeof value !== 'bigint' || value >= BigInt(Number(least)),
    maximum: (most) => typeof value !== 'bigint' || value <= BigInt(Number(most)),
    pattern: (source) => typeof value !== 'string' || new RegExp(String(source)).test(value),
    minItems: (least) => list(value).length >= Number(least),
    items: (item) => list(value).every((element) => accepts(item, element)),
    required: (keys) => list(keys).every((key) => entries.some(([name]) => name === key)),
    propertyNames: (names) => entries.every(([name]) => accepts(names, name)),
    properties: () => entries.every(([name, part]) => !(name in properties) || accepts(properties[name], part)),
    additionalProperties: (rest) =>
      entries.every(([name, part]) => name in properties || (rest !== false && accepts(rest, part))),
  };
  return Object.entries(schema).every(([keyword, argument]) => {
    const holds = keywords[keyword];
    if (holds === undefined) throw new Error(`the test does not know the keyword ${keyword}`);
    return holds(argument);
  });
}

function yamlValue(text: string): unknown {
  return plainValue(parseYaml(text, 's.yaml').root);
}

/** The scenarios that come with the project, by path. */
function shippedScenarios(): readonly string[] {
  const root = new URL('../../scenarios/', import.meta.url);
  try {
    return readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.ya?ml$/.test(name));
  } catch {
    return [];
  }
}

describe('The JSON Schema', () => {
  const schema = scenarioJsonSchema();

  it('is draft-7, as YAML editors want it, and serialises', () => {
    expect(schema).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' });
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });

  it('is the same every time, byte for byte', () => {
    expect(JSON.stringify(scenarioJsonSchema())).toBe(JSON.stringify(schema));
  });

  it('has every key of the file, and no other is allowed', () => {
    const keys = Object.keys(scenarioFileSchema.shape);
    expect(schema).toMatchObject({ additionalProperties: false, required: ['scenario', 'text', 'cpus', 'tasks'] });
    expect(Object.keys('properties' in schema && isSchema(schema.properties) ? schema.properties : {})).toEqual(keys);
  });

  it('closes every map of fixed keys; only names, rules and override paths are free', () => {
    const open = schemasIn(schema).filter(
      (part) => part.type === 'object' && isSchema(part.properties) && part.additionalProperties !== false,
    );
    expect(open.map((part) => Object.keys(isSchema(part.properties) ? part.properties : {}))).toEqual([
      ['name'],
      ['expect'],
    ]);
  });

  it('has integers where the file has 64-bit numbers', () => {
    const bases = schemasIn(schema).flatMap((part) => (isSchema(part.base) ? [part.base] : []));
    expect(bases.map((base) => base.type)).toEqual(['integer', 'integer', 'integer']);
    expect(JSON.stringify(schema)).not.toContain('bigint');
  });

  it.each([
    ['the full scenario', fullScenario],
    ['the smallest', smallScenario],
  ])('accepts what the loader accepts: %s', (_, text) => {
    expect(accepts(schema, yamlValue(text))).toBe(true);
  });

  it.each([
    ['an unknown key', `${smallScenario}algoritm: x\n`],
    ['a missing key', smallScenario.replace('cpus: 1\n', '')],
    ['too many CPUs', smallScenario.replace('cpus: 1', 'cpus: 9')],
    ['a bad register', `${smallScenario}sites: {a: {clobbers: [eax]}}\n`],
    ['a bad name', smallScenario.replace('small', 'Small One')],
  ])('refuses %s', (_, text) => {
    expect(accepts(schema, yamlValue(text))).toBe(false);
  });

  it('accepts the scenarios that come with the project', () => {
    const refused = shippedScenarios().filter((name) => {
      const text = readFileSync(new URL(`../../scenarios/${name}`, import.meta.url), 'utf8');
      return !accepts(schema, yamlValue(text));
    });
    expect(refused).toEqual([]);
  });
});
