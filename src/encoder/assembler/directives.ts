import { suggest } from '../../suggest.js';
import type { Syntax } from '../syntax.js';
import { alignmentNops } from './alignment-nops.js';
import { stringBytes } from './character.js';
import { Cursor } from './cursor.js';
import type { Expression } from './expression.js';
import { knownNumber } from './fits.js';
import { parseExpression } from './parse-expression.js';
import type { Program } from './program.js';
import { assemblyError } from './source-line.js';
import type { SourceText } from './split-statements.js';

/** A directive statement. */
export interface DirectiveStatement {
  readonly program: Program;
  /** the whole statement, without labels */
  readonly text: SourceText;
  readonly name: string;
  readonly operands: readonly SourceText[];
}

type Directive = (statement: DirectiveStatement) => void;

const number = (value: bigint): Expression => ({ kind: 'number', value });
const fresh = { offset: 0, size: 0 };

const data =
  (width: 1 | 2 | 4 | 8 | 16): Directive =>
  ({ program, text, operands }) => {
    const values = operands.map((operand, i) => program.fold(expressionIn(program, operand), i * width));
    program.add({ ...fresh, kind: 'data', text, width, values, size: width * values.length });
  };

const strings =
  (end: readonly number[]): Directive =>
  ({ program, text, operands }) => {
    for (const operand of operands) {
      const contents = /^"((?:\\.|[^"\\])*)"$/s.exec(operand.text)?.[1];
      if (contents === undefined) throw assemblyError('expected a string in double quotes', operand);
      const bytes = Uint8Array.from([...stringBytes(contents), ...end]);
      program.add({ ...fresh, kind: 'bytes', text, bytes, size: bytes.length });
    }
  };

const align =
  (boundaryOf: (operand: bigint) => bigint): Directive =>
  (statement) => {
    const { program, text, operands } = statement;
    atMost(statement, 3);
    const [first, fill, most] = operands;
    const boundary = first === undefined ? 1n : boundaryOf(constantIn(program, first));
    const isPower = boundary > 0n && boundary <= 1n << 24n && (boundary & (boundary - 1n)) === 0n;
    if (!isPower) throw assemblyError('the alignment must be a power of 2, at most 16 MiB', first ?? text);
    program.add({
      ...fresh,
      kind: 'align',
      text,
      boundary: Number(boundary),
      fill: fill === undefined || fill.text === '' ? undefined : program.fold(expressionIn(program, fill)),
      most: most === undefined ? Number(boundary) : Number(constantIn(program, most)),
    });
  };

const skip: Directive = (statement) => {
  const [count, fill] = statement.operands;
  atMost(statement, 2);
  addFill(statement, count, 1, fill);
};

const fill: Directive = (statement) => {
  const [count, width, value] = statement.operands;
  atMost(statement, 3);
  const bytes = width === undefined ? 1n : constantIn(statement.program, width);
  if (bytes < 1n || bytes > 8n) throw assemblyError('the size must be 1 to 8 bytes', width ?? statement.text);
  addFill(statement, count, Number(bytes), value);
};

function addFill(
  { program, text, name }: DirectiveStatement,
  operand: SourceText | undefined,
  width: number,
  value: SourceText | undefined,
): void {
  if (operand === undefined) throw assemblyError(`${name} needs a count`, text);
  const count = program.fold(expressionIn(program, operand));
  const known = knownNumber(count) ?? 0n;
  if (known > 1n << 28n) throw assemblyError(`the count ${BigInt.asIntN(64, known)} is negative or too large`, operand);
  const filling = value === undefined ? number(0n) : program.fold(expressionIn(program, value));
  program.add({ ...fresh, kind: 'fill', text, count, width, fill: filling, size: Number(known) * width });
}

const nops: Directive = (statement) => {
  const { program, text, operands } = statement;
  atMost(statement, 1);
  const length = operands[0] === undefined ? 0n : constantIn(program, operands[0]);
  if (length > 1n << 20n) throw assemblyError(`the length ${BigInt.asIntN(64, length)} is negative or too large`, text);
  const bytes = alignmentNops(Number(length));
  program.add({ ...fresh, kind: 'bytes', text, bytes, size: bytes.length });
};

