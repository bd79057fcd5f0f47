import { Code } from 'iced-x86';
import { describe, expect, it } from 'vitest';
import { decode } from '../../src/cpu/decode.js';
import { HANDLERS } from '../../src/cpu/semantics/index.js';
import { registersOf } from '../../src/encoder/assembler/registers.js';
import { sampleInstruction } from '../../src/encoder/assembler/sample-instruction.js';
import { slotsOf } from '../../src/encoder/assembler/slot.js';
import { linesOf, VECTOR_FILES } from './recorded-vectors.js';

/** Tests that every form has at least. */
const FEWEST = 15;

interface Encoding {
  readonly code: string;
  readonly state: 'implemented' | 'partly' | 'unsupported';
}
const tool = (path: string): Promise<unknown> => import(new URL(`../../tools/${path}`, import.meta.url).href);
const { survey } = (await tool('isa/survey.mjs')) as { survey(project: object): readonly Encoding[] };
const { recordedForms } = (await tool('oracle/forms.mjs')) as { recordedForms(): readonly { readonly name: string }[] };
const { LEFT_OUT, reasonLeftOut } = (await tool('oracle/left-out.mjs')) as {
  LEFT_OUT: readonly { readonly forms: RegExp; readonly reason: string }[];
  reasonLeftOut(name: string): string | undefined;
};
const implemented = survey({ decode, HANDLERS, registersOf, sampleInstruction, slotsOf })
  .filter(({ state }) => state !== 'unsupported')
  .map(({ code }) => code);

/** How many recorded tests there are of each form. */
function countForms(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of VECTOR_FILES.flatMap(linesOf)) {
    const form = /^\{"name":"[^":]+:([^"]+)"/.exec(line)?.[1] ?? '';
    counts.set(form, (counts.get(form) ?? 0) + 1);
  }
  return counts;
}
const recorded = countForms();

describe('recorded tests', () => {
  it('are there of every implemented instruction form, or a rule says why not', () => {
    const without = implemented.filter((code) => !recorded.has(code));
    expect(without.filter((code) => reasonLeftOut(code) === undefined)).toEqual([]);
    expect(implemented.filter((code) => recorded.has(code) && reasonLeftOut(code) !== undefined)).toEqual([]);
  });

  it(`are ${FEWEST} or more of each form`, () => {
    const few = recordedForms().map(({ name }) => [name, recorded.get(name) ?? 0] as const);
    expect(few.filter(([, tests]) => tests < FEWEST)).toEqual([]);
  });

  it('are of implemented forms alone', () => {
    const known = new Set(implemented);
    const names = recordedForms().map(({ name }) => name);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
    const files = new Set([...names, 'INVALID']);
    expect([...recorded.keys()].filter((name) => !files.has(name) && !/^\d+$/.test(name))).toEqual([]);
  });
});

describe('the rules of what is left out', () => {
  it('have an instruction form each', () => {
    const idle = LEFT_OUT.filter(({ forms }) => !Object.keys(Code).some((code) => forms.test(code)));
    expect(idle.map(({ reason }) => reason)).toEqual([]);
  });

  it.each(LEFT_OUT.map((rule) => [rule.reason, rule]))('cite a manual or name the CPU: %s', (reason) => {
    expect(reason).toMatch(/SDM|APM|the (?:CPU|processor)|operating system|coprocessor/);
  });
});
