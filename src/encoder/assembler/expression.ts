import type { SourcePlace } from './source-line.js';

/** Operators before an operand. */
export type UnaryOperator = '-' | '+' | '~' | '!';
/** Operators between operands; `evaluate` has what they do, `parseExpression` how tightly they bind. */
export type BinaryOperator =
  | '*'
  | '/'
  | '%'
  | '<<'
  | '>>'
  | '|'
  | '&'
  | '^'
  | '+'
  | '-'
  | '=='
  | '!='
  | '<'
  | '>'
  | '<='
  | '>='
  | '&&'
  | '||';

/**
 * A symbol expression as written: 64-bit arithmetic over numbers, symbols and `.`, and over terms of another kind where
 * a syntax mixes them in.
 */
export type Expression<Term = never> =
  | Term
  | { readonly kind: 'number'; readonly value: bigint }
  | { readonly kind: 'symbol'; readonly name: string; readonly place: SourcePlace }
  | { readonly kind: 'here' }
  | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Expression<Term> }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression<Term>;
      readonly right: Expression<Term>;
      readonly place: SourcePlace;
    };

/**
 * What an expression came to. A `constant` does not depend on where anything lies, an `address` moves with the code,
 * and `mixed` is arithmetic on addresses other than adding, subtracting and comparing.
 */
export interface Value {
  /** unsigned 64-bit */
  readonly value: bigint;
  readonly kind: 'constant' | 'address' | 'mixed';
}

/** Where evaluation finds what names stand for. */
export interface Scope {
  symbol(name: string): Value | undefined;
  /** the value of `.` */
  readonly here: Value;
}

/** A value that is the same wherever the code lies. */
export function constant(value: bigint): Value {
  return { value: BigInt.asUintN(64, value), kind: 'constant' };
}

/** A value that is an address. */
export function addressValue(value: bigint): Value {
  return { value: BigInt.asUintN(64, value), kind: 'address' };
}
