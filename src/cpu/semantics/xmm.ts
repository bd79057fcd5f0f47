import { CR0, CR4 } from '../cells.js';
import { Definitions, type Shape } from '../definition.js';
import type { Insn, Operand, Size, Value, Xmm } from '../insn.js';
import { VECTOR } from '../vector.js';
import { begun } from './begun-registers.js';

/** Definitions of instructions on XMM registers: each begins with what the manual's exception class 4 says. */
export class XmmDefinitions extends Definitions {
  /** #UD if CR0.EM = 1 or CR4.OSFXSR = 0; #NM if CR0.TS = 1 (SDM Vol. 2A, "Exception Conditions of Legacy SSE"). */
  override define(name: string, shape: Shape, meaning: (i: Insn) => void): void {
    super.define(name, shape, (i) => {
      const cr0 = begun(i, 'cr0');
      i.when(cr0.and(CR0.em), () => i.fault(VECTOR.ud));
      i.when(begun(i, 'cr4').and(CR4.osfxsr).eq(0), () => i.fault(VECTOR.ud));
      i.when(cr0.and(CR0.ts), () => i.fault(VECTOR.nm));
      meaning(i);
    });
  }
}

/** An operand of 128 bits that has to be aligned where it is in memory: #GP(0) otherwise. */
export function readAligned(i: Insn, operand: Operand): Xmm {
  requireAligned(i, operand);
  return operand.readXmm();
}

export function writeAligned(i: Insn, operand: Operand, value: Xmm): void {
  requireAligned(i, operand);
  operand.writeXmm(value);
}

function requireAligned(i: Insn, operand: Operand): void {
  if (operand.inMemory) i.when(i.linearAddress().and(15), () => i.fault(VECTOR.gp, 0));
}

/** Makes each lane of `size` bytes of the same lanes of two others, which `lane` gets zero-extended. */
export function eachLane(i: Insn, size: Size, a: Xmm, b: Xmm, lane: (x: Value, y: Value) => Value): Xmm {
  const half = (x: Value, y: Value): Value =>
    inLanes(i, size, (shift) => lane(x.shr(shift).zext(size), y.shr(shift).zext(size)));
  return { low: half(a.low, b.low), high: half(a.high, b.high) };
}

/** 64 bits made of lanes of `size` bytes; `lane` is told at which bit the lane begins. */
export function inLanes(i: Insn, size: Size, lane: (shift: Value) => Value): Value {
  if (size === 8) return lane(i.constant(0));
  const half = i.variable(0);
  i.loop(8 / size, (n) => {
    const shift = n.mul(8 * size);
    half.write(half.read().or(lane(shift).zext(size).shl(shift)));
  });
  return half.read();
}

/** The nearest value that a lane of `size` bytes holds (the manual's SaturateToSigned..., SaturateToUnsigned...). */
export function saturate(i: Insn, size: 1 | 2, kind: 'signed' | 'unsigned', value: Value): Value {
  const bits = 8 * size;
  const [least, most] = kind === 'signed' ? [-(1 << (bits - 1)), (1 << (bits - 1)) - 1] : [0, (1 << bits) - 1];
  return value.lts(least).choose(least, i.constant(most).lts(value).choose(most, value));
}
