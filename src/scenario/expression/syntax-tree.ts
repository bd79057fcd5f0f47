import type { BinaryOperator } from './operators.js';

/** Where something stands in the text of an expression: offsets of its first character and of the one behind it. */
export interface Extent {
  readonly at: number;
  readonly end: number;
}

/** An expression as it is written. Names are not looked up yet. */
export type Expression =
  | (Extent & { readonly kind: 'integer'; readonly value: bigint })
  /** A symbol, or `task.register`. */
  | (Extent & { readonly kind: 'name'; readonly name: string })
  /** `[address]`, `u32[address]`: little-endian, zero-extended. */
  | (Extent & { readonly kind: 'memory'; readonly size: MemorySize; readonly address: Expression })
  /** Something in parentheses. */
  | (Extent & { readonly kind: 'group'; readonly inside: Expression })
  | (Extent & { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Expression })
  | (Extent & {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    })
  /** `left in (choices)`, `left not in (choices)`. */
  | (Extent & {
      readonly kind: 'in';
      readonly negated: boolean;
      readonly left: Expression;
      readonly choices: readonly Expression[];
    });

export type UnaryOperator = '-' | '~' | 'not';

/** Bytes of a memory access. */
export type MemorySize = 1 | 2 | 4 | 8;
