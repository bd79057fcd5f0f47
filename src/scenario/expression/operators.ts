/** What an operator makes of two 64-bit numbers: another one, or a truth value. `logic` operators join truth values. */
type Operation =
  | { readonly kind: 'arithmetic'; readonly apply: (a: bigint, b: bigint) => bigint }
  | { readonly kind: 'comparison'; readonly apply: (a: bigint, b: bigint) => boolean }
  | { readonly kind: 'logic' };

/** An operator between two operands; a higher precedence binds tighter. */
export type OperatorRow = Operation & { readonly precedence: number };

/** Comparisons bind looser than everything that computes a number, other than in C: `a & 7 == 0` masks, then compares. */
export const COMPARISON_PRECEDENCE = 3;

/** Numbers are unsigned and have 64 bits; what is computed wraps round. */
const wrapped =
  (compute: (a: bigint, b: bigint) => bigint) =>
  (a: bigint, b: bigint): bigint =>
    BigInt.asUintN(64, compute(a, b));

const arithmetic = (precedence: number, compute: (a: bigint, b: bigint) => bigint): OperatorRow => ({
  kind: 'arithmetic',
  precedence,
  apply: wrapped(compute),
});

const comparison = (apply: (a: bigint, b: bigint) => boolean): OperatorRow => ({
  kind: 'comparison',
  precedence: COMPARISON_PRECEDENCE,
  apply,
});

const ROWS = {
  or: { kind: 'logic', precedence: 1 },
  and: { kind: 'logic', precedence: 2 },
  '==': comparison((a, b) => a === b),
  '!=': comparison((a, b) => a !== b),
  '<': comparison((a, b) => a < b),
  '<=': comparison((a, b) => a <= b),
  '>': comparison((a, b) => a > b),
  '>=': comparison((a, b) => a >= b),
  '|': arithmetic(4, (a, b) => a | b),
  '^': arithmetic(5, (a, b) => a ^ b),
  '&': arithmetic(6, (a, b) => a & b),
  '<<': arithmetic(7, (a, b) => (b > 63n ? 0n : a << b)),
  '>>': arithmetic(7, (a, b) => (b > 63n ? 0n : a >> b)),
  '+': arithmetic(8, (a, b) => a + b),
  '-': arithmetic(8, (a, b) => a - b),
  '*': arithmetic(9, (a, b) => a * b),
  '/': arithmetic(9, (a, b) => a / b),
  '%': arithmetic(9, (a, b) => a % b),
} as const satisfies Record<string, OperatorRow>;

/** How operators between two operands are called in the syntax tree. */
export type BinaryOperator = keyof typeof ROWS;

/** The operators between two operands. */
export const BINARY_OPERATORS: Readonly<Record<BinaryOperator, OperatorRow>> = ROWS;

/** Operators whose right operand must not be 0. */
export const DIVISIONS: ReadonlySet<BinaryOperator> = new Set(['/', '%']);

/** Other spellings. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['&&', 'and'],
  ['||', 'or'],
]);

/** The operator between two operands that a token is, if it is one. */
export function binaryOperator(token: string): BinaryOperator | undefined {
  const name = SYNONYMS.get(token) ?? token;
  return Object.hasOwn(ROWS, name) ? (name as BinaryOperator) : undefined;
}

/** What signs there are, the longest first. */
export const SIGNS: readonly string[] = [
  ...['<<', '>>', '==', '!=', '<=', '>=', '&&', '||'],
  ...['<', '>', '|', '^', '&', '+', '-', '*', '/', '%', '~', '!', '(', ')', '[', ']', ','],
];
