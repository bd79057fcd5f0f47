import { type ExpressionText, quoted } from './expression-text.js';
import { SIGNS } from './operators.js';
import type { Extent } from './syntax-tree.js';

/** A word or sign of an expression. */
export interface Token extends Extent {
  readonly kind: 'integer' | 'name' | 'sign' | 'end';
  readonly text: string;
}

const SPACE = /\s*/y;
const WORD = /[A-Za-z0-9_.$@]+/y;
const INTEGER = /^(0x[0-9A-Fa-f]+|0o[0-7]+|0b[01]+|[0-9]+)$/;
/** Longest expression in characters. */
const LONGEST = 1000;

/**
 * Splits an expression into its words and signs; the last one is the end. A word is a name or an integer. A name goes over
 * a hyphen only where a task has such a name and a register of it follows.
 * @throws InputError at the first character that cannot be part of an expression.
 */
export function tokenize(source: ExpressionText, tasks: Iterable<string>): readonly Token[] {
  const { text } = source;
  if (text.length > LONGEST) throw source.error(`an expression of more than ${LONGEST} characters`, 0);
  const hyphened = [...tasks].filter((name) => name.includes('-')).sort((a, b) => b.length - a.length);
  const tokens: Token[] = [];
  for (let at = endOf(SPACE, text, 0); at < text.length; at = endOf(SPACE, text, at)) {
    const token = tokenAt(source, at, hyphened);
    tokens.push(token);
    at = token.end;
  }
  return [...tokens, { kind: 'end', text: '', at: text.length, end: text.length }];
}

function tokenAt(source: ExpressionText, at: number, hyphened: readonly string[]): Token {
  const { text } = source;
  const task = hyphened.find((name) => text.startsWith(`${name}.`, at));
  const end = endOf(WORD, text, at + (task?.length ?? 0));
  if (end > at) {
    const word = text.slice(at, end);
    if (!/^[0-9]/.test(word)) return { kind: 'name', text: word, at, end };
    if (INTEGER.test(word)) return { kind: 'integer', text: word, at, end };
    throw source.error(`${quoted(word)} is neither an integer nor a name`, at);
  }
  const sign = SIGNS.find((candidate) => text.startsWith(candidate, at));
  if (sign !== undefined) return { kind: 'sign', text: sign, at, end: at + sign.length };
  const [character = ''] = text.slice(at);
  const hint = character === '=' ? "to compare, write '=='" : undefined;
  throw source.error(`unexpected ${quoted(character)}`, at, hint);
}

/** Where what a sticky pattern matches at an offset ends. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}
