import { BWLQ, Definitions, type Form, WLQ } from '../definition.js';
import { cf, setCfOf, setResultFlags } from '../flags.js';
import type { Insn, Size, Value } from '../insn.js';

const definitions = new Definitions();
/** Shifts and rotates: SHL SAL SHR SAR ROL ROR RCL RCR SHLD SHRD. */
export const SHIFT = definitions.all;

const FORMS: readonly Form[] = ['rr', 'mr'];
const bits = (size: Size): number => 8 * size;
const signBit = (size: Size, value: Value): Value => value.bit(bits(size) - 1);

/** The count: CL or an immediate byte, masked to 5 bits (6 with 64-bit operands). */
const countOf = (i: Insn, operand = i.src): Value => operand.read(1).and(i.size === 8 ? 0x3f : 0x1f);

/** Does the shift unless the count is 0: then nothing changes, but that a 32-bit register's high half is cleared. */
function unlessZero(i: Insn, dest: Value, count: Value, shift: () => void): void {
  i.when(count.ne(0), shift, i.size === 4 && !i.dest.inMemory ? () => i.dest.write(dest) : undefined);
}

/* SHL/SAL — Shift Left. CF := last bit shifted out; OF := MSB(DEST) xor CF (defined for count 1). AF undefined. */
for (const name of ['shl', 'sal']) {
  definitions.define(name, { forms: FORMS, sizes: BWLQ }, (i) => {
    const dest = i.dest.read();
    const count = countOf(i);
    unlessZero(i, dest, count, () => {
      const result = dest.shl(count).zext(i.size);
      // For 8 and 16 bits the count may pass the operand's size; the shift below then reads a bit above it: 0.
      const carry = i.size === 8 ? dest.shr(i.constant(64).sub(count)).and(1) : dest.shl(count).bit(bits(i.size));
      setResultFlags(i, i.size, result, carry, signBit(i.size, result).xor(carry));
      i.dest.write(result);
    });
  });
}

/* SHR — Shift Right. CF := last bit shifted out; OF := MSB of the original operand. AF undefined. */
definitions.define('shr', { forms: FORMS, sizes: BWLQ }, (i) => {
  const dest = i.dest.read();
  const count = countOf(i);
  unlessZero(i, dest, count, () => {
    const result = dest.shr(count);
    setResultFlags(i, i.size, result, dest.bit(count.sub(1)), signBit(i.size, dest));
    i.dest.write(result);
  });
});

/* SAR — Shift Arithmetic Right. CF := last bit shifted out; OF := 0. AF undefined. */
definitions.define('sar', { forms: FORMS, sizes: BWLQ }, (i) => {
  const dest = i.dest.read().sext(i.size);
  const count = countOf(i);
  unlessZero(i, dest, count, () => {
    const result = dest.sar(count).zext(i.size);
    setResultFlags(i, i.size, result, dest.sar(count.sub(1)).and(1), i.constant(0));
    i.dest.write(result);
  });
});

/* ROL — Rotate Left. CF := LSB(DEST); OF := MSB(DEST) xor CF. SF ZF AF PF are not affected. */
definitions.define('rol', { forms: FORMS, sizes: BWLQ }, (i) => {
  const dest = i.dest.read();
  const count = countOf(i);
  unlessZero(i, dest, count, () => {
    const result = rotateLeft(i, dest, count);
    const carry = result.and(1);
    setCfOf(i, carry, signBit(i.size, result).xor(carry));
    i.dest.write(result);
  });
});

/* ROR — Rotate Right. CF := MSB(DEST); OF := MSB(DEST) xor MSB-1(DEST). SF ZF AF PF are not affected. */
definitions.define('ror', { forms: FORMS, sizes: BWLQ }, (i) => {
  const dest = i.dest.read();
  const count = countOf(i);
  unlessZero(i, dest, count, () => {
    const result = rotateLeft(i, dest, count.neg());
    const carry = signBit(i.size, result);
    setCfOf(i, carry, carry.xor(result.bit(bits(i.size) - 2)));
    i.dest.write(result);
  });
});

function rotateLeft(i: Insn, value: Value, count: Value): Value {
  const by = count.and(bits(i.size) - 1);
  // Two shifts on the right, so that a rotation by 0 shifts by the operand's size and not by 0 modulo 64.
  return value
    .shl(by)
    .or(value.shr(1).shr(i.constant(bits(i.size) - 1).sub(by)))
    .zext(i.size);
}

/* RCL — Rotate Left Through Carry: CF:DEST is rotated by COUNT modulo (SIZE + 1). OF := MSB(DEST) xor CF. */
definitions.define('rcl', { forms: FORMS, sizes: BWLQ }, (i) => {
  const dest = i.dest.read();
  const count = countThroughCarry(i);
  unlessZero(i, dest, count, () => {
    const rest = i.constant(bits(i.size)).sub(count);
    const result = dest
      .shl(count)
      .or(cf(i).shl(count.sub(1)))
      .or(dest.shr(1).shr(rest))
      .zext(i.size);
    const carry = dest.bit(rest);
    setCfOf(i, carry, signBit(i.size, result).xor(carry));
    i.dest.write(result);
  });
});

/* RCR — Rotate Right Through Carry: CF:DEST is rotated by COUNT modulo (SIZE + 1). OF := MSB(DEST) xor MSB-1(DEST). */
definitions.define('rcr', { forms: FORMS, sizes: BWLQ }, (i) => {
  const dest = i.dest.read();
  const count = countThroughCarry(i);
  unlessZero(i, dest, count, () => {
    const rest = i.constant(bits(i.size)).sub(count);
    const result = dest.shr(count).or(cf(i).shl(rest)).or(dest.shl(1).shl(rest)).zext(i.size);
    setCfOf(i, dest.bit(count.sub(1)), signBit(i.size, result).xor(result.bit(bits(i.size) - 2)));
    i.dest.write(result);
  });
});

/** The masked count modulo SIZE + 1; only 8 and 16 bits need the modulo. */
function countThroughCarry(i: Insn): Value {
  const count = countOf(i);
  const modulus = bits(i.size) + 1;
  let reduced = count;
  for (let multiple = modulus; multiple <= 31 && i.size < 4; multiple += modulus) {
    reduced = reduced.sub(count.ltu(multiple).xor(1).mul(modulus));
  }
  return reduced;
}

/*
 * SHLD — Double Precision Shift Left. DEST := high half of DEST:SRC << COUNT. CF := last bit out; OF := sign changed.
 */
definitions.define('shld', { forms: FORMS, sizes: WLQ }, (i) => {
  const dest = i.dest.read();
  const src = i.src.read();
  const count = countOf(i, i.third);
  unlessZero(i, dest, count, () => {
    const rest = i.constant(bits(i.size)).sub(count);
    const result = dest.shl(count).or(src.shr(rest)).zext(i.size);
    setResultFlags(i, i.size, result, dest.bit(rest), signBit(i.size, result.xor(dest)));
    i.dest.write(result);
  });
});

/*
 * SHRD — Double Precision Shift Right. DEST := low half of SRC:DEST >> COUNT. CF := last bit out; OF := sign changed.
 */
definitions.define('shrd', { forms: FORMS, sizes: WLQ }, (i) => {
  const dest = i.dest.read();
  const src = i.src.read();
  const count = countOf(i, i.third);
  unlessZero(i, dest, count, () => {
    const rest = i.constant(bits(i.size)).sub(count);
    const result = dest.shr(count).or(src.shl(rest)).zext(i.size);
    setResultFlags(i, i.size, result, dest.bit(count.sub(1)), signBit(i.size, result.xor(dest)));
    i.dest.write(result);
  });
});
