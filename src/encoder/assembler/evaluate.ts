import type { BinaryOperator, Expression, Scope, UnaryOperator, Value } from './expression.js';
import { assemblyError } from './source-line.js';

const signed = (value: bigint) => BigInt.asIntN(64, value);
const truth = (condition: boolean) => (condition ? -1n : 0n);

const unaryOperators: Readonly<Record<UnaryOperator, (value: bigint) => bigint>> = {
  '-': (value) => -value,
  '+': (value) => value,
  '~': (value) => ~value,
  '!': (value) => (value === 0n ? 1n : 0n),
};

// Comparisons give all ones for true, as in GNU as, so that they can be used as masks; && and || give 1.
const binaryOperators: Readonly<Record<BinaryOperator, (left: bigint, right: bigint) => bigint>> = {
  '*': (a, b) => a * b,
  '/': (a, b) => signed(a) / signed(b),
  '%': (a, b) => signed(a) % signed(b),
  '<<': (a, b) => (b > 63n ? 0n : a << b),
  '>>': (a, b) => (b > 63n ? 0n : a >> b),
  '|': (a, b) => a | b,
  '&': (a, b) => a & b,
  '^': (a, b) => a ^ b,
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '==': (a, b) => truth(a === b),
  '!=': (a, b) => truth(a !== b),
  '<': (a, b) => truth(signed(a) < signed(b)),
  '>': (a, b) => truth(signed(a) > signed(b)),
  '<=': (a, b) => truth(signed(a) <= signed(b)),
  '>=': (a, b) => truth(signed(a) >= signed(b)),
  '&&': (a, b) => (a !== 0n && b !== 0n ? 1n : 0n),
  '||': (a, b) => (a !== 0n || b !== 0n ? 1n : 0n),
};

const comparisons: ReadonlySet<BinaryOperator> = new Set(['==', '!=', '<', '>', '<=', '>=']);

/**
 * The value of an expression modulo 2^64, or nothing when a symbol in it is not known to the scope.
 *
 * @throws InputError on division by zero.
 */
export function evaluate(expression: Expression, scope: Scope): Value | undefined {
  switch (expression.kind) {
    case 'number':
      return { value: expression.value, kind: 'constant' };
    case 'here':
      return scope.here;
    case 'symbol':
      return scope.symbol(expression.name);
    case 'unary': {
      const operand = evaluate(expression.operand, scope);
      if (operand === undefined) return undefined;
      const value = BigInt.asUintN(64, unaryOperators[expression.operator](operand.value));
      return { value, kind: unaryKind(expression.operator, operand.kind) };
    }
    case 'binary': {
      const left = evaluate(expression.left, scope);
      const right = evaluate(expression.right, scope);
      if (left === undefined || right === undefined) return undefined;
      const { operator } = expression;
      if ((operator === '/' || operator === '%') && right.value === 0n) {
        throw assemblyError('division by zero', expression.place);
      }
      const value = BigInt.asUintN(64, binaryOperators[operator](left.value, right.value));
      return { value, kind: binaryKind(operator, left.kind, right.kind) };
    }
  }
}

/** The kind of value that an expression comes to when all symbols in it are addresses. */
export function kindOfValue(expression: Expression): Value['kind'] {
  switch (expression.kind) {
    case 'number':
      return 'constant';
    case 'unary':
      return unaryKind(expression.operator, kindOfValue(expression.operand));
    case 'binary':
      return binaryKind(expression.operator, kindOfValue(expression.left), kindOfValue(expression.right));
    default:
      return 'address';
  }
}

function unaryKind(operator: UnaryOperator, operand: Value['kind']): Value['kind'] {
  return operand === 'constant' || operator === '+' ? operand : 'mixed';
}

function binaryKind(operator: BinaryOperator, left: Value['kind'], right: Value['kind']): Value['kind'] {
  if (left === 'constant' && right === 'constant') return 'constant';
  if (left === 'address' && right === 'address') {
    return operator === '-' || comparisons.has(operator) ? 'constant' : 'mixed';
  }
  if (left === 'address' && right === 'constant' && (operator === '+' || operator === '-')) return 'address';
  if (left === 'constant' && right === 'address' && operator === '+') return 'address';
  return 'mixed';
}

/** The expression with every part that is already constant in `scope` replaced by its number. */
export function foldConstants(expression: Expression, scope: Scope): Expression {
  const value = evaluate(expression, scope);
  if (value?.kind === 'constant') return { kind: 'number', value: value.value };
  if (expression.kind === 'unary') return { ...expression, operand: foldConstants(expression.operand, scope) };
  if (expression.kind !== 'binary') return expression;
  return { ...expression, left: foldConstants(expression.left, scope), right: foldConstants(expression.right, scope) };
}

/** The first symbol, in reading order, that the scope does not know. */
export function unknownSymbol(expression: Expression, scope: Scope): (Expression & { kind: 'symbol' }) | undefined {
  switch (expression.kind) {
    case 'symbol':
      return scope.symbol(expression.name) === undefined ? expression : undefined;
    case 'unary':
      return unknownSymbol(expression.operand, scope);
    case 'binary':
      return unknownSymbol(expression.left, scope) ?? unknownSymbol(expression.right, scope);
    default:
      return undefined;
  }
}
