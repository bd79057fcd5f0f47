import type { Syntax } from '../syntax.js';
import { splitAtCommas } from './cursor.js';
import { expressionIn, runDirective } from './directives.js';
import type { Expression } from './expression.js';
import type { Item } from './item.js';
import type { Operand } from './operand.js';
import { parseInstruction } from './parse-instruction.js';
import { parseStatement } from './parse-statement.js';
import type { Program } from './program.js';
import { isBranch, type Selection, selectForm } from './select-form.js';
import { assemblyError } from './source-line.js';
import { type SourceText, splitStatements } from './split-statements.js';

/** The source of a block and where it stands. */
export interface BlockSource {
  readonly base: bigint;
  readonly source: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly syntax: Syntax;
}

/** Reads a block into a new section of the program. */
export function readBlock(program: Program, block: BlockSource): void {
  program.openSection(block.base);
  for (const text of splitStatements(block.source, block)) readStatement(program, text);
}

function readStatement(program: Program, text: SourceText): void {
  const { labels, body } = parseStatement(text);
  for (const { name, place } of labels) program.defineLabel(name, place);
  if (body.kind === 'directive') {
    runDirective({ program, text: body.text, name: body.name, operands: splitAtCommas(body.operands) });
  } else if (body.kind === 'instruction') {
    program.add(instructionItem(program, body.text));
  } else if (body.kind === 'assignment' && body.name === '.') {
    runDirective({ program, text: body.text, name: '.org', operands: [body.value] });
  } else if (body.kind === 'assignment') {
    program.assign(body.name, expressionIn(program, body.value), body.text);
  }
}

function instructionItem(program: Program, text: SourceText): Item {
  const { localLabel: locals } = program;
  const parsed = parseInstruction(text, { locals, fold: (expression) => program.fold(expression), isBranch });
  const common = { text, offset: 0 };
  if (parsed.name === '') {
    if (parsed.prefixes.length === 0) throw assemblyError('an instruction is missing here', parsed.place);
    const bytes = Uint8Array.from(parsed.prefixes);
    return { ...common, kind: 'bytes', bytes, size: bytes.length };
  }
  const selection = selectForm(parsed);
  const { short } = selection;
  const target = branchTarget(selection, parsed.operands);
  if (short === undefined || target === undefined) {
    return { ...common, kind: 'instruction', selection, size: selection.length };
  }
  return { ...common, kind: 'branch', long: selection, short, target, size: short.length };
}

function branchTarget({ selected }: Selection, operands: readonly Operand[]): Expression | undefined {
  const index = selected.form.written.findIndex(({ slot }) => slot.kind === 'branch');
  const operand = operands[index];
  return operand?.kind === 'address' ? operand.displacement : undefined;
}
