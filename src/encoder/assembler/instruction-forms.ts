import {
  Code,
  CodeExt,
  ConditionCode,
  DecoderOptions,
  type EncodingKind,
  Formatter,
  FormatterSyntax,
  type Instruction,
  MemorySizeExt,
  type OpCodeInfo,
} from '../iced.js';
import { intelMnemonic } from '../intel-mnemonic.js';
import { chosenNames, isNeverChosen, isUsualSize } from './chosen-encodings.js';
import { directionOf } from './direction.js';
import { encodingNames, type FormattedNames } from './encoding-names.js';
import type { InstructionForm, NamedForm } from './instruction-form.js';
import { pseudoOperations } from './pseudo-operations.js';
import { registerSuffix } from './register-suffix.js';
import { sampleInstruction } from './sample-instruction.js';
import { type Slot, slotsOf } from './slot.js';
import { narrowSpellings, spellings } from './spellings.js';
import { widerRegisters } from './wider-registers.js';
import { writtenOperands } from './written-operands.js';

interface Formatters {
  /** AT&T syntax without size suffixes where they are not needed */
  readonly plain: Formatter;
  /** AT&T syntax with them */
  readonly suffixed: Formatter;
  readonly intel: Formatter;
  /** one of either syntax with names for certain immediates */
  readonly pseudo: Formatter;
}

/**
 * All forms of encodings. iced's tables say what operands they take; how GNU as names them and orders their operands is
 * read off iced's formatters, by letting them print a sample of each.
 */
export function instructionForms(codes: Iterable<Code>): NamedForm[] {
  const formatters = {
    plain: new Formatter(FormatterSyntax.Gas),
    suffixed: new Formatter(FormatterSyntax.Gas),
    intel: new Formatter(FormatterSyntax.Masm),
    pseudo: new Formatter(FormatterSyntax.Gas),
  };
  for (const formatter of Object.values(formatters)) formatter.usePseudoOps = formatter === formatters.pseudo;
  formatters.suffixed.gasShowMnemonicSizeSuffix = true;
  const forms: NamedForm[] = [];
  for (const code of codes) {
    const info = CodeExt.opCode(code);
    for (const slots of shapesOf(info)) forms.push(...formsOfShape(info, slots, formatters));
    info.free();
  }
  for (const formatter of Object.values(formatters)) formatter.free();
  return forms;
}

/** The encodings of some kinds that exist in 64-bit mode and may be chosen, in iced's order. */
export function codesOf(kinds: ReadonlySet<EncodingKind>): Code[] {
  return allCodes().filter((code) => {
    const info = CodeExt.opCode(code);
    // What the decoder reads only when asked to (MPX, PCOMMIT, Cyrix' instructions) does not exist on CPUs of today.
    const exists = info.mode64 && info.isInstruction && info.decoderOption === DecoderOptions.None;
    const isOfKind = kinds.has(info.encoding);
    info.free();
    return exists && isOfKind && !isNeverChosen(code);
  });
}

/** All encodings there are, in iced's order. */
export function allCodes(): Code[] {
  return Object.values(Code).filter((value): value is Code => typeof value === 'number');
}

/** The operands of an encoding, once with a register and once with memory where it takes either; none of EVEX. */
export function shapesOf(info: OpCodeInfo): Slot[][] {
  const alternatives = Array.from({ length: info.opCount }, (_, i) => slotsOf(info.opKind(i)));
  const columns: (readonly Slot[])[] = [];
  for (const slots of alternatives) {
    if (slots === undefined) return [];
    columns.push(slots);
  }
  const width = Math.max(1, ...columns.map((slots) => slots.length));
  return Array.from({ length: width }, (_, i) =>
    columns.flatMap((slots) => slots[Math.min(i, slots.length - 1)] ?? []),
  );
}

function formsOfShape(info: OpCodeInfo, slots: readonly Slot[], formatters: Formatters): NamedForm[] {
  const sample = sampleInstruction(info.code, slots);
  try {
    return formsOfSample(info, slots, sample, formatters);
  } finally {
    sample.free();
  }
}

function formsOfSample(
  info: OpCodeInfo,
  slots: readonly Slot[],
  sample: Instruction,
  formatters: Formatters,
): NamedForm[] {
  const { code } = info;
  const formatted = formattedNames(sample, slots, formatters);
  const { bare } = formatted;
  // "rex.w lcall" and "addr32 clzero" are a prefix word and another mnemonic.
  if (bare.includes(' '))
    return narrowSpellings({ code, written: [], slots, lockable: false, direction: undefined }, bare);
  const written = writtenOperands(sample, slots, formatters.plain);
  const bytes = MemorySizeExt.size(sample.memorySize);
  const { att, intel } = encodingNames(info, formatted, isString(slots));
  const names = chosenNames(code, slots, { att: att.all, intel: intel.all });
  const sized = { att: [att.sized], intel: [intel.sized] };
  const memory = slots.some(isMemory) ? { memory: { bytes, usual: isUsualSize(info) } } : {};
  const lockable = info.canUseLockPrefix && slots.some((slot) => slot.kind === 'memory');
  const form: InstructionForm = { code, written, slots, ...memory, lockable, direction: directionOf(info) };
  return [
    { names, form },
    ...pseudoOperations({ names, form }, sample, formatters.pseudo),
    ...spellings({ names, form }, { mnemonic: info.mnemonic, addressSize: info.addressSize, bare, sized }),
    ...widened(form, bare, intel.bare),
  ];
}

function formattedNames(
  sample: Instruction,
  slots: readonly Slot[],
  { plain, suffixed, intel }: Formatters,
): FormattedNames {
  return {
    bare: plain.formatMnemonic(sample),
    sized: `${suffixed.formatMnemonic(sample)}${registerSuffix(sample.code, slots)}`,
    intel: intelMnemonic(sample.code) ?? intel.formatMnemonic(sample),
    condition: ConditionCode[sample.conditionCode] ?? '',
  };
}

const memoryKinds: ReadonlySet<Slot['kind']> = new Set(['memory', 'vector memory', 'absolute', 'string']);
const isMemory = (slot: Slot) => memoryKinds.has(slot.kind);

/** `maskmovq` has such an operand too, but registers beside it. */
function isString(slots: readonly Slot[]): boolean {
  return slots.some(({ kind }) => kind === 'string') && !slots.some(({ kind }) => kind === 'register');
}

/** The form again for each other register width that comes to the same. */
function widened(form: InstructionForm, bare: string, intel: string): NamedForm[] {
  const index = form.slots.findLastIndex((slot) => slot.kind === 'register' && slot.encodes.startsWith('gpr'));
  if (index < 0 || form.slots.some((slot) => slot.kind === 'memory')) return [];
  return (widerRegisters.get(form.code) ?? []).map(([file, suffix]) => {
    const written = form.written.map((operand) => {
      const isIt = operand.fills.includes(index) && operand.slot.kind === 'register';
      return isIt ? { ...operand, slot: { ...operand.slot, accepts: file } } : operand;
    });
    const names = { att: [bare, `${bare}${suffix}`], intel: [intel, `${intel}${suffix.replace('l', 'd')}`] };
    return { names, form: { ...form, written } };
  });
}
