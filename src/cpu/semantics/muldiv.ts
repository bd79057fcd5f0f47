import { GPR } from '../cells.js';
import { BWLQ, Definitions, ONE_OPERAND, WLQ } from '../definition.js';
import { setResultFlags } from '../flags.js';
import type { Insn, Size, Value } from '../insn.js';
import { VECTOR } from '../vector.js';

const definitions = new Definitions();
/** Multiplication and division: MUL IMUL DIV IDIV. */
export const MULDIV = definitions.all;

/** The double-width product of two operands of `size` bytes, as a low and a high half. */
export function fullProduct(i: Insn, a: Value, b: Value, signed: boolean): { low: Value; high: Value } {
  const x = signed ? a.sext(i.size) : a;
  const y = signed ? b.sext(i.size) : b;
  const low = x.mul(y);
  if (i.size === 8) return { low, high: highProduct(x, y, signed) };
  return { low: low.zext(i.size), high: (signed ? low.sar(8 * i.size) : low.shr(8 * i.size)).zext(i.size) };
}

/** High 64 bits of a 64-by-64-bit product, from the products of 32-bit halves. */
function highProduct(a: Value, b: Value, signed: boolean): Value {
  const low = (v: Value): Value => v.and(0xffffffff);
  const high = (v: Value): Value => (signed ? v.sar(32) : v.shr(32));
  const middle = high(a)
    .mul(low(b))
    .add(low(a).mul(low(b)).shr(32));
  return high(a)
    .mul(high(b))
    .add(high(middle))
    .add(high(low(a).mul(high(b)).add(low(middle))));
}

/** Where MUL, IMUL, DIV and IDIV keep a double-width value: AX for bytes, else rDX:rAX. */
function writeDouble(i: Insn, low: Value, high: Value): void {
  if (i.size === 1) {
    i.setRegister(GPR.rax, low.or(high.shl(8)), 2);
    return;
  }
  i.setRegister(GPR.rax, low, i.size);
  i.setRegister(GPR.rdx, high, i.size);
}

/* MUL — Unsigned Multiply. rDX:rAX := rAX * SRC. OF CF := high half is not 0. SF ZF AF PF undefined. */
definitions.define('mul', { forms: ONE_OPERAND, sizes: BWLQ, dest: 'r' }, (i) => {
  const { low, high } = fullProduct(i, i.register(GPR.rax, i.size), i.dest.read(), false);
  const carry = high.ne(0);
  setResultFlags(i, i.size, low, carry, carry);
  writeDouble(i, low, high);
});

/* IMUL — Signed Multiply, one operand. rDX:rAX := rAX * SRC. OF CF := the product does not fit rAX. */
definitions.define('imul', { forms: ONE_OPERAND, sizes: BWLQ, dest: 'r' }, (i) => {
  const { low, high } = fullProduct(i, i.register(GPR.rax, i.size), i.dest.read(), true);
  const overflow = overflows(i.size, low, high);
  setResultFlags(i, i.size, low, overflow, overflow);
  writeDouble(i, low, high);
});

/* IMUL, two operands. DEST := DEST * SRC, truncated. OF CF := the product does not fit DEST. */
definitions.define('imul', { forms: ['rr', 'rm'], sizes: WLQ }, (i) => multiplyInto(i, i.dest.read(), i.src.read()));

/* IMUL, three operands. DEST := SRC1 * SRC2 (immediate), truncated. */
definitions.define('imul3', { forms: ['rr', 'rm'], sizes: WLQ, dest: 'w' }, (i) =>
  multiplyInto(i, i.src.read(), i.third.read()),
);

function multiplyInto(i: Insn, a: Value, b: Value): void {
  const { low, high } = fullProduct(i, a, b, true);
  const overflow = overflows(i.size, low, high);
  setResultFlags(i, i.size, low, overflow, overflow);
  i.dest.write(low);
}

function overflows(size: Size, low: Value, high: Value): Value {
  return high.ne(low.sext(size).sar(63).zext(size));
}

/* DIV — Unsigned Divide. rAX := rDX:rAX / SRC; rDX := remainder. #DE on 0 and when the quotient does not fit. */
definitions.define('div', { forms: ONE_OPERAND, sizes: BWLQ, dest: 'r' }, (i) => divide(i, 'unsigned'));

/* IDIV — Signed Divide, truncating towards 0. #DE on 0 and when the quotient does not fit. */
definitions.define('idiv', { forms: ONE_OPERAND, sizes: BWLQ, dest: 'r' }, (i) => divide(i, 'signed'));

function divide(i: Insn, kind: 'unsigned' | 'signed'): void {
  const { size } = i;
  const signed = kind === 'signed';
  const extend = (v: Value): Value => (signed ? v.sext(size) : v);
  const divisor = extend(i.dest.read());
  i.when(divisor.eq(0), () => i.fault(VECTOR.de));
  const { high, low } = dividend(i, signed);
  const { quotient, remainder, overflow } = i.divide(high, low, divisor, kind);
  i.when(overflow.or(extend(quotient.zext(size)).ne(quotient)), () => i.fault(VECTOR.de));
  if (size === 1) {
    i.setRegister(GPR.rax, quotient.zext(1).or(remainder.zext(1).shl(8)), 2);
    return;
  }
  i.setRegister(GPR.rax, quotient, size);
  i.setRegister(GPR.rdx, remainder, size);
}

/** The double-width dividend extended to 128 bits. */
function dividend(i: Insn, signed: boolean): { high: Value; low: Value } {
  if (i.size === 8) return { high: i.register(GPR.rdx), low: i.register(GPR.rax) };
  const whole =
    i.size === 1
      ? i.register(GPR.rax, 2)
      : i
          .register(GPR.rdx, i.size)
          .shl(8 * i.size)
          .or(i.register(GPR.rax, i.size));
  const low = signed && i.size < 4 ? whole.sext(i.size === 1 ? 2 : 4) : whole;
  return { low, high: signed ? low.sar(63) : i.constant(0) };
}
