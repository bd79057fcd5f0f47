import { Code, Register } from '../iced.js';
import { fitsImmediate, fitsSignExtended, knownNumber } from './fits.js';
import type { FormOperand, InstructionForm } from './instruction-form.js';
import type { AddressOperand, Operand } from './operand.js';
import { isVector, registerFile } from './registers.js';
import type { ImmediateSlot, Slot } from './slot.js';

/** Lengths that the text asks for: `push.imm32`, `jmp.rel8`, `{disp32}`. */
export interface RequestedLengths {
  readonly branch?: 8 | 32;
  readonly immediate?: 8 | 16 | 32 | 64;
  readonly displacement?: 8 | 32;
  /** of two encodings of a register to register operation, the one whose destination is the register field */
  readonly load?: boolean;
}

/** Whether the written operands are of the kinds that a form takes; numbers are not looked at. */
export function matchesKinds(form: InstructionForm, operands: readonly Operand[]): boolean {
  if (form.written.length !== operands.length) return false;
  if (isExchangeWithItself(form, operands)) return false;
  return form.written.every((expected, i) => matchesOperand(form, expected, operands[i]));
}

/** How many of the written operands are what a form takes in their place. */
export function matchingOperands(form: InstructionForm, operands: readonly Operand[]): number {
  return form.written.filter((expected, i) => matchesOperand(form, expected, operands[i])).length;
}

function matchesOperand(form: InstructionForm, expected: FormOperand, operand: Operand | undefined): boolean {
  return operand !== undefined && matchesKind(expected, operand) && matchesSize(form, operand);
}

/** Whether memory is of the size that the operand says, if it says one. */
function matchesSize({ memory }: InstructionForm, operand: Operand): boolean {
  if (operand.kind !== 'address' || operand.size === undefined) return true;
  return memory !== undefined && (memory.bytes === 0 || memory.bytes === operand.size);
}

/**
 * Whether the numbers, as far as they are known already, fit the fields of a form, and the lengths are the requested.
 */
export function matchesNumbers(
  form: InstructionForm,
  operands: readonly Operand[],
  lengths: RequestedLengths,
): boolean {
  const has = (kind: Slot['kind']) => form.written.some((operand) => operand.slot.kind === kind);
  if (lengths.immediate !== undefined && !has('immediate')) return false;
  if (lengths.branch !== undefined && !has('branch')) return false;
  return form.written.every(({ slot }, i) => {
    const operand = operands[i];
    if (operand === undefined) return false;
    if (operand.kind === 'immediate') {
      if (slot.kind === 'constant') return lengths.immediate === undefined && knownNumber(operand.value) === slot.value;
      return slot.kind === 'immediate' && matchesImmediate(slot, operand.value, lengths.immediate);
    }
    if (slot.kind === 'branch') return lengths.branch === undefined || lengths.branch === slot.bits;
    if (slot.kind === 'memory' || slot.kind === 'vector memory') return operand.kind === 'address' && reaches(operand);
    return true;
  });
}

function matchesKind({ slot, indirect }: FormOperand, operand: Operand): boolean {
  const starred = operand.kind !== 'immediate' && operand.indirect;
  if (starred !== indirect) return false;
  switch (slot.kind) {
    case 'register':
      return operand.kind === 'register' && registerFile(operand.register) === slot.accepts;
    case 'fixed':
      return operand.kind === 'register' && operand.register === slot.register;
    case 'memory':
      return operand.kind === 'address' && !isVector(operand.index);
    case 'vector memory':
      return operand.kind === 'address' && registerFile(operand.index) === slot.index;
    case 'absolute':
    case 'branch':
      return operand.kind === 'address' && isBare(operand) && (slot.kind === 'absolute' || hasNoSegment(operand));
    case 'string':
      return operand.kind === 'address' && isStringAddress(operand, slot.base);
    case 'immediate':
    case 'constant':
      return operand.kind === 'immediate';
  }
}

const isBare = ({ base, index }: AddressOperand) => base === Register.None && index === Register.None;
const hasNoSegment = ({ segment }: AddressOperand) => segment === Register.None;

/** `(%rsi)` or `(%esi)`, for the destination with no segment or %es. */
function isStringAddress(operand: AddressOperand, base: Register): boolean {
  const isDestination = base === Register.RDI;
  const narrow = base - Register.RAX + Register.EAX;
  if (operand.index !== Register.None || (operand.base !== base && operand.base !== narrow)) return false;
  if (operand.displacement !== undefined && knownNumber(operand.displacement) !== 0n) return false;
  return !isDestination || operand.segment === Register.ES || operand.segment === Register.None;
}

/** 90 is no `xchg %eax,%eax`: it does not clear the upper half of %rax. */
function isExchangeWithItself(form: InstructionForm, operands: readonly Operand[]): boolean {
  if (form.code !== Code.Xchg_r32_EAX) return false;
  return operands.every((operand) => operand.kind === 'register' && operand.register === Register.EAX);
}

function matchesImmediate(
  slot: ImmediateSlot,
  expression: Parameters<typeof knownNumber>[0],
  requested: number | undefined,
): boolean {
  if (requested !== undefined && requested !== slot.bits) return false;
  const value = knownNumber(expression);
  if (value !== undefined) return fitsImmediate(slot, { value, kind: 'constant' });
  // What is not known yet gets a full field, so that the length does not depend on where things lie.
  return requested !== undefined || !(slot.bits === 8 && slot.extendedTo !== 0);
}

/** Whether a known displacement fits the 32 bits there are. */
function reaches(operand: AddressOperand): boolean {
  const value = operand.displacement === undefined ? 0n : knownNumber(operand.displacement);
  if (value === undefined || fitsSignExtended(value, 32)) return true;
  return isNarrow(operand) && value < 1n << 32n;
}

/** Whether an address is computed in 32 bits. */
export function isNarrow({ base, index }: AddressOperand): boolean {
  return registerFile(base) === 'gpr32' || registerFile(index) === 'gpr32' || base === Register.EIP;
}
