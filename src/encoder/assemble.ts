import { InputError } from '../input-error.js';
import { itemBytes } from './assembler/emit.js';
import type { Item } from './assembler/item.js';
import { layOut } from './assembler/layout.js';
import { isInternalName, Program, type Section } from './assembler/program.js';
import type { ProgramScope } from './assembler/program-scope.js';
import { readBlock } from './assembler/read-program.js';
import type { Syntax } from './syntax.js';

/** Assembly source that goes to one place in memory. */
export interface AsmBlock {
  /** address of the first byte */
  readonly base: bigint;
  readonly source: string;
  /** name of the file for messages, `<assembly>` when not given */
  readonly file?: string;
  /** line in `file` of the block's first character, from 1 */
  readonly line?: number;
  /** column in `file` of the block's first character, from 1; further lines begin in the same column (a YAML block) */
  readonly column?: number;
  /** @defaultValue `'att'` */
  readonly syntax?: Syntax;
}

/** One statement that makes bytes: an instruction, a standalone prefix or a data directive. */
export interface AsmLine {
  readonly address: bigint;
  /** in bytes, at least 1 */
  readonly length: number;
  /** the statement without labels and comments */
  readonly text: string;
  /** line in the block's file */
  readonly line: number;
}

/** A block with its bytes. */
export interface Assembly {
  readonly base: bigint;
  readonly bytes: Uint8Array;
  /** in the order of addresses */
  readonly lines: readonly AsmLine[];
}

/**
 * Assembles blocks together for 64-bit mode, each in AT&T or in Intel syntax as GNU as takes it (for Intel's, as after
 * `.intel_syntax noprefix`); the labels of each are visible in all.
 *
 * Instructions get the encoding that GNU as gives them. `jmp` and `jcc` are short when their target is in the blocks
 * and near; an outside symbol is never near. A number beside %rip is a distance, a symbol the target. In Intel syntax a
 * symbol alone is memory, unless a branch goes there, and `offset` makes it a number. Alignment counts addresses.
 * Directives: `.byte .word .long .quad .octa .ascii .asciz .skip .space .zero .fill .nops .align .balign .p2align .org
 * .set .equ` and their synonyms; those about sections and symbol types that change no bytes are skipped.
 *
 * Beyond GNU as: explicit lengths (`call.rel32`, `jmp.rel8`, `push.imm32`; `nopl.disp8 0(%rax,%rax,1)` is the 5-byte
 * NOP; Intel's `jmp short` is one too), `//` comments, repeated prefixes (`cs cs cs xor %eax,%eax`), and errors where it
 * warns, guesses an operand size or cuts a number off. Not there: EVEX and 3DNow! instructions, macros, conditionals,
 * sections, blocks of mixed syntax.
 *
 * @param symbols addresses of what is outside; a definition in the blocks goes before them.
 * @returns the blocks in the given order, and the values of all labels and assigned symbols.
 * @throws InputError with file, line, column and source line on anything that cannot be assembled.
 */
export function assemble(
  blocks: readonly AsmBlock[],
  symbols: ReadonlyMap<string, bigint> = new Map(),
): { blocks: Assembly[]; symbols: Map<string, bigint> } {
  const program = new Program();
  for (const { base, source, file = '<assembly>', line = 1, column = 1, syntax = 'att' } of blocks) {
    readBlock(program, { base: BigInt.asUintN(64, base), source, file, line, column, syntax });
  }
  const scope = layOut(program, symbols);
  return { blocks: program.sections.map((section) => emitted(section, scope)), symbols: definitions(program, scope) };
}

/** How to read one instruction. */
export interface InstructionOptions {
  /** @defaultValue `'att'` */
  readonly syntax?: Syntax;
}

/**
 * Assembles one instruction, such as `call.rel32 new_a`, for an address. Named symbols count as outside ones, so a
 * jump to one has the long form unless the text says `.rel8`.
 *
 * @throws InputError as {@link assemble}, and when the text is not exactly one statement that makes bytes.
 */
export function assembleInstruction(
  text: string,
  address: bigint,
  symbols: ReadonlyMap<string, bigint> = new Map(),
  { syntax = 'att' }: InstructionOptions = {},
): Uint8Array {
  const source = { base: address, source: text, file: '<instruction>', syntax };
  const { blocks, symbols: defined } = assemble([source], symbols);
  const [block] = blocks;
  if (block === undefined || block.lines.length !== 1 || defined.size > 0) {
    const location = { file: '<instruction>', line: 1, column: 1 };
    throw new InputError(`expected exactly one instruction, not '${text.trim()}'`, { location, excerpt: text });
  }
  return block.bytes;
}

function emitted(section: Section, scope: ProgramScope): Assembly {
  const bytes = new Uint8Array(section.size);
  const lines: AsmLine[] = [];
  for (const item of section.items) {
    bytes.set(itemBytes(item, section.base, scope), item.offset);
    if (item.size > 0) lines.push(lineOf(item, section.base));
  }
  return { base: section.base, bytes, lines };
}

function lineOf({ offset, size, text }: Item, base: bigint): AsmLine {
  return { address: BigInt.asUintN(64, base + BigInt(offset)), length: size, text: text.text, line: text.source.line };
}

function definitions(program: Program, scope: ProgramScope): Map<string, bigint> {
  const values = new Map<string, bigint>();
  for (const [name, { place }] of program.labels) {
    if (!isInternalName(name)) values.set(name, scope.value({ kind: 'symbol', name, place }, 0n).value);
  }
  for (const [name, expression] of program.assigned) values.set(name, scope.value(expression, 0n).value);
  return values;
}
