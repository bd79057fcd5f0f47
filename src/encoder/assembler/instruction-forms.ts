import {
  Code,
  CodeExt,
  CodeSize,
  ConditionCode,
  DecoderOptions,
  type EncodingKind,
  Formatter,
  FormatterSyntax,
  Instruction,
  MemorySizeExt,
  Mnemonic,
  type OpCodeInfo,
  Register,
} from 'iced-x86';
import { intelMnemonic } from '../intel-mnemonic.js';
import { isNeverChosen, isRegisterOnly } from './chosen-encodings.js';
import { encodingNames, type FormattedNames, hasUsualSize } from './encoding-names.js';
import { fillOperand } from './fill-operand.js';
import type { FormOperand, InstructionForm, NamedForm } from './instruction-form.js';
import { registerByName, registerFile, registersOf } from './registers.js';
import { type Slot, slotsOf } from './slot.js';
import { spellings } from './spellings.js';
import { widerRegisters } from './wider-registers.js';

interface Formatters {
  /** AT&T syntax without size suffixes where they are not needed */
  readonly plain: Formatter;
  /** AT&T syntax with them */
  readonly suffixed: Formatter;
  readonly intel: Formatter;
}

/**
 * All forms of the instructions that exist in 64-bit mode with one of the given encodings. iced's tables say which
 * there are and what operands they take; how GNU as names them and orders their operands is read off iced's formatters,
 * by letting them print a sample of each.
 */
export function instructionForms(encodings: ReadonlySet<EncodingKind>): NamedForm[] {
  const plain = new Formatter(FormatterSyntax.Gas);
  const suffixed = new Formatter(FormatterSyntax.Gas);
  const intel = new Formatter(FormatterSyntax.Masm);
  for (const formatter of [plain, suffixed, intel]) formatter.usePseudoOps = false;
  suffixed.gasShowMnemonicSizeSuffix = true;
  const forms: NamedForm[] = [];
  for (const code of allCodes()) {
    const info = CodeExt.opCode(code);
    // What the decoder reads only when asked to (MPX, PCOMMIT, Cyrix' instructions) does not exist on CPUs of today.
    const exists = info.mode64 && info.isInstruction && info.decoderOption === DecoderOptions.None;
    const wanted = exists && encodings.has(info.encoding) && !isNeverChosen(code);
    if (wanted) for (const slots of shapes(info)) forms.push(...formsOfShape(info, slots, { plain, suffixed, intel }));
    info.free();
  }
  for (const formatter of [plain, suffixed, intel]) formatter.free();
  return forms;
}

function allCodes(): Code[] {
  return Object.values(Code).filter((value): value is Code => typeof value === 'number');
}

