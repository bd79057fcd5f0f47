import { suggest } from '../../suggest.js';
import { Cursor, splitAtCommas } from './cursor.js';
import { dialectOf } from './dialect.js';
import type { RequestedLengths } from './match-form.js';
import type { Operand, OperandContext } from './operand.js';
import { prefixByte } from './prefixes.js';
import { assemblyError, type SourcePlace } from './source-line.js';
import type { SourceText } from './split-statements.js';

/** An instruction statement taken apart. */
export interface ParsedInstruction {
  /** bytes of the prefixes written as words, in the order written */
  readonly prefixes: readonly number[];
  /** the mnemonic in lower case without explicit lengths; empty when the statement is prefixes only */
  readonly name: string;
  readonly lengths: RequestedLengths;
  /** in AT&T order */
  readonly operands: readonly Operand[];
  /** where the mnemonic stands */
  readonly place: SourcePlace;
}

/** Explicit lengths after the mnemonic: `jmp.rel8`, `push.imm32`, `mov.disp32`. */
const lengthSuffixes: Readonly<Record<string, RequestedLengths>> = {
  rel8: { branch: 8 },
  rel32: { branch: 32 },
  imm8: { immediate: 8 },
  imm16: { immediate: 16 },
  imm32: { immediate: 32 },
  imm64: { immediate: 64 },
  disp8: { displacement: 8 },
  disp32: { displacement: 32 },
};

/** GNU as' pseudo prefixes in braces. */
const pseudoPrefixes: Readonly<Record<string, RequestedLengths>> = {
  disp8: { displacement: 8 },
  disp32: { displacement: 32 },
  load: { load: true },
  store: { load: false },
};

/** Branch hints, written behind the mnemonic: they are segment prefixes. */
const hints: Readonly<Record<string, number>> = { ',pt': 0x3e, ',pn': 0x2e };

/** What reading an instruction needs to know of the program around it. */
export interface InstructionContext extends Omit<OperandContext, 'branches'> {
  /** whether an instruction of this name goes to its operand; complains when there is none */
  readonly isBranch: (name: string, place: SourcePlace) => boolean;
}

/**
 * Takes an instruction statement apart: prefix words, pseudo prefixes, mnemonic with explicit lengths, operands. A
 * `<symbol>` behind an operand, as disassemblers print, is skipped. Whether there is an instruction with such operands
 * is not looked at.
 *
 * @throws InputError where the text cannot be read.
 */
export function parseInstruction(text: SourceText, context: InstructionContext): ParsedInstruction {
  const cursor = new Cursor(text);
  const prefixes: number[] = [];
  let lengths: RequestedLengths = {};
  for (;;) {
    const place = cursor.place;
    if (cursor.atEnd) return { prefixes, name: '', lengths, operands: [], place };
    const pseudo = cursor.take(/\{\s*([^{}]*?)\s*\}/y)?.[1];
    if (pseudo !== undefined) {
      lengths = { ...lengths, ...named(pseudoPrefixes, pseudo, 'pseudo prefix', place) };
      continue;
    }
    const word = cursor.take(/([A-Za-z][\w.]*)(,p[tn](?!\w))?/iy);
    if (word === undefined) throw assemblyError(`expected an instruction, not '${cursor.rest.trim()}'`, place);
    const prefix = prefixByte(word[0]);
    if (prefix !== undefined) {
      prefixes.push(prefix);
      continue;
    }
    const hint = hints[(word[2] ?? '').toLowerCase()];
    if (hint !== undefined) prefixes.push(hint);
    const [name = '', ...suffixes] = (word[1] ?? '').toLowerCase().split('.');
    for (const suffix of suffixes) lengths = { ...lengths, ...named(lengthSuffixes, suffix, 'length suffix', place) };
    const branches = context.isBranch(name, place);
    lengths = { ...lengths, ...takeLengthWord(cursor) };
    const operands = takeOperands(cursor, text, { ...context, branches });
    return { prefixes, name, lengths, place, operands: dialectOf(cursor.syntax).attOrder(name, operands) };
  }
}

/** `short` in `jmp short site`. */
function takeLengthWord(cursor: Cursor): RequestedLengths {
  const { lengthWords } = dialectOf(cursor.syntax);
  const word = cursor.peek(/[a-z]+(?=\s+\S)/iy)?.[0] ?? '';
  const lengths = Object.hasOwn(lengthWords, word.toLowerCase()) ? lengthWords[word.toLowerCase()] : undefined;
  if (lengths === undefined) return {};
  cursor.takeText(word);
  return lengths;
}

function takeOperands(cursor: Cursor, { source }: SourceText, context: OperandContext): Operand[] {
  const { offset } = cursor.place;
  return splitAtCommas({ source, offset, text: cursor.rest.trim() }).map((operand) => {
    const text = operand.text.replace(/\s<[^<>]*>$/, '');
    if (text === '') throw assemblyError('an operand is missing here', operand);
    return dialectOf(source.syntax).parseOperand({ ...operand, text }, context);
  });
}

function named(
  table: Readonly<Record<string, RequestedLengths>>,
  name: string,
  what: string,
  place: SourcePlace,
): RequestedLengths {
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  if (found !== undefined) return found;
  const near = suggest(name, Object.keys(table));
  const known = `there are ${Object.keys(table).join(', ')}`;
  throw assemblyError(`unknown ${what} '${name}'`, place, near === undefined ? known : `did you mean ${near}?`);
}