const org: Directive = (statement) => {
  const { program, text, operands } = statement;
  atMost(statement, 2);
  const [target, value] = operands;
  if (target === undefined) throw assemblyError('.org needs an offset', text);
  program.add({
    ...fresh,
    kind: 'org',
    text,
    target: program.fold(expressionIn(program, target)),
    fill: value === undefined ? number(0n) : program.fold(expressionIn(program, value)),
  });
};

const set: Directive = ({ program, text, name, operands }) => {
  const [symbol, value, extra] = operands;
  if (symbol === undefined || value === undefined || extra !== undefined || !/^[A-Za-z_.$][\w.$]*$/.test(symbol.text)) {
    throw assemblyError(`${name} takes a symbol and an expression`, text);
  }
  program.assign(symbol.text, expressionIn(program, value), symbol);
};

/** The syntax is that of the whole block, so a directive can only agree. */
const syntaxIs =
  (syntax: Syntax, prefixes: readonly string[]): Directive =>
  ({ text, name, operands }) => {
    const [prefix] = operands;
    if (!prefixes.includes(prefix?.text ?? '')) throw assemblyError(`write ${name} ${prefixes.at(-1)}`, text);
    if (text.source.syntax !== syntax) throw assemblyError(`${name}, but the syntax of this block is another`, text);
  };

/** Says something about symbols or sections that has no meaning here. */
const ignored: Directive = () => {};

const directives: Readonly<Record<string, Directive>> = {
  '.byte': data(1),
  '.word': data(2),
  '.short': data(2),
  '.hword': data(2),
  '.value': data(2),
  '.2byte': data(2),
  '.long': data(4),
  '.int': data(4),
  '.4byte': data(4),
  '.quad': data(8),
  '.8byte': data(8),
  '.octa': data(16),
  '.ascii': strings([]),
  '.asciz': strings([0]),
  '.string': strings([0]),
  '.skip': skip,
  '.space': skip,
  '.zero': skip,
  '.fill': fill,
  '.align': align((boundary) => boundary),
  '.balign': align((boundary) => boundary),
  '.p2align': align((power) => (power < 64n ? 1n << power : 0n)),
  '.nops': nops,
  '.org': org,
  '.set': set,
  '.equ': set,
  '.intel_syntax': syntaxIs('intel', ['noprefix']),
  '.att_syntax': syntaxIs('att', ['', 'prefix']),
  '.text': ignored,
  '.code64': ignored,
  '.globl': ignored,
  '.global': ignored,
  '.local': ignored,
  '.weak': ignored,
  '.hidden': ignored,
  '.type': ignored,
  '.size': ignored,
  '.file': ignored,
  '.ident': ignored,
  '.cfi_startproc': ignored,
  '.cfi_endproc': ignored,
};

/**
 * Carries a directive out: adds what it stands for to the program.
 *
 * @throws InputError on an unknown directive and on operands that it does not take.
 */
export function runDirective(statement: DirectiveStatement): void {
  const { name, text } = statement;
  const directive = Object.hasOwn(directives, name) ? directives[name] : undefined;
  if (directive === undefined) {
    const near = suggest(name, Object.keys(directives));
    throw assemblyError(`unknown directive '${name}'`, text, near === undefined ? undefined : `did you mean ${near}?`);
  }
  directive(statement);
}

/** The expression that a text consists of. */
export function expressionIn(program: Program, text: SourceText): Expression {
  const cursor = new Cursor(text);
  const expression = parseExpression(cursor, { locals: program.localLabel });
  cursor.expectEnd();
  return expression;
}

function constantIn(program: Program, text: SourceText): bigint {
  const value = knownNumber(program.fold(expressionIn(program, text)));
  if (value === undefined) throw assemblyError('this must be a number that is known here already', text);
  return value;
}

function atMost({ name, operands }: DirectiveStatement, count: number): void {
  const extra = operands[count];
  if (extra !== undefined) throw assemblyError(`${name} takes at most ${count} operands`, extra);
}
