import { type ExpressionText, quoted } from './expression-text.js';
import { BINARY_OPERATORS, type BinaryOperator, binaryOperator, COMPARISON_PRECEDENCE } from './operators.js';
import type { Expression, MemorySize, UnaryOperator } from './syntax-tree.js';
import { type Token, tokenize } from './tokens.js';

/** How deep parentheses, brackets and prefixes may nest. */
const DEEPEST = 64;

/** What stands before a bracket to say how many bytes are read. */
const SIZES: ReadonlyMap<string, MemorySize> = new Map([
  ['u8', 1],
  ['u16', 2],
  ['u32', 4],
  ['u64', 8],
]);

/** Words that are no names. */
const KEYWORDS: ReadonlySet<string> = new Set(['and', 'or', 'not', 'in']);

const NOT: ReadonlySet<string> = new Set(['not', '!']);
const LOOSEST = 0;
/** `not` takes a comparison as its operand, and so binds looser than one. */
const NOT_PRECEDENCE = BINARY_OPERATORS.and.precedence;

/**
 * Parses an expression over the states of a machine:
 *
 * ```
 * or  ||                            loosest
 * and &&
 * not !
 * == != < <= > >=  in  not in       unsigned; not chained
 * |   then ^   then &   then << >>
 * + -   then * / %
 * - ~                               tightest
 * 12  0xff  0o17  0b11  symbol  task.register  (e)  [e]  u8[e]  u16[e]  u32[e]  u64[e]
 * ```
 *
 * @param tasks the names of the tasks
 * @throws InputError at the first character that does not fit.
 */
export function parseExpression(source: ExpressionText, tasks: Iterable<string>): Expression {
  return new Parser(source, tokenize(source, tasks)).whole();
}

class Parser {
  private next = 0;
  private depth = 0;

  constructor(
    private readonly source: ExpressionText,
    private readonly tokens: readonly Token[],
  ) {}

  whole(): Expression {
    const expression = this.operators(LOOSEST);
    if (this.token.kind !== 'end') throw this.unexpected('an operator');
    return expression;
  }

  private get token(): Token {
    const token = this.tokens[this.next];
    if (token === undefined) throw new Error('an expression without an end');
    return token;
  }

  /** Operands with the operators between them that bind tighter than `above`. */
  private operators(above: number): Expression {
    let left = NOT.has(this.token.text) && above <= NOT_PRECEDENCE ? this.prefix('not') : this.operand();
    for (let operator = this.operator(); operator !== undefined; operator = this.operator()) {
      const precedence = operator === 'in' ? COMPARISON_PRECEDENCE : BINARY_OPERATORS[operator].precedence;
      if (precedence <= above) break;
      if (precedence === COMPARISON_PRECEDENCE && isComparison(left)) throw this.chained();
      left = operator === 'in' ? this.membership(left) : this.binary(left, operator, precedence);
    }
    return left;
  }

  private operator(): BinaryOperator | 'in' | undefined {
    const { kind, text } = this.token;
    if (kind === 'end' || kind === 'integer') return undefined;
    const isIn = text === 'in' || (NOT.has(text) && this.tokens[this.next + 1]?.text === 'in');
    return isIn ? 'in' : binaryOperator(text);
  }

  private binary(left: Expression, operator: BinaryOperator, precedence: number): Expression {
    this.next++;
    const right = this.operators(precedence);
    return { kind: 'binary', operator, left, right, at: left.at, end: right.end };
  }

  private membership(left: Expression): Expression {
    const negated = this.token.text !== 'in';
    this.next += negated ? 2 : 1;
    this.expect('(');
    const choices = [this.nested()];
    while (this.token.text === ',') {
      this.next++;
      choices.push(this.nested());
    }
    const end = this.expect(')');
    return { kind: 'in', negated, left, choices, at: left.at, end };
  }

  private operand(): Expression {
    const { kind, text, at, end } = this.token;
    if (kind === 'integer') {
      const value = BigInt(text);
      if (value >> 64n !== 0n) throw this.source.error('an integer of more than 64 bits', at);
      this.next++;
      return { kind: 'integer', value, at, end };
    }
    if (kind === 'name' && !KEYWORDS.has(text)) return this.name();
    if (text === '-' || text === '~') return this.prefix(text);
    if (text === '[') return this.memory(8, at);
    if (text === '(') {
      this.next++;
      const inside = this.nested();
      return { kind: 'group', inside, at, end: this.expect(')') };
    }
    const hint = NOT.has(text) ? `put parentheses around what ${quoted(text)} negates` : undefined;
    throw this.unexpected('a number, a symbol, a register or memory', hint);
  }

  private name(): Expression {
    const { text, at, end } = this.token;
    this.next++;
    const size = this.token.text === '[' ? SIZES.get(text) : undefined;
    if (size !== undefined) return this.memory(size, at);
    return { kind: 'name', name: text, at, end };
  }

  private memory(size: MemorySize, at: number): Expression {
    this.expect('[');
    const address = this.nested();
    return { kind: 'memory', size, address, at, end: this.expect(']') };
  }

  private prefix(operator: UnaryOperator): Expression {
    const { at } = this.token;
    this.next++;
    const operand = this.deeper(() => (operator === 'not' ? this.operators(NOT_PRECEDENCE) : this.operand()));
    return { kind: 'unary', operator, operand, at, end: operand.end };
  }

  private nested(): Expression {
    return this.deeper(() => this.operators(LOOSEST));
  }

  private deeper(parse: () => Expression): Expression {
    if (++this.depth > DEEPEST) throw this.source.error(`nested deeper than ${DEEPEST}`, this.token.at);
    const expression = parse();
    this.depth--;
    return expression;
  }

  /** Passes over a sign, which has to come next; where it ends. */
  private expect(sign: string): number {
    const { text, end } = this.token;
    if (text !== sign) throw this.unexpected(`'${sign}'`);
    this.next++;
    return end;
  }

  private unexpected(wanted: string, hint?: string): Error {
    const { kind, text, at } = this.token;
    return this.source.error(`expected ${wanted}, not ${kind === 'end' ? 'the end' : quoted(text)}`, at, hint);
  }

  private chained(): Error {
    const hint = "write 'a < b and b < c', or put parentheses around one comparison";
    return this.source.error('a comparison of a comparison', this.token.at, hint);
  }
}

function isComparison(expression: Expression): boolean {
  if (expression.kind === 'in') return true;
  return expression.kind === 'binary' && BINARY_OPERATORS[expression.operator].kind === 'comparison';
}
