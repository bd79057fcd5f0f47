import { evaluate } from './evaluate.js';
import type { Expression, Scope, Value } from './expression.js';
import type { ImmediateSlot } from './slot.js';

const inRange = (value: bigint, low: bigint, high: bigint) => low <= value && value <= high;
const fitsSigned = (value: bigint, bits: number) => BigInt.asIntN(bits, value) === value;

/** Whether a 64-bit value is within -2^(bits-1) to 2^bits-1: it is the same field read as signed or as unsigned. */
export function fitsField(value: bigint, bits: number): boolean {
  return inRange(BigInt.asIntN(64, value), -(1n << BigInt(bits - 1)), (1n << BigInt(bits)) - 1n) || bits === 64;
}

/** Whether a 64-bit value is a sign-extended number of so many bits. */
export function fitsSignExtended(value: bigint, bits: number): boolean {
  return fitsSigned(BigInt.asIntN(64, value), bits);
}

/**
 * Whether an immediate field can hold a value. A number may be written signed or unsigned (`$-1` and `$255` are the
 * same byte). An address must not be cut: `mov $site,%eax` is refused for a kernel address, as by the linker.
 */
export function fitsImmediate(slot: ImmediateSlot, value: Value): boolean {
  if (slot.bits === 64) return true;
  if (slot.extendedTo === 0) {
    return value.kind === 'constant' ? fitsField(value.value, slot.bits) : value.value < 1n << BigInt(slot.bits);
  }
  if (!fitsField(value.value, slot.extendedTo)) return false;
  return fitsSigned(BigInt.asIntN(slot.extendedTo, value.value), slot.bits);
}

const nowhere: Scope = { symbol: () => undefined, here: { value: 0n, kind: 'mixed' } };

/** The value of an expression in which no symbol is left, modulo 2^64. */
export function knownNumber(expression: Expression): bigint | undefined {
  const value =
    expression.kind === 'number' ? { value: expression.value, kind: 'constant' } : evaluate(expression, nowhere);
  return value?.kind === 'constant' ? value.value : undefined;
}
