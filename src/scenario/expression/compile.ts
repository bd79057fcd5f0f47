import type { SourceText } from '../source-text.js';
import { ExpressionText, quoted } from './expression-text.js';
import { namesIn } from './names-in.js';
import { BINARY_OPERATORS, type BinaryOperator, DIVISIONS } from './operators.js';
import { parseExpression } from './parse.js';
import { conditionPart, constantPart, type NumberPart, numberPart, type Part } from './parts.js';
import { memoryReader } from './read-memory.js';
import { type ExpressionScope, lookUpName } from './scope.js';
import type { Expression } from './syntax-tree.js';

type Node<K extends Expression['kind']> = Expression & { readonly kind: K };

/** An expression that can be evaluated in the state that its machine is in. */
export interface CompiledExpression {
  readonly holds: () => boolean;
  /** What it reads, each once. */
  readonly terms: readonly Term[];
}

/** A register or a place in memory that an expression reads. */
export interface Term {
  readonly text: string;
  readonly read: () => bigint;
  /** The task whose register it is. */
  readonly task: number | undefined;
}

/**
 * Compiles an expression to closures over its machine. Evaluating it changes nothing, other than through which task
 * private memory is seen.
 * @throws InputError at its place in the file for what is no expression, names nothing, or is the same in every state.
 */
export function compileExpression(source: SourceText, scope: ExpressionScope): CompiledExpression {
  const text = new ExpressionText(source);
  const compiler = new Compiler(text, scope);
  const holds = compiler.condition(parseExpression(text, scope.tasks.keys()));
  return { holds, terms: [...new Map(compiler.terms.map((term) => [term.text, term])).values()] };
}

class Compiler {
  readonly terms: Term[] = [];

  constructor(
    private readonly text: ExpressionText,
    private readonly scope: ExpressionScope,
  ) {}

  /** A part as a truth value: a number is true unless it is 0. */
  condition(expression: Expression): () => boolean {
    const part = this.part(expression);
    if (part.kind === 'condition') return part.holds;
    if (part.constant !== undefined) throw this.constantError(expression, 'is the same in every state');
    const { read } = part;
    return () => read() !== 0n;
  }

  /** A part as a number: true is 1. */
  private number(expression: Expression): NumberPart {
    const part = this.part(expression);
    return part.kind === 'number' ? part : numberPart(() => (part.holds() ? 1n : 0n), 1);
  }

  private part(expression: Expression): Part {
    switch (expression.kind) {
      case 'integer':
        return constantPart(expression.value);
      case 'name':
        return this.name(expression);
      case 'memory':
        return this.memory(expression);
      case 'group':
        return this.part(expression.inside);
      case 'unary':
        return this.unary(expression);
      case 'binary':
        return this.binary(expression);
      case 'in':
        return this.membership(expression);
    }
  }

  private name(expression: Node<'name'>): NumberPart {
    const meaning = lookUpName(expression, this.scope, this.text);
    if (meaning.kind === 'symbol') return constantPart(meaning.address);
    const { read, bits, task } = meaning;
    this.terms.push({ text: expression.name, read, task });
    return numberPart(read, bits);
  }

  private memory(expression: Node<'memory'>): NumberPart {
    const { size } = expression;
    const before = this.terms.length;
    const address = this.number(expression.address);
    const tasks = new Set(this.terms.slice(before).flatMap(({ task }) => (task === undefined ? [] : [task])));
    // An address that comes from one task's registers is one that this task sees.
    const viewer = tasks.size === 1 ? [...tasks][0] : undefined;
    const { machine } = this.scope;
    const read = memoryReader(this.text, expression, { machine, size, address: address.read, viewer });
    // Where that is known already, whether there is anything is found out now.
    if (address.constant !== undefined) read();
    this.terms.push({ text: this.text.slice(expression).replaceAll(/\s+/g, ' '), read, task: undefined });
    return numberPart(read, 8 * size);
  }

  private unary({ operator, operand }: Node<'unary'>): Part {
    if (operator === 'not') {
      const holds = this.condition(operand);
      return conditionPart(() => !holds());
    }
    const { read, constant } = this.number(operand);
    const apply = (value: bigint): bigint => BigInt.asUintN(64, operator === '-' ? -value : ~value);
    return constant === undefined ? numberPart(() => apply(read())) : constantPart(apply(constant));
  }

  private binary(expression: Node<'binary'>): Part {
    const { operator, left, right } = expression;
    const row = BINARY_OPERATORS[operator];
    if (row.kind !== 'logic') {
      const [a, b] = [this.number(left), this.number(right)];
      if (row.kind === 'arithmetic') return this.arithmetic(expression, row.apply, a, b);
      if (a.constant !== undefined && b.constant !== undefined) {
        throw this.constantError(expression, 'compares what is the same in every state');
      }
      if (operator === '==' || operator === '!=') this.checkEqual(left, a, right, b);
      const { apply } = row;
      return conditionPart(() => apply(a.read(), b.read()));
    }
    const [a, b] = [this.condition(left), this.condition(right)];
    return conditionPart(operator === 'and' ? () => a() && b() : () => a() || b());
  }

  private arithmetic(
    { operator, right }: Node<'binary'>,
    apply: (a: bigint, b: bigint) => bigint,
    a: NumberPart,
    b: NumberPart,
  ): NumberPart {
    if (DIVISIONS.has(operator) && (b.constant ?? 0n) === 0n) {
      throw this.text.error('expected a constant other than 0 to divide by', right.at);
    }
    if (a.constant !== undefined && b.constant !== undefined) return constantPart(apply(a.constant, b.constant));
    return numberPart(() => apply(a.read(), b.read()), bitsOf(operator, a, b));
  }

  private membership(expression: Node<'in'>): Part {
    const { left, choices, negated } = expression;
    const value = this.number(left);
    const parts = choices.map((choice) => {
      const part = this.number(choice);
      if (value.constant !== undefined && part.constant !== undefined) {
        throw this.constantError(expression, 'compares what is the same in every state');
      }
      this.checkEqual(left, value, choice, part);
      return part;
    });
    const constants = new Set(parts.flatMap(({ constant }) => (constant === undefined ? [] : [constant])));
    const others = parts.filter(({ constant }) => constant === undefined);
    return conditionPart(() => {
      const is = value.read();
      return (constants.has(is) || others.some(({ read }) => read() === is)) !== negated;
    });
  }

  private checkEqual(left: Expression, a: NumberPart, right: Expression, b: NumberPart): void {
    this.checkFits(left, a, right, b);
    this.checkFits(right, b, left, a);
  }

  /** Refuses to compare a constant with what is too narrow for it: `worker.eax == -1` holds in no state. */
  private checkFits(expression: Expression, { constant }: NumberPart, other: Expression, { bits }: NumberPart): void {
    if (constant === undefined || constant >> BigInt(bits) === 0n) return;
    const what = `${quoted(this.text.slice(other))} has ${bits} ${bits === 1 ? 'bit' : 'bits'}`;
    throw this.text.error(`${what}: it is never 0x${constant.toString(16)}`, expression.at);
  }

  private constantError(expression: Expression, what: string): Error {
    const task = namesIn(expression).find(({ name }) => this.scope.tasks.has(name))?.name;
    const hint = task === undefined ? undefined : `'${task}' is an address here; for the task, write '${task}.rip'`;
    return this.text.error(`${quoted(this.text.slice(expression))} ${what}`, expression.at, hint);
  }
}

function bitsOf(operator: BinaryOperator, a: NumberPart, b: NumberPart): number {
  return operator === '&' ? Math.min(a.bits, b.bits) : 64;
}
