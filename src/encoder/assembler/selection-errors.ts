import { suggest } from '../../suggest.js';
import type { Syntax } from '../syntax.js';
import { dialectOf, type Wording } from './dialect.js';
import { formsNamed, mnemonics } from './form-index.js';
import type { FormOperand, InstructionForm } from './instruction-form.js';
import { matchesKinds, matchingOperands } from './match-form.js';
import type { Operand } from './operand.js';
import type { ParsedInstruction } from './parse-instruction.js';
import { prefixWords } from './prefixes.js';
import { isVector, registerNameOf } from './registers.js';
import type { Slot } from './slot.js';
import { assemblyError, type SourcePlace } from './source-line.js';

/** The mnemonics that say the operand size of one which does not: `movb`, `movw`, `movl`, `movq` for `mov`. */
export function sizedNames(name: string, syntax: Syntax): readonly string[] {
  const isMnemonic = (other: string) => formsNamed(other, syntax).length > 0;
  return dialectOf(syntax).sizedNames(name, isMnemonic).filter(isMnemonic).sort();
}

/** There is no such mnemonic, with or without a size suffix. */
export function unknownMnemonicError(name: string, place: SourcePlace): Error {
  const near = suggest(name, [...mnemonics(place.source.syntax), ...prefixWords]);
  return assemblyError(`unknown mnemonic '${name}'`, place, near === undefined ? undefined : `did you mean ${near}?`);
}

/** Several operand sizes fit what is written; `ways` are names or words that tell them apart. */
export function sizeUnclearError({ name, place }: ParsedInstruction, ways: readonly string[]): Error {
  return assemblyError(`operand size of '${name}' is unclear`, place, `write ${listed([...new Set(ways)], 'or')}`);
}

/** Memory of several sizes fits what is written, and none of them is the usual one. */
export function memoryUnclearError(instruction: ParsedInstruction, forms: readonly InstructionForm[]): Error {
  const { sized } = dialectOf(instruction.place.source.syntax).wording;
  const sizes = forms.map(({ memory }) => memory?.bytes ?? 0).sort((a, b) => a - b);
  return sizeUnclearError(
    instruction,
    sizes.map((bytes) => sized('[...]', bytes)),
  );
}

/** The operands are not of the kinds that any form of the mnemonic takes. */
export function operandsError(instruction: ParsedInstruction, forms: readonly InstructionForm[]): Error {
  const { name, operands, place } = instruction;
  const { syntax } = place.source;
  const { attOrder, wording } = dialectOf(syntax);
  const starred = operands.map((operand) => (operand.kind === 'immediate' ? operand : { ...operand, indirect: true }));
  if (wording.indirect !== '' && forms.some((form) => matchesKinds(form, starred))) {
    return assemblyError(`'${name}' through a register or memory needs a *`, place, `write ${name} *...`);
  }
  if (forms.length === 0) return sizeUnclearError(instruction, sizedNames(name, syntax));
  const counts = [...new Set(forms.map((form) => form.written.length))].sort();
  if (!counts.includes(operands.length)) {
    const plural = counts.length === 1 && counts[0] === 1 ? 'operand' : 'operands';
    const message = `'${name}' takes ${listed(counts.map(String), 'or')} ${plural}, not ${operands.length}`;
    return assemblyError(message, place, stringHint(instruction) ?? formsHint(instruction, forms));
  }
  const described = attOrder(
    name,
    operands.map((operand) => describe(operand, wording)),
  );
  const message = `'${name}' does not take ${described.join(', ')}`;
  const sameCount = forms.filter((form) => form.written.length === operands.length);
  return assemblyError(message, place, stringHint(instruction) ?? formsHint(instruction, sameCount));
}

const shownForms = 6;

/** `there is paddd xmm,xmm; ...`: the forms, those that are the most like what is written first. */
function formsHint({ name, operands, place }: ParsedInstruction, forms: readonly InstructionForm[]): string {
  const { attOrder, wording } = dialectOf(place.source.syntax);
  const byLikeness = [...forms].sort((a, b) => matchingOperands(b, operands) - matchingOperands(a, operands));
  const texts = byLikeness.map((form) =>
    attOrder(
      name,
      form.written.map((operand) => operandText(operand, form, wording)),
    ).join(','),
  );
  const written = [...new Set(texts)];
  const shown = written.slice(0, shownForms).map((text) => `${name} ${text}`.trim());
  return `there is ${shown.join('; ')}${written.length > shownForms ? ', ...' : ''}`;
}

