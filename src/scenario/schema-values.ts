import { z } from 'zod';

/*
 * The kinds of values in a scenario file. Messages begin with "expected"; the reporter adds what was found instead.
 * `meta` carries bounds into the exported JSON Schema, where a bigint cannot.
 */

/** An integer that fits a JavaScript number. */
export function integer(min: number, max: number) {
  const error = min === max - 1 ? `expected ${min} or ${max}` : `expected an integer from ${min} to ${max}`;
  return z
    .bigint({ error })
    .refine((value) => value >= BigInt(min) && value <= BigInt(max), { error })
    .transform(Number)
    .meta({ minimum: min, maximum: max });
}

const LOW_HALF_END = 1n << 47n;
const HIGH_HALF_START = (1n << 64n) - LOW_HALF_END;
const canonicalMessage =
  'expected a canonical address: up to 0x00007fffffffffff, or from 0xffff800000000000 (SDM Vol. 1, 3.3.7.1)';

/** Whether bits 63 to 47 of an address are equal, as 4-level paging requires. */
export function isCanonical(address: bigint): boolean {
  return (address >= 0n && address < LOW_HALF_END) || (address >= HIGH_HALF_START && address < 1n << 64n);
}

/** A vector: its name, as in `nmi`, or its number. */
export const vectorKey = word(/^([a-z]+|0x[0-9A-Fa-f]+|[0-9]+)$/, 'the name of a vector such as `nmi`, or its number');

/** A canonical linear address. */
export const address = z
  .bigint({ error: 'expected an address such as 0xffffffff81000000' })
  .refine(isCanonical, { error: canonicalMessage })
  .meta({ minimum: 0 });

/** Text that is not empty. */
export function words(what: string) {
  return z.string({ error: `expected ${what}` }).refine((text) => text.trim() !== '', { error: `expected ${what}` });
}

/** A word of a given form; `what` completes "expected ...". */
export function word(pattern: RegExp, what: string) {
  return z.string({ error: `expected ${what}` }).regex(pattern, { error: `expected ${what}` });
}

/** What a symbol may be called: as in GNU as. */
export const symbolName = word(/^[A-Za-z_.$][A-Za-z0-9_.$@]*$/, 'a symbol name');

/** A symbol, or a place a fixed distance from one: what identifies a site. */
export const siteName = word(
  /^[A-Za-z_.$][A-Za-z0-9_.$@]*([+-](0x[0-9A-Fa-f]+|[0-9]+))?$/,
  'a symbol, or a symbol and an offset such as `func+0x1f`',
);

/** Names of scenarios, algorithms, profiles and variants. */
export const kebabName = word(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'a name of lower-case letters, digits and hyphens');

/** Names of tasks and properties, the user's own included. */
export const plainName = word(/^[A-Za-z_][A-Za-z0-9_-]*$/, 'a name of letters, digits, _ and -');

/** What a violation may be of: a property, or an `always` or `finally` of the scenario. */
export const propertyName = word(
  /^((always|finally) )?[A-Za-z_][A-Za-z0-9_-]*$/,
  'the name of a property, or `always` or `finally` and the name of a check',
);

/** What a verdict may rest on: a goal of algorithms, or that a `finally` of the scenario was judged. */
export const goalName = word(
  /^(finally )?[A-Za-z_][A-Za-z0-9_-]*$/,
  'the name of a goal, or `finally` and the name of a check',
);

/** YAML 1.2 reads these as strings; people write them as booleans. */
const yesNo: ReadonlyMap<string, boolean> = new Map([
  ['yes', true],
  ['on', true],
  ['no', false],
  ['off', false],
]);

/** A boolean, also written yes, no, on or off. */
export const flag = z
  .union([z.boolean(), z.enum(['yes', 'no', 'on', 'off'])], { error: 'expected yes or no' })
  .transform((value) => (typeof value === 'boolean' ? value : yesNo.get(value) === true));

/** The value of a profile rule. */
export const ruleValue = z
  .union([z.boolean(), integer(0, 0x7fffffff), z.string()], { error: 'expected yes, no, an integer or a word' })
  .transform((value) => (typeof value === 'string' ? (yesNo.get(value) ?? value) : value));

/** A symbol expression (see `expression.ts`); a bare integer is one too. */
export const symbolExpression = z.union([words('a symbol expression'), z.bigint()], {
  error: 'expected a symbol, a symbol and an offset, or an integer',
});

/** The general registers, in the order of their encoding. */
export const generalRegisters = [
  ...(['rax', 'rcx', 'rdx', 'rbx', 'rsp', 'rbp', 'rsi', 'rdi'] as const),
  ...(['r8', 'r9', 'r10', 'r11', 'r12', 'r13', 'r14', 'r15'] as const),
] as const;
export type GeneralRegister = (typeof generalRegisters)[number];

/** The status flags, from bit 0 of RFLAGS upwards. */
export const statusFlags = ['cf', 'pf', 'af', 'zf', 'sf', 'of'] as const;
export type StatusFlag = (typeof statusFlags)[number];
