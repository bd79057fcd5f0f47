import { Register } from 'iced-x86';
import { suggest } from '../../../suggest.js';
import { checkAddress } from '../check-address.js';
import { Cursor } from '../cursor.js';
import { kindOfValue } from '../evaluate.js';
import type { Expression } from '../expression.js';
import type { AddressOperand, Operand, OperandContext } from '../operand.js';
import { type ExpressionGrammar, parseExpression } from '../parse-expression.js';
import { registerByName } from '../registers.js';
import { assemblyError, type SourcePlace } from '../source-line.js';
import type { SourceText } from '../split-statements.js';
import { addressSum, type RegisterTerm } from './address-sum.js';
import { baseAndIndex } from './base-and-index.js';
import { sizeWords } from './size-words.js';

const registerPattern = /%?(st\s*\(\s*\d\s*\)|[A-Za-z]\w*)(?![\w.$])/iy;
const segmentPattern = /%?([c-gs]s)\s*:/iy;

/**
 * Reads one operand as GNU as does after `.intel_syntax noprefix`: a register, a number, `offset symbol`, a symbol, and
 * `size ptr segment:[base+index*scale+displacement]`, which can also be a sum of brackets and expressions: `symbol[rip]`,
 * `-8[rbp]`. A symbol alone is the target of a branch, and memory elsewhere; the distance of two symbols is a number.
 *
 * @throws InputError on anything else and on impossible combinations of registers.
 */
export function parseIntelOperand(text: SourceText, context: OperandContext): Operand {
  const cursor = new Cursor(text);
  const { place } = cursor;
  const { branches, fold, locals } = context;
  if (cursor.take(/offset\b(?:\s+flat\s*:)?/iy) !== undefined) {
    const value = fold(parseExpression(cursor, { locals }));
    cursor.expectEnd();
    return branches ? target(value, place) : { kind: 'immediate', value, place };
  }
  const register = registerByName(text.text.replace(/^%|\s/g, ''));
  if (register !== undefined) return { kind: 'register', register, indirect: branches, place };
  return parseExpressionOperand(cursor, context);
}

function parseExpressionOperand(cursor: Cursor, { locals, fold, branches }: OperandContext): Operand {
  const { place } = cursor;
  const before = takeSegment(cursor);
  const size = takeSize(cursor);
  const grammar = new AddressGrammar(locals, before ?? takeSegment(cursor));
  const { registers, rest } = addressSum(parseExpression(cursor, grammar), fold);
  cursor.expectEnd();
  const displacement = rest === undefined ? undefined : fold(rest);
  if (!grammar.isMemory && displacement !== undefined) {
    if (branches && (size === undefined || size.word === 'near')) return target(displacement, place);
    const isPlace = kindOfValue(displacement) === 'address';
    if (!isPlace && size === undefined) return { kind: 'immediate', value: displacement, place };
    if (!isPlace) throw assemblyError('a size goes with memory, not with a number', place, 'write [...] for an address');
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

const target = (displacement: Expression, place: SourcePlace): AddressOperand => ({
  kind: 'address',
  segment: Register.None,
  base: Register.None,
  index: Register.None,
  scale: 1,
  displacement,
  indirect: false,
  place,
});

/** Expressions with brackets, in which registers can stand; remembers what it met. */
class AddressGrammar implements ExpressionGrammar<RegisterTerm> {
  readonly locals: ExpressionGrammar['locals'];
  segment: Register;
  /** there is a bracket or a segment, so it is no plain expression */
  isMemory: boolean;
  #depth = 0;

  constructor(locals: ExpressionGrammar['locals'], segment: Register | undefined) {
    this.locals = locals;
    this.segment = segment ?? Register.None;
    this.isMemory = segment !== undefined;
  }

  readonly suffix = (cursor: Cursor): Expression<RegisterTerm> | undefined => {
    if (!cursor.takeText('[')) return undefined;
    this.isMemory = true;
    this.segment = takeSegment(cursor) ?? this.segment;
    this.#depth++;
    const inner = parseExpression(cursor, this);
    this.#depth--;
    cursor.expect(']', 'to close the memory operand');
    return inner;
  };

  readonly term = (cursor: Cursor): Expression<RegisterTerm> | undefined => {
    const { place } = cursor;
    const name = cursor.peek(registerPattern)?.[1] ?? '';
    const register = registerByName(name.replace(/\s/g, ''));
    if (register === undefined) {
      rejectSize(name, place);
      return this.suffix(cursor);
    }
    if (this.#depth === 0) throw assemblyError(`${name} can only stand alone or in brackets`, place);
    cursor.take(registerPattern);
    return { kind: 'register', register, place };
  };
}

function takeSegment(cursor: Cursor): Register | undefined {
  const name = cursor.take(segmentPattern)?.[1];
  return name === undefined ? undefined : registerByName(name);
}

function takeSize(cursor: Cursor): { word: string; bytes: number } | undefined {
  const { place } = cursor;
  const word = cursor.take(/([A-Za-z]\w*)\s+ptr(?!\w)/iy)?.[1]?.toLowerCase();
  if (word === undefined) return undefined;
  const bytes = Object.hasOwn(sizeWords, word) ? sizeWords[word] : undefined;
  if (bytes !== undefined) return { word, bytes };
  const near = suggest(word, Object.keys(sizeWords));
  throw assemblyError(`unknown size '${word} ptr'`, place, near === undefined ? undefined : `did you mean ${near} ptr?`);
}

/** GNU as takes `dword [rbx]` for 4 bytes behind rbx. */
function rejectSize(name: string, place: SourcePlace): void {
  const word = name.toLowerCase();
  if (Object.hasOwn(sizeWords, word)) throw assemblyError(`'${name}' is a size`, place, `write ${word} ptr`);
}
