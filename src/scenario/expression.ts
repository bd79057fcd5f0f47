import { InputError, type SourceLocation } from '../input-error.js';
import { didYouMean } from '../suggest.js';
import { locateInText, type Origin, type SourceText } from './source-text.js';

/** One summand of a symbol expression. */
export interface SymbolTerm {
  readonly negative: boolean;
  /** A symbol's name, or a number. */
  readonly value: string | bigint;
  /** Counts from 1 within the expression. */
  readonly column: number;
}

const TOKEN = /([+-])|([A-Za-z0-9_.$@]+)|\S/g;
const INTEGER = /^(0x[0-9A-Fa-f]+|0o[0-7]+|0b[01]+|[0-9]+)$/;
const SYMBOL = /^[A-Za-z_.$]/;
/** Longest expression in characters. */
const LONGEST = 1000;

function originIn(text: string | SourceText, column: number, location: SourceLocation | undefined): Partial<Origin> {
  if (typeof text !== 'string') return locateInText(text, 1, column);
  if (location?.column === undefined) return location === undefined ? {} : { location };
  return { location: { ...location, column: location.column + column - 1 } };
}

/**
 * Splits a symbol expression into its summands: symbols and integers (decimal, `0x`, `0o`, `0b`) joined by + and -.
 * @param location where a plain string stands
 * @throws InputError at the first character that does not fit.
 */
export function parseSymbolExpression(text: string | SourceText, location?: SourceLocation): readonly SymbolTerm[] {
  const expression = typeof text === 'string' ? text : text.text;
  const fail = (message: string, at: number): never => {
    throw new InputError(message, originIn(text, at + 1, location));
  };
  if (expression.length > LONGEST) fail(`an expression of more than ${LONGEST} characters`, 0);
  const terms: SymbolTerm[] = [];
  // What stands before the next operand: '' only at the start, undefined when a sign has to come first.
  let sign: string | undefined = '';
  for (const { 0: token, 1: operator, 2: operand, index } of expression.matchAll(TOKEN)) {
    if (operator !== undefined && (sign === undefined || sign === '')) {
      sign = operator;
    } else if (sign !== undefined && operand !== undefined && (INTEGER.test(operand) || SYMBOL.test(operand))) {
      const value = INTEGER.test(operand) ? BigInt(operand) : operand;
      if (typeof value === 'bigint' && value >> 64n !== 0n) fail('an integer of more than 64 bits', index);
      terms.push({ negative: sign === '-', value, column: index + 1 });
      sign = undefined;
    } else {
      fail(`expected ${sign === undefined ? '+ or -' : 'a symbol or an integer'}, not '${token.slice(0, 40)}'`, index);
    }
  }
  if (sign !== undefined) fail('expected a symbol or an integer, not the end', expression.length);
  return terms;
}

/**
 * The value of a symbol expression such as `symbol`, `symbol+8`, `-1` or `0xffffffff81000000`, modulo 2^64.
 * @param symbols the value of every symbol; a task's caller adds `cpu`
 * @param location where a plain string stands; a {@link SourceText} knows itself
 * @throws InputError for a syntax error or an unknown symbol.
 */
export function evaluateSymbolExpression(
  text: string | SourceText,
  symbols: ReadonlyMap<string, bigint>,
  location?: SourceLocation,
): bigint {
  let sum = 0n;
  for (const { negative, value, column } of parseSymbolExpression(text, location)) {
    const known = typeof value === 'bigint' ? value : symbols.get(value);
    if (known === undefined) {
      const name = String(value);
      const hint = didYouMean(name, symbols.keys());
      const details = { ...originIn(text, column, location), ...(hint === undefined ? {} : { hint }) };
      throw new InputError(`unknown symbol '${name}'`, details);
    }
    sum += negative ? -known : known;
  }
  return BigInt.asUintN(64, sum);
}