/** The operands of an encoding, once with a register and once with memory where it takes either. */
function shapes(info: OpCodeInfo): Slot[][] {
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

function directionOf(info: OpCodeInfo): InstructionForm['direction'] {
  if (info.opCount !== 2) return undefined;
  const [destination, source] = [slotsOf(info.op0Kind), slotsOf(info.op1Kind)].map((slots) => slots?.length ?? 0);
  if (source === 2) return 'load';
  return destination === 2 ? 'store' : undefined;
}

function formsOfShape(info: OpCodeInfo, slots: readonly Slot[], formatters: Formatters): NamedForm[] {
  const { code } = info;
  const sample = sampleInstruction(code, slots);
  const formatted = formattedNames(sample, formatters);
  const written = writtenOperands(sample, slots, formatters.plain);
  const bytes = MemorySizeExt.size(sample.memorySize);
  sample.free();
  const { bare } = formatted;
  // "rex.w lcall" and "addr32 clzero" are a prefix word and another mnemonic.
  if (bare.includes(' ') || isRegisterOnly(code, slots)) return [];
  const { att, intel } = encodingNames(info, formatted, slots.some((slot) => slot.kind === 'string'));
  const names = { att: att.all, intel: intel.all };
  const sized = { att: [att.sized], intel: [intel.sized] };
  const memory = slots.some(isMemory) ? { memory: { bytes, usual: hasUsualSize(info) } } : {};
  const lockable = info.canUseLockPrefix && slots.some((slot) => slot.kind === 'memory');
  const form: InstructionForm = { code, written, slots, ...memory, lockable, direction: directionOf(info) };
  return [
    { names, form },
    ...spellings({ names, form }, { mnemonic: info.mnemonic, addressSize: info.addressSize, bare, sized }),
    ...widened(form, bare, intel.bare),
  ];
}

function formattedNames(sample: Instruction, { plain, suffixed, intel }: Formatters): FormattedNames {
  return {
    bare: plain.formatMnemonic(sample),
    sized: suffixed.formatMnemonic(sample),
    intel: intelMnemonic(sample.code) ?? intel.formatMnemonic(sample),
    condition: ConditionCode[sample.conditionCode] ?? '',
  };
}

const memoryKinds: ReadonlySet<Slot['kind']> = new Set(['memory', 'vector memory', 'absolute', 'string']);
const isMemory = (slot: Slot) => memoryKinds.has(slot.kind);

function sampleInstruction(code: Code, slots: readonly Slot[]): Instruction {
  const sample = new Instruction();
  sample.code = code;
  sample.codeSize = CodeSize.Code64;
  for (const [index, slot] of slots.entries()) {
    if (slot.kind === 'register') {
      // Different registers, none of them with a short form or a meaning of its own.
      fillOperand(sample, index, slot, { register: registersOf(slot.encodes)[1 + index] ?? Register.None });
    } else if (slot.kind === 'vector memory') {
      const vector = registersOf(slot.index)[6] ?? Register.None;
      fillOperand(sample, index, slot, { address: { ...sampleAddress, index: vector } });
    } else if (slot.kind === 'memory' || slot.kind === 'absolute') {
      fillOperand(sample, index, slot, { address: sampleAddress });
    } else {
      fillOperand(sample, index, slot, {});
    }
  }
  return sample;
}

const sampleAddress = {
  segment: Register.None,
  base: Register.RDX,
  index: Register.None,
  scale: 1,
  displacement: 0n,
  displacementSize: 0,
};

const bareName = (text: string) => text.replace(/^\*?%/, '');

/** What the AT&T formatter prints as operands, in its order. */
function writtenOperands(sample: Instruction, slots: readonly Slot[], formatter: Formatter): FormOperand[] {
  return Array.from({ length: formatter.operandCount(sample) }, (_, position) => {
    const text = formatter.formatOperand(sample, position);
    // iced prints the operands of `enter` in its own order, but says that it swaps them.
    const isEnter = sample.mnemonic === Mnemonic.Enter;
    const index = isEnter ? position : formatter.getInstructionOperand(sample, position);
    const slot = index === undefined ? undefined : slots[index];
    const indirect = text.startsWith('*');
    if (index === undefined || slot === undefined) {
      const register = registerByName(bareName(text)) ?? Register.None;
      return { slot: { kind: 'fixed', register }, fills: [], indirect };
    }
    return { slot: asPrinted(slot, text), fills: [index], indirect };
  });
}

/** A register slot takes the width that is printed: `lldt %cx`, though the encoding has a 32-bit operand. */
function asPrinted(slot: Slot, text: string): Slot {
  if (slot.kind !== 'register') return slot;
  const register = registerByName(bareName(text));
  const accepts = register === undefined ? undefined : registerFile(register);
  return accepts === undefined ? slot : { ...slot, accepts };
}

/** The form again for each other register width that comes to the same. */
function widened(form: InstructionForm, bare: string, intel: string): NamedForm[] {
  const index = form.slots.findLastIndex((slot) => slot.kind === 'register' && slot.encodes !== 'segment');
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
