import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { rulesOfProfile } from '../../src/profile/profiles.js';
import { FETCH_RULES, RULE_KEYS, type Rules } from '../../src/profile/rules.js';
import { parseEvent } from './litmus-event.js';

/** The fetch rules that every case has outcomes for, each with its unit; `undefined-xmc` as Intel's manual has it. */
export const RULES_OF_CASES = [
  'coherent',
  'torn 1',
  'torn 4',
  'torn 8',
  'monotone 8',
  'monotone 1',
  'per-unit 8',
  'per-unit 1',
  'any 1',
  'any 8',
  'undefined-xmc',
] as const;

/** A case may have outcomes for these too. */
const MORE_RULES: readonly string[] = ['undefined-xmc-strict'];

const event = z.string().transform(parseEvent);
const label = z.string().regex(/^\w+$/);

const schema = z.strictObject({
  title: z.string(),
  /** The shape's name in herd's or the REMS project's catalogues. */
  shape: z.string().optional(),
  /** Where it matters what lies where, in words. */
  placement: z.string().optional(),
  code: z.record(z.string(), z.string()),
  sites: z.record(label, z.strictObject({ length: z.int(), straddles: z.array(z.int()) })).default({}),
  data: z.record(label, z.int()).default({}),
  /** Second linear addresses of text, readable and writable: a label for each, and which label is mapped there. */
  aliases: z.record(label, z.strictObject({ at: z.int(), of: label })).default({}),
  cpus: z.array(label).min(1).max(2),
  if: z.union([z.literal(0), z.literal(1)]).default(1),
  /** Rules of the hardware other than the fetch rule, where they differ from the profile `ideal`. */
  hardware: z.partialRecord(z.enum(Object.values(RULE_KEYS)), z.union([z.boolean(), z.int()])).default({}),
  handlers: z.record(z.string(), z.union([label, z.array(event)])).default({}),
  patcher: z.array(event),
  observe: z.string().transform((words) => words.split(' ')),
  rules: z.array(
    z.strictObject({
      for: z.array(z.string()).min(1),
      why: z.string(),
      outcomes: z.array(z.union([z.string(), z.int()]).transform(String)).min(1),
    }),
  ),
});

/** One rule of a case, and every outcome that it allows. */
export interface Expectation {
  readonly rule: string;
  readonly why: string;
  readonly outcomes: readonly string[];
}

/** A litmus case: a tiny program, and the complete set of outcomes under each fetch rule. */
export interface LitmusCase extends Omit<z.infer<typeof schema>, 'rules'> {
  readonly name: string;
  readonly expectations: readonly Expectation[];
}

const FOLDER = new URL('.', import.meta.url);

/** Every case of this folder, by file name. */
export function loadCases(): LitmusCase[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));
  return files
    .sort()
    .map((file) => loadCase(file.slice(0, -'.yaml'.length), readFileSync(new URL(file, FOLDER), 'utf8')));
}

/** @throws Error naming the case when it does not have outcomes for each rule exactly once. */
export function loadCase(name: string, text: string): LitmusCase {
  const checked = schema.safeParse(parse(text));
  if (!checked.success) throw new Error(`${name}: ${z.prettifyError(checked.error)}`);
  const { rules, ...rest } = checked.data;
  const expectations = rules.flatMap(({ for: names, why, outcomes }) =>
    names.map((rule): Expectation => ({ rule, why, outcomes: [...outcomes].sort() })),
  );
  for (const rule of RULES_OF_CASES) {
    const count = expectations.filter((expectation) => expectation.rule === rule).length;
    if (count !== 1) throw new Error(`${name}: ${count} sets of outcomes for ${rule}`);
  }
  for (const { rule } of expectations) {
    if (![...RULES_OF_CASES, ...MORE_RULES].includes(rule)) throw new Error(`${name}: no rule ${rule}`);
  }
  return { name, ...rest, expectations };
}

/** The hardware of a case under one of its rules, `torn 4` for instance. */
export function rulesFor({ hardware }: LitmusCase, rule: string): Rules {
  const [name, unit] = rule.split(' ');
  const fetch = FETCH_RULES.find((known) => known === name);
  if (fetch === undefined) throw new Error(`no fetch rule ${name}`);
  const changes = Object.entries(RULE_KEYS).flatMap(([key, written]) => {
    const value = Object.entries(hardware).find(([word]) => word === written)?.[1];
    return value === undefined ? [] : [[key, value] as const];
  });
  return { ...rulesOfProfile('ideal'), ...Object.fromEntries(changes), fetch, unit: Number(unit ?? 16) };
}