/** String instructions that have the name of an SSE2 instruction in Intel's manual. */
const strings: Readonly<Record<string, string>> = { movsd: 'movsl', cmpsd: 'cmpsl' };

/** For a `movsd` in AT&T syntax without a register, where GNU as warns and takes the string instruction. */
function stringHint({ name, operands, place }: ParsedInstruction): string | undefined {
  const isString = operands.every((operand) => operand.kind === 'address');
  const string = Object.hasOwn(strings, name) ? strings[name] : undefined;
  return place.source.syntax === 'att' && isString && string !== undefined
    ? `the string instruction is ${string} in AT&T syntax`
    : undefined;
}

/** The operands are of the right kinds, but a number does not fit, or an explicit length does not exist. */
export function numbersError(instruction: ParsedInstruction, forms: readonly InstructionForm[]): Error {
  const { name, operands, lengths, place } = instruction;
  const has = (wanted: (slot: Slot) => boolean) => forms.some((form) => form.written.some(({ slot }) => wanted(slot)));
  if (lengths.branch !== undefined && !has((slot) => slot.kind === 'branch' && slot.bits === lengths.branch)) {
    return assemblyError(`'${name}' has no form with rel${lengths.branch}`, place);
  }
  if (lengths.immediate !== undefined && !has((slot) => slot.kind === 'immediate' && slot.bits === lengths.immediate)) {
    return assemblyError(`'${name}' with these operands has no form with imm${lengths.immediate}`, place);
  }
  const immediate = operands.find((operand) => operand.kind === 'immediate');
  if (immediate === undefined) {
    const address = operands.find((operand) => operand.kind === 'address');
    return assemblyError('displacement out of range: it does not fit 32 bits', address?.place ?? place);
  }
  const widths = forms.flatMap((form) => form.written.map(({ slot }) => immediateBits(slot, lengths.immediate)));
  return assemblyError(`immediate out of range: it does not fit ${Math.max(...widths)} bits`, immediate.place);
}

function immediateBits(slot: Slot, requested: number | undefined): number {
  if (slot.kind !== 'immediate') return 0;
  return requested === undefined || requested === slot.bits ? slot.bits : 0;
}

/** LOCK before something that is no read-modify-write of memory: it would raise #UD. */
export function lockError({ name, place }: ParsedInstruction): Error {
  const hint =
    'it goes with add, or, adc, sbb, and, sub, xor, inc, dec, not, neg, bts, btr, btc, xadd, xchg and cmpxchg';
  return assemblyError(
    `lock does not go with '${name}' and these operands: it needs memory that is read and written`,
    place,
    hint,
  );
}

/** iced refuses a combination that the forms allow, for example %ah with a REX prefix. */
export function cannotEncode({ name, place }: ParsedInstruction, reason: string): Error {
  const [first = reason] = reason.replace(/^Error: /, '').split(/\. | \(/);
  return assemblyError(`'${name}' cannot be encoded with these operands: ${first}`, place);
}

function describe(operand: Operand, { register, sized }: Wording): string {
  if (operand.kind === 'immediate') return 'an immediate';
  if (operand.kind === 'register') return register(registerNameOf(operand.register));
  const memory = sized('memory', operand.size ?? 0);
  return isVector(operand.index) ? `${memory} with the index ${register(registerNameOf(operand.index))}` : memory;
}

const fileTexts: Readonly<Record<string, string>> = { gpr8: 'r8', gpr16: 'r16', gpr32: 'r32', gpr64: 'r64' };

function operandText({ slot, indirect }: FormOperand, { memory }: InstructionForm, wording: Wording): string {
  const text = slotText(slot, wording);
  const isMemory = slot.kind === 'memory' || slot.kind === 'vector memory';
  return `${indirect ? wording.indirect : ''}${isMemory ? wording.sized(text, memory?.bytes ?? 0) : text}`;
}

function slotText(slot: Slot, { register, immediate, memory }: Wording): string {
  switch (slot.kind) {
    case 'register':
      return fileTexts[slot.accepts] ?? slot.accepts;
    case 'fixed':
      return register(registerNameOf(slot.register));
    case 'memory':
    case 'vector memory':
      return 'mem';
    case 'absolute':
      return 'address';
    case 'string':
      return memory(register(registerNameOf(slot.base)));
    case 'immediate':
      return immediate(`imm${slot.bits}`);
    case 'constant':
      return immediate(String(slot.value));
    case 'branch':
      return `rel${slot.bits}`;
  }
}

function listed(words: readonly string[], conjunction: string): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`;
}
