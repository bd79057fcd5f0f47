import { Register, RegisterExt } from '../iced.js';
import { encodeForm } from './encode-form.js';
import type { Expression, Value } from './expression.js';
import type { OperandValue } from './fill-operand.js';
import { fitsImmediate, fitsSignExtended, knownNumber } from './fits.js';
import type { InstructionForm } from './instruction-form.js';
import { isNarrow, type RequestedLengths } from './match-form.js';
import type { AddressOperand, Operand } from './operand.js';
import { assemblyError, type SourcePlace } from './source-line.js';

/** A form that has been chosen, with the operands it was chosen for. Its length no longer depends on anything. */
export interface SelectedForm {
  readonly form: InstructionForm;
  readonly operands: readonly Operand[];
  readonly prefixes: readonly number[];
  readonly lengths: RequestedLengths;
}

/** Gives expressions their values. */
export type Resolve = (expression: Expression) => Value;

/**
 * The length of a chosen form. What is not known yet counts as 0; the form was chosen so that this makes no
 * difference.
 */
export function encodedLength(selected: SelectedForm): number {
  return encodeForm(selected.form, values(selected, 0n, undefined, placeholder), selected.prefixes, 0n).length;
}

const placeholder: Resolve = (expression) => ({ value: knownNumber(expression) ?? 0n, kind: 'constant' });

/**
 * The bytes of a chosen form at an address.
 *
 * @throws InputError when an immediate, a displacement or a branch distance does not fit its field.
 * @throws Error when iced cannot encode the combination.
 */
export function encodeOperands(selected: SelectedForm, address: bigint, resolve: Resolve): Uint8Array {
  const { form, prefixes, operands } = selected;
  const isRelative = form.written.some(({ slot }, i) => slot.kind === 'branch' || isRipRelative(operands[i]));
  // Distances count from the end of the instruction, so its length must be known first.
  const length = isRelative
    ? encodeForm(form, values(selected, address, undefined, resolve), prefixes, address).length
    : 0;
  const end = BigInt.asUintN(64, address + BigInt(length));
  return encodeForm(form, values(selected, address, end, resolve), prefixes, address);
}

const isRipRelative = (operand: Operand | undefined) =>
  operand?.kind === 'address' && (operand.base === Register.RIP || operand.base === Register.EIP);

/** `end` is undefined when only the length is wanted: then all distances are 0. */
function values(selected: SelectedForm, address: bigint, end: bigint | undefined, resolve: Resolve): OperandValue[] {
  return selected.form.written.map(({ slot }, i) => {
    const operand = selected.operands[i];
    if (operand === undefined) return {};
    if (operand.kind === 'register') return { register: operand.register };
    if (operand.kind === 'immediate') {
      if (slot.kind !== 'immediate') return {};
      const value = resolve(operand.value);
      if (!fitsImmediate(slot, value)) throw immediateError(slot.bits, value, operand.place);
      return { number: value.value };
    }
    if (slot.kind !== 'branch')
      return { address: addressOf(operand, slot.kind, selected.lengths, address, end, resolve) };
    if (end === undefined) return { number: address };
    const target = displacementOf(operand, resolve).value;
    if (!fitsSignExtended(target - end, slot.bits)) throw branchError(slot.bits, target - end, operand.place);
    return { number: target };
  });
}

function displacementOf(operand: AddressOperand, resolve: Resolve): Value {
  return operand.displacement === undefined ? { value: 0n, kind: 'constant' } : resolve(operand.displacement);
}

function addressOf(
  operand: AddressOperand,
  slotKind: string,
  lengths: RequestedLengths,
  address: bigint,
  end: bigint | undefined,
  resolve: Resolve,
) {
  const { base, index, scale, place } = operand;
  const common = {
    segment: segmentOverride(operand, slotKind),
    base,
    index,
    scale,
    displacementSize: displacementSize(operand, lengths),
  };
  const { value, kind } = displacementOf(operand, resolve);
  if (isRipRelative(operand)) {
    // %eip wraps around at 32 bits, so everything is in its reach.
    const width = base === Register.EIP ? 32 : 64;
    if (end === undefined) return { ...common, displacement: BigInt.asUintN(width, address) };
    // `8(%rip)` is a distance, `symbol(%rip)` means the symbol.
    const target = BigInt.asUintN(width, kind === 'constant' ? end + value : value);
    if (width === 64 && !fitsSignExtended(target - end, 32)) throw displacementError(target - end, 32, place);
    return { ...common, displacement: target };
  }
  const fits = slotKind === 'absolute' || fitsSignExtended(value, 32) || (isNarrow(operand) && value < 1n << 32n);
  if (!fits) throw displacementError(value, 32, place);
  if (lengths.displacement === 8 && !fitsSignExtended(value, 8)) throw displacementError(value, 8, place);
  return { ...common, displacement: isNarrow(operand) ? BigInt.asUintN(32, value) : value };
}

/** The segment to encode: none when it is the one that is used anyhow. */
function segmentOverride({ segment, base }: AddressOperand, slotKind: string): Register {
  // The destination of string instructions is in %es, and nowhere else.
  if (slotKind === 'string' && RegisterExt.fullRegister(base) === Register.RDI) return Register.None;
  const full = RegisterExt.fullRegister(base);
  const usesStack = full === Register.RSP || full === Register.RBP;
  return segment === (usesStack ? Register.SS : Register.DS) ? Register.None : segment;
}

function displacementSize(operand: AddressOperand, lengths: RequestedLengths): number {
  const full = isNarrow(operand) ? 4 : 8;
  if (operand.base === Register.None || isRipRelative(operand) || lengths.displacement === 32) return full;
  if (lengths.displacement === 8) return 1;
  if (operand.displacement === undefined) return 0;
  const known = knownNumber(operand.displacement);
  if (known === undefined) return full;
  const value = isNarrow(operand) ? BigInt.asIntN(32, known) : known;
  if (value === 0n) return 0;
  return fitsSignExtended(value, 8) ? 1 : full;
}

const signedHex = (value: bigint) => {
  const number = BigInt.asIntN(64, value);
  return number < 0n ? `-0x${(-number).toString(16)}` : `0x${number.toString(16)}`;
};

function immediateError(bits: number, value: Value, place: SourcePlace): Error {
  const what = value.kind === 'address' ? `address 0x${value.value.toString(16)}` : signedHex(value.value);
  const hint = value.kind === 'address' ? 'load it with lea relative to rip, or with movabs' : undefined;
  return assemblyError(`immediate out of range: ${what} does not fit ${bits} bits`, place, hint);
}

function displacementError(value: bigint, bits: number, place: SourcePlace): Error {
  return assemblyError(`displacement out of range: ${signedHex(value)} does not fit ${bits} bits`, place);
}

function branchError(bits: number, distance: bigint, place: SourcePlace): Error {
  const message = `branch target out of range: the distance ${signedHex(distance)} does not fit rel${bits}`;
  return assemblyError(message, place, bits === 8 ? 'use .rel32, or no length at all' : undefined);
}
