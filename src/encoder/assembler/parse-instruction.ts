import { suggest } from '../../suggest.js';
import { Cursor, splitAtCommas } from './cursor.js';
import type { RequestedLengths } from './match-form.js';
import type { Operand } from './operand.js';
import type { LocalLabels } from './parse-expression.js';
import { parseOperand } from './parse-operand.js';
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

/**
 * Takes an instruction statement apart: prefix words, pseudo prefixes, mnemonic with explicit lengths, operands.
 * Whether such an instruction exists is not looked at, except that `checkName` sees the mnemonic before its operands
 * are read, so that it can complain of a word that is none.
 *
 * @throws InputError where the text cannot be read.
 */
export function parseInstruction(
  text: SourceText,
  locals: LocalLabels,
  checkName: (name: string, place: SourcePlace) => void,
): ParsedInstruction {
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
    checkName(name, place);
    const { offset } = cursor.place;
    const operands = splitAtCommas({ source: text.source, offset, text: cursor.rest.trim() });
    return { prefixes, name, lengths, place, operands: operands.map((operand) => parseOperand(operand, locals)) };
  }
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
