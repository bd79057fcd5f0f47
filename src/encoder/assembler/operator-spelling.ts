import type { Syntax } from '../syntax.js';
import type { BinaryOperator, UnaryOperator } from './expression.js';

/** How the operators of one arity are written. */
export interface OperatorSpelling<Operator> {
  /** sticky; what it matches is an operator or one of `words` */
  readonly pattern: RegExp;
  /** other spellings, in lower case */
  readonly words: Readonly<Record<string, Operator>>;
}

const binarySigns = '<<|>>|<=|>=|==|!=|<>|&&|\\|\\||[-+*/%|&^<>]';
const signWords: Readonly<Record<string, BinaryOperator>> = { '<>': '!=' };
const intelWords: Readonly<Record<string, BinaryOperator>> = {
  and: '&',
  or: '|',
  xor: '^',
  shl: '<<',
  shr: '>>',
  mod: '%',
  eq: '==',
  ne: '!=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
};
const intelBinary = new RegExp(`${binarySigns}|(?:${Object.keys(intelWords).join('|')})\\b`, 'iy');

/** Operators between operands. GNU as has those of MASM beside its own in Intel syntax. */
export const binarySpellings: Readonly<Record<Syntax, OperatorSpelling<BinaryOperator>>> = {
  att: { pattern: new RegExp(binarySigns, 'y'), words: signWords },
  intel: { pattern: intelBinary, words: { ...signWords, ...intelWords } },
};

/** Operators before an operand. */
export const unarySpellings: Readonly<Record<Syntax, OperatorSpelling<UnaryOperator>>> = {
  att: { pattern: /[-+~!]/y, words: {} },
  intel: { pattern: /[-+~!]|not\b/iy, words: { not: '~' } },
};
