import { InputError } from '../../input-error.js';
import { checkRegisters } from './absent-registers.js';
import { encodedLength, type SelectedForm } from './encode-operands.js';
import { formsNamed } from './form-index.js';
import type { InstructionForm } from './instruction-form.js';
import { matchesKinds, matchesNumbers } from './match-form.js';
import type { ParsedInstruction } from './parse-instruction.js';
import {
  cannotEncode,
  lockError,
  memoryUnclearError,
  numbersError,
  operandsError,
  sizedNames,
  sizeUnclearError,
  unknownMnemonicError,
} from './selection-errors.js';
import type { SourcePlace } from './source-line.js';

/** What was chosen, with its length; for a branch that may still be lengthened, the short form beside the long one. */
export interface Selection {
  readonly selected: SelectedForm;
  readonly length: number;
  readonly short?: { readonly selected: SelectedForm; readonly length: number };
}

const LOCK = 0xf0;

/**
 * Whether an instruction of this name goes to its operand.
 *
 * @throws InputError when there is none, with or without a size suffix.
 */
export function isBranch(name: string, place: SourcePlace): boolean {
  const { syntax } = place.source;
  const forms = formsNamed(name, syntax);
  if (forms.length === 0 && sizedNames(name, syntax).length === 0) throw unknownMnemonicError(name, place);
  return forms.some(({ written }) => written.some(({ slot, indirect }) => indirect || slot.kind === 'branch'));
}

/**
 * Chooses the encoding that GNU as would: the shortest; of equally short ones the one with a sign-extended immediate,
 * then the one whose opcode comes first, which is the store form of `mov %rax,%rbx`. Symbols count as numbers that
 * need a full field, so the choice does not depend on where things lie; only `jmp` and `jcc` without a length have a
 * short form too.
 *
 * @throws InputError on registers of AVX-512, when no instruction of this name has these operands or these numbers, or when several of different
 * operand sizes do (GNU as warns and guesses then).
 */
export function selectForm(instruction: ParsedInstruction): Selection {
  const { operands, lengths, prefixes } = instruction;
  checkRegisters(operands);
  const ofKind = formsOfKind(instruction);
  const fitting = ofKind.filter((form) => matchesNumbers(form, operands, lengths));
  if (fitting.length === 0) throw numbersError(instruction, ofKind);
  if (prefixes.includes(LOCK) && !fitting.some((form) => form.lockable)) throw lockError(instruction);
  const candidates = measured(instruction, fitting);
  const [best] = candidates;
  if (best === undefined) throw cannotEncode(instruction, 'no encoding');
  const long = candidates.find(({ selected }) => selected.form.written.some((operand) => isLongBranch(operand.slot)));
  const isRelaxable = lengths.branch === undefined && long !== undefined && long.length > best.length;
  return isRelaxable ? { ...long, short: best } : best;
}

/** The forms that take operands of these kinds and sizes. */
function formsOfKind(instruction: ParsedInstruction): readonly InstructionForm[] {
  const { name, operands, place } = instruction;
  const { syntax } = place.source;
  const matching = (other: string) => formsNamed(other, syntax).filter((form) => matchesKinds(form, operands));
  const forms = matching(name);
  if (forms.length === 0) {
    const named = formsNamed(name, syntax);
    const sized = sizedNames(name, syntax).filter((other) => matching(other).length > 0);
    throw sized.length > 0 ? sizeUnclearError(instruction, sized) : operandsError(instruction, named);
  }
  const isOfOneSize = new Set(forms.map(({ memory }) => memory?.bytes)).size === 1;
  const clear = isOfOneSize ? forms : forms.filter(({ memory }) => memory === undefined || memory.usual);
  if (clear.length === 0) throw memoryUnclearError(instruction, forms);
  return clear;
}

const isLongBranch = (slot: InstructionForm['slots'][number]) => slot.kind === 'branch' && slot.bits === 32;

/** The candidates that can be encoded, the preferred one first. */
function measured(instruction: ParsedInstruction, forms: readonly InstructionForm[]): Selection[] {
  const { prefixes, operands, lengths } = instruction;
  const candidates: Selection[] = [];
  let problem: Error | undefined;
  for (const form of forms) {
    const selected: SelectedForm = { form, operands, prefixes, lengths };
    try {
      candidates.push({ selected, length: encodedLength(selected) });
    } catch (error) {
      if (!(error instanceof Error) || error instanceof InputError) throw error;
      problem ??= error;
    }
  }
  if (problem !== undefined && candidates.length === 0) throw cannotEncode(instruction, problem.message);
  const against = lengths.load === undefined ? () => 0 : directed(lengths.load ? 'load' : 'store');
  const differ = (penalty: (form: InstructionForm) => number, a: Selection, b: Selection) =>
    penalty(a.selected.form) - penalty(b.selected.form);
  return candidates.sort((a, b) => differ(against, a, b) || a.length - b.length || differ(extended, a, b));
}

/** 0 for a form with a sign-extended immediate. */
function extended({ written }: InstructionForm): number {
  return written.some(({ slot }) => slot.kind === 'immediate' && slot.bits < slot.extendedTo) ? 0 : 1;
}

/** 1 for a form of the other direction. */
const directed =
  (wanted: 'load' | 'store') =>
  ({ direction }: InstructionForm) =>
    direction === undefined || direction === wanted ? 0 : 1;
