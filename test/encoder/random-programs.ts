import fc from 'fast-check';
import { assembleInstruction } from '../../src/encoder/assemble.js';
import type { Syntax } from '../../src/encoder/syntax.js';
import { InputError } from '../../src/input-error.js';
import { randomInstruction, textOf } from './random-instructions.js';

/** A symbol that is not defined in a program, and where it is. */
export const OUTSIDE = new Map([['outside', 0xffffffff82345678n]]);

const LABELS = 6;
const label = fc.nat(LABELS - 1).map((number) => `label${number}`);
const branch = fc.constantFrom('jmp', 'je', 'jne', 'jmp.rel32', 'ja.rel32', 'call');
const number = fc.integer({ min: -128, max: 255 });

/** In each syntax: the address of a label relative to %rip, and in a data directive. */
const load: Readonly<Record<Syntax, (name: string) => string>> = {
  att: (name) => `lea ${name}(%rip), %rsi`,
  intel: (name) => `lea rsi, [rip+${name}]`,
};

const directive = fc.oneof(
  fc.array(number, { minLength: 1, maxLength: 9 }).map((bytes) => `.byte ${bytes.join(', ')}`),
  fc.tuple(fc.constantFrom('.word', '.long', '.quad'), fc.nat(0xffff)).map(([name, value]) => `${name} ${value}`),
  label.map((name) => `.quad ${name} - label0 + 3`),
  fc.constantFrom('.balign 4', '.balign 16', '.p2align 5', '.balign 8, 0xcc', '.align 16'),
  fc.tuple(fc.nat(40), fc.nat(255)).map(([count, fill]) => `.skip ${count}, ${fill}`),
  fc.nat(20).map((count) => `.nops ${count}`),
  fc.stringMatching(/^[a-z ,:;]{0,12}$/).map((text) => `.asciz "${text}"`),
  fc.nat(200).map((count) => `.skip ${count}`),
);

function assembles(text: string, syntax: Syntax): boolean {
  try {
    return assembleInstruction(text, 0xffffffff81000000n, new Map(), { syntax }).length > 0;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/** Programs of up to 40 statements in a syntax, which assemble, with every label defined at one place. */
export function randomProgram(syntax: Syntax): fc.Arbitrary<string> {
  const instruction = randomInstruction
    .map((random) => textOf(random, syntax))
    .filter((text) => assembles(text, syntax));
  const target = fc.oneof({ weight: 5, arbitrary: label }, { weight: 1, arbitrary: fc.constant('outside') });
  const statement = fc.oneof(
    { weight: 6, arbitrary: instruction },
    { weight: 3, arbitrary: fc.tuple(branch, target).map(([name, to]) => `${name} ${to}`) },
    { weight: 1, arbitrary: label.map(load[syntax]) },
    { weight: 2, arbitrary: directive },
  );
  const places = fc.array(fc.nat(), { minLength: LABELS, maxLength: LABELS });
  return fc
    .tuple(fc.array(statement, { minLength: 1, maxLength: 40, size: 'max' }), places)
    .map(([statements, wanted]) => {
      const lines = statements.map((text) => [text]);
      for (const [i, place] of wanted.entries()) lines[place % lines.length]?.unshift(`label${i}:`);
      return lines.flat().join('\n');
    });
}
