import { suggest } from '../../../suggest.js';
import { Register } from '../../iced.js';
import { checkAddress } from '../check-address.js';
import { Cursor } from '../cursor.js';
import { kindOfValue } from '../evaluate.js';
import type { Expression } from '../expression.js';
import type { AddressOperand, Operand, OperandContext } from '../operand.js';
import { parseExpression } from '../parse-expression.js';
import { registerByName } from '../registers.js';
import { assemblyError, type SourcePlace } from '../source-line.js';
import type { SourceText } from '../split-statements.js';
import { AddressGrammar, takeSegment } from './address-grammar.js';
import { addressSum } from './address-sum.js';
import { baseAndIndex } from './base-and-index.js';
import { sizeWords } from './size-words.js';

/**
 * Reads one operand as GNU as does after `.intel_syntax noprefix`: a register, a number, `offset symbol`, a symbol, and
 * `size ptr segment:[base+index*scale+displacement]`, which can also be a sum of brackets and expressions:
 * `symbol[rip]`, `-8[rbp]`. A symbol alone is the target of a branch, and memory elsewhere; the distance of two symbols
 * is a number.
 *
 * @throws InputError on anything else and on impossible combinations of registers.
 */
export function parseIntelOperand(text: SourceText, context: OperandContext): Operand {
  const { branches, fold, locals } = context;
  const cursor = new Cursor(text);
  const { place } = cursor;
  const register = registerByName(text.text.replace(/^%|\s/g, ''));
  if (register !== undefined) return { kind: 'register', register, indirect: branches, place };
  if (cursor.take(/offset\b(?:\s+flat\s*:)?/iy) === undefined) return parseSum(cursor, context);
  const value = fold(parseExpression(cursor, { locals }));
  cursor.expectEnd();
  return branches ? target(value, place) : { kind: 'immediate', value, place };
}

/** What is neither a register nor `offset`: one expression that may have brackets and registers in it. */
function parseSum(cursor: Cursor, { locals, fold, branches }: OperandContext): Operand {
  const { place } = cursor;
  const segment = takeSegment(cursor);
  const size = takeSize(cursor);
  const grammar = new AddressGrammar(locals, segment ?? takeSegment(cursor));
  const { registers, rest } = addressSum(parseExpression(cursor, grammar), fold);
  cursor.expectEnd();
  const displacement = rest === undefined ? undefined : fold(rest);
  if (!grammar.isMemory && displacement !== undefined) {
    if (branches && (size === undefined || size.word === 'near')) return target(displacement, place);
    const isPlace = kindOfValue(displacement) === 'address';
    if (!isPlace && size === undefined) return { kind: 'immediate', value: displacement, place };
    if (!isPlace)
      throw assemblyError('a size goes with memory, not with a number', place, 'write [...] for an address');
  }
  const address: AddressOperand = {
    kind: 'address',
    segment: grammar.segment,
    ...baseAndIndex(registers),
    displacement,
    ...(size === undefined ? {} : { size: size.bytes }),
    indirect: branches,
    place,
  };
  checkAddress(address);
  return address;
}

/** Where a direct branch goes. */
function target(displacement: Expression, place: SourcePlace): AddressOperand {
  return { kind: 'address', segment: Register.None, ...baseAndIndex([]), displacement, indirect: false, place };
}

function takeSize(cursor: Cursor): { word: string; bytes: number } | undefined {
  const { place } = cursor;
  const word = cursor.take(/([A-Za-z]\w*)\s+ptr(?!\w)/iy)?.[1]?.toLowerCase();
  if (word === undefined) return undefined;
  const bytes = Object.hasOwn(sizeWords, word) ? sizeWords[word] : undefined;
  if (bytes !== undefined) return { word, bytes };
  const near = suggest(word, Object.keys(sizeWords));
  throw assemblyError(
    `unknown size '${word} ptr'`,
    place,
    near === undefined ? undefined : `did you mean ${near} ptr?`,
  );
}
