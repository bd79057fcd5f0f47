import { escapedCharacter } from './character.js';
import type { Cursor } from './cursor.js';
import type { BinaryOperator, Expression, UnaryOperator } from './expression.js';
import { binarySpellings, unarySpellings } from './operator-spelling.js';
import { assemblyError, type SourcePlace } from './source-line.js';

/** Gives a numeric label its unique name: `1b` is the last `1:` before here, `1f` the next one after. */
export type LocalLabels = (number: string, direction: 'b' | 'f') => string;

/** What can stand in an expression at some place. */
export interface ExpressionGrammar<Term = never> {
  readonly locals: LocalLabels;
  /** reads a term that is neither number nor symbol, if one comes next */
  readonly term?: (cursor: Cursor) => Expression<Term> | undefined;
  /** reads what can stand right behind a term and is added to it, if it comes next: `[rbx]` in `8[rbx]` */
  readonly suffix?: (cursor: Cursor) => Expression<Term> | undefined;
}

// As in GNU as: multiplication and shifts bind tightest, then the bit operators, then sums and comparisons, then logic.
const precedence: Readonly<Record<BinaryOperator, number>> = {
  '*': 4,
  '/': 4,
  '%': 4,
  '<<': 4,
  '>>': 4,
  '|': 3,
  '&': 3,
  '^': 3,
  '+': 2,
  '-': 2,
  '==': 2,
  '!=': 2,
  '<': 2,
  '>': 2,
  '<=': 2,
  '>=': 2,
  '&&': 1,
  '||': 1,
};

const isBinary = (text: string): text is BinaryOperator => Object.hasOwn(precedence, text);
const isUnary = (text: string): text is UnaryOperator => /^[-+~!]$/.test(text);

/**
 * Reads a symbol expression: decimal, `0x`, `0b` and octal numbers, `'c'` and `'c` characters, symbols, numeric
 * labels (`1b`, `1f`), `.`, parentheses and the operators of GNU as with its precedences, in Intel syntax also by name
 * (`shl`, `and`, `not`). Stops before what cannot continue it.
 *
 * @throws InputError where no expression stands.
 */
export function parseExpression<Term = never>(cursor: Cursor, grammar: ExpressionGrammar<Term>): Expression<Term> {
  return parseBinary(cursor, grammar, 1);
}

function parseBinary<Term>(cursor: Cursor, grammar: ExpressionGrammar<Term>, minimum: number): Expression<Term> {
  let left = parseUnary(cursor, grammar);
  for (;;) {
    const place = cursor.place;
    const added = grammar.suffix?.(cursor);
    if (added !== undefined) {
      left = { kind: 'binary', operator: '+', left, right: added, place };
      continue;
    }
    const operator = peekOperator(cursor);
    if (operator === undefined || precedence[operator.name] < minimum) return left;
    cursor.takeText(operator.text);
    const right = parseBinary(cursor, grammar, precedence[operator.name] + 1);
    left = { kind: 'binary', operator: operator.name, left, right, place };
  }
}

function peekOperator(cursor: Cursor): { text: string; name: BinaryOperator } | undefined {
  const { pattern, words } = binarySpellings[cursor.syntax];
  const text = cursor.peek(pattern)?.[0];
  if (text === undefined) return undefined;
  const lower = text.toLowerCase();
  const name = isBinary(lower) ? lower : words[lower];
  return name === undefined ? undefined : { text, name };
}

function parseUnary<Term>(cursor: Cursor, grammar: ExpressionGrammar<Term>): Expression<Term> {
  cursor.beginTerm();
  const { pattern, words } = unarySpellings[cursor.syntax];
  const text = cursor.take(pattern)?.[0].toLowerCase();
  if (text === undefined) return parsePrimary(cursor, grammar);
  const operator = isUnary(text) ? text : words[text];
  const operand = parseUnary(cursor, grammar);
  return operator === undefined ? operand : { kind: 'unary', operator, operand };
}

function parsePrimary<Term>(cursor: Cursor, grammar: ExpressionGrammar<Term>): Expression<Term> {
  const place = cursor.place;
  if (cursor.takeText('(')) {
    const inner = parseExpression(cursor, grammar);
    cursor.expect(')', 'to close the parenthesis');
    return inner;
  }
  const term = grammar.term?.(cursor);
  if (term !== undefined) return term;
  const number = cursor.take(/0[xX][0-9a-fA-F]+(?![\w.])|0[bB][01]+(?![\w.])|\d+(?![\w.])/y)?.[0];
  if (number !== undefined) return { kind: 'number', value: numberValue(place, number) };
  const local = cursor.take(/(\d+)([bf])(?![\w.])/y);
  if (local !== undefined) {
    const name = grammar.locals(local[1] ?? '', local[2] === 'b' ? 'b' : 'f');
    return { kind: 'symbol', name, place };
  }
  const character = cursor.take(/'(\\.|[^\\])'?/y)?.[1];
  if (character !== undefined) return { kind: 'number', value: BigInt(escapedCharacter(character)) };
  const symbol = cursor.take(/([A-Za-z_.$][\w.$]*)(?:@PLT)?/y)?.[1];
  if (symbol === '.') return { kind: 'here' };
  if (symbol !== undefined) return { kind: 'symbol', name: symbol, place };
  const found = cursor.take(/[\w.]+|[^\s]/y)?.[0];
  if (found === undefined) throw assemblyError('an expression is missing here', place);
  const hexadecimal = /^(\d[\da-f]*)h$/i.exec(found)?.[1];
  const hint = hexadecimal === undefined ? undefined : `write 0x${hexadecimal}`;
  throw assemblyError(`'${found}' is not a number or a symbol`, place, hint);
}

function numberValue(place: SourcePlace, text: string): bigint {
  const octal = /^0\d/.test(text);
  if (octal && /[89]/.test(text))
    throw assemblyError(`'${text}' is not an octal number`, place, 'a leading 0 means octal');
  const value = BigInt(octal ? `0o${text}` : text);
  if (value >= 1n << 64n) throw assemblyError(`${text} does not fit 64 bits`, place);
  return value;
}
