import { escapedCharacter } from './character.js';
import type { Cursor } from './cursor.js';
import type { BinaryOperator, Expression, UnaryOperator } from './expression.js';
import { assemblyError, type SourcePlace } from './source-line.js';

/** Gives a numeric label its unique name: `1b` is the last `1:` before here, `1f` the next one after. */
export type LocalLabels = (number: string, direction: 'b' | 'f') => string;

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
 * labels (`1b`, `1f`), `.`, parentheses and the operators of GNU as with its precedences. Stops before what cannot
 * continue it.
 *
 * @throws InputError where no expression stands.
 */
export function parseExpression(cursor: Cursor, locals: LocalLabels): Expression {
  return parseBinary(cursor, locals, 1);
}

function parseBinary(cursor: Cursor, locals: LocalLabels, minimum: number): Expression {
  let left = parseUnary(cursor, locals);
  for (;;) {
    const place = cursor.place;
    const operator = peekOperator(cursor);
    if (operator === undefined || precedence[operator.name] < minimum) return left;
    cursor.takeText(operator.text);
    const right = parseBinary(cursor, locals, precedence[operator.name] + 1);
    left = { kind: 'binary', operator: operator.name, left, right, place };
  }
}

function peekOperator(cursor: Cursor): { text: string; name: BinaryOperator } | undefined {
  cursor.skipBlanks();
  const text = /^(?:<<|>>|<=|>=|==|!=|<>|&&|\|\||[-+*/%|&^<>])/.exec(cursor.rest)?.[0];
  if (text === undefined) return undefined;
  const name = text === '<>' ? '!=' : text;
  return isBinary(name) ? { text, name } : undefined;
}

function parseUnary(cursor: Cursor, locals: LocalLabels): Expression {
  const operator = cursor.take(/[-+~!]/y)?.[0];
  if (operator === undefined) return parsePrimary(cursor, locals);
  const operand = parseUnary(cursor, locals);
  return isUnary(operator) ? { kind: 'unary', operator, operand } : operand;
}

function parsePrimary(cursor: Cursor, locals: LocalLabels): Expression {
  const place = cursor.place;
  if (cursor.takeText('(')) {
    const inner = parseExpression(cursor, locals);
    cursor.expect(')', 'to close the parenthesis');
    return inner;
  }
  const number = cursor.take(/0[xX][0-9a-fA-F]+(?![\w.])|0[bB][01]+(?![\w.])|\d+(?![\w.])/y)?.[0];
  if (number !== undefined) return { kind: 'number', value: numberValue(place, number) };
  const local = cursor.take(/(\d+)([bf])(?![\w.])/y);
  if (local !== undefined) {
    const name = locals(local[1] ?? '', local[2] === 'b' ? 'b' : 'f');
    return { kind: 'symbol', name, place };
  }
  const character = cursor.take(/'(\\.|[^\\])'?/y)?.[1];
  if (character !== undefined) return { kind: 'number', value: BigInt(escapedCharacter(character)) };
  const symbol = cursor.take(/([A-Za-z_.$][\w.$]*)(?:@PLT)?/y)?.[1];
  if (symbol === '.') return { kind: 'here' };
  if (symbol !== undefined) return { kind: 'symbol', name: symbol, place };
  const found = cursor.take(/[\w.]+|[^\s]/y)?.[0];
  throw assemblyError(
    found === undefined ? 'an expression is missing here' : `'${found}' is not a number or a symbol`,
    place,
  );
}

function numberValue(place: SourcePlace, text: string): bigint {
  const octal = /^0\d/.test(text);
  if (octal && /[89]/.test(text))
    throw assemblyError(`'${text}' is not an octal number`, place, 'a leading 0 means octal');
  const value = BigInt(octal ? `0o${text}` : text);
  if (value >= 1n << 64n) throw assemblyError(`${text} does not fit 64 bits`, place);
  return value;
}
