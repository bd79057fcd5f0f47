import { GPR } from '../cells.js';
import { Definitions, type Form } from '../definition.js';
import { setLogicFlags, setResultFlags } from '../flags.js';
import type { Insn, Size, Value } from '../insn.js';
import { fullProduct } from './muldiv.js';

const definitions = new Definitions();
/**
 * BMI1 and BMI2: ANDN BEXTR BLSI BLSMSK BLSR BZHI MULX PDEP PEXT RORX SARX SHLX SHRX (TZCNT and LZCNT are bit scans).
 */
export const BMI = definitions.all;

const SIZES: readonly Size[] = [4, 8];
/** The last operand in memory; and the middle one, with a count, a control or a mask after it. */
const LAST_IN_MEMORY: readonly Form[] = ['rr', 'rrm'];
const SOURCE_IN_MEMORY: readonly Form[] = ['rr', 'rm'];

const bits = (i: Insn): number => 8 * i.size;
/** The low `count` bits; all of them from 64 on. */
const lowBits = (i: Insn, count: Value): Value => count.ltu(64).choose(i.constant(1).shl(count).sub(1), -1n);

/* ANDN — Logical AND NOT. DEST := NOT SRC1 AND SRC2. SF ZF by the result; OF CF cleared; AF PF undefined. */
definitions.define('andn', { forms: LAST_IN_MEMORY, sizes: SIZES, dest: 'w' }, (i) => {
  const result = i.src.read().not().and(i.third.read());
  setLogicFlags(i, i.size, result);
  i.dest.write(result);
});

/*
 * BEXTR — Bit Field Extract. START := SRC2[7:0]; LEN := SRC2[15:8]; DEST := ZeroExtend(SRC1[START+LEN-1:START]). ZF by
 * the result; OF CF cleared; AF SF PF undefined.
 */
definitions.define('bextr', { forms: SOURCE_IN_MEMORY, sizes: SIZES, dest: 'w' }, (i) => {
  const result = bitField(i, i.src.read(), i.third.read(2));
  setLogicFlags(i, i.size, result);
  i.dest.write(result);
});

/** The field of a source that a control word asks for: its start in the low byte, its length in the other. */
export function bitField(i: Insn, src: Value, control: Value): Value {
  const start = control.zext(1);
  return start
    .ltu(bits(i))
    .choose(src.shr(start), 0)
    .and(lowBits(i, control.shr(8)));
}

/* BLSI — Extract Lowest Set Isolated Bit. DEST := (-SRC) AND SRC. CF := SRC is not 0; SF ZF; OF cleared. */
definitions.define('blsi', { forms: SOURCE_IN_MEMORY, sizes: SIZES, dest: 'w' }, (i) =>
  lowestSet(
    i,
    (src) => src.neg().and(src),
    (src) => src.ne(0),
  ),
);

/* BLSMSK — Get Mask Up to Lowest Set Bit. DEST := (SRC - 1) XOR SRC. CF := SRC is 0; SF; ZF OF cleared. */
definitions.define('blsmsk', { forms: SOURCE_IN_MEMORY, sizes: SIZES, dest: 'w' }, (i) =>
  lowestSet(
    i,
    (src) => src.sub(1).xor(src),
    (src) => src.eq(0),
  ),
);

/* BLSR — Reset Lowest Set Bit. DEST := (SRC - 1) AND SRC. CF := SRC is 0; SF ZF; OF cleared. */
definitions.define('blsr', { forms: SOURCE_IN_MEMORY, sizes: SIZES, dest: 'w' }, (i) =>
  lowestSet(
    i,
    (src) => src.sub(1).and(src),
    (src) => src.eq(0),
  ),
);

function lowestSet(i: Insn, change: (src: Value) => Value, carry: (src: Value) => Value): void {
  const src = i.src.read();
  const result = change(src).zext(i.size);
  setResultFlags(i, i.size, result, carry(src), i.constant(0));
  i.dest.write(result);
}

/*
 * BZHI — Zero High Bits Starting With Specified Bit Position. N := SRC2[7:0]; DEST := SRC1[N-1:0]. CF := N is beyond
 * SRC1.
 */
definitions.define('bzhi', { forms: SOURCE_IN_MEMORY, sizes: SIZES, dest: 'w' }, (i) => {
  const src = i.src.read();
  const n = i.third.read(1);
  const result = src.and(lowBits(i, n));
  setResultFlags(i, i.size, result, n.ltu(bits(i)).xor(1), i.constant(0));
  i.dest.write(result);
});

/*
 * MULX — Unsigned Multiply Without Affecting Flags. DEST1:DEST2 := rDX * SRC; one register for both gets the high half.
 */
definitions.define('mulx', { forms: LAST_IN_MEMORY, sizes: SIZES, dest: 'w' }, (i) => {
  const { low, high } = fullProduct(i, i.register(GPR.rdx, i.size), i.third.read(), false);
  i.src.write(low);
  i.dest.write(high);
});

/* PDEP — Parallel Bits Deposit. DEST := 0; FOR m: IF MASK[m] THEN DEST[m] := SRC[k]; k := k + 1. Flags: none. */
definitions.define('pdep', { forms: LAST_IN_MEMORY, sizes: SIZES, dest: 'w' }, (i) => {
  const mask = i.third.read();
  const rest = i.variable(i.src.read());
  const dest = i.variable(0);
  i.loop(bits(i), (m) => {
    const selected = mask.bit(m);
    const bit = rest.read().and(selected).shl(m);
    dest.write(dest.read().or(bit));
    rest.write(rest.read().shr(selected));
  });
  i.dest.write(dest.read());
});

/* PEXT — Parallel Bits Extract. DEST := 0; FOR m: IF MASK[m] THEN DEST[k] := SRC[m]; k := k + 1. Flags: none. */
definitions.define('pext', { forms: LAST_IN_MEMORY, sizes: SIZES, dest: 'w' }, (i) => {
  const mask = i.third.read();
  const src = i.src.read();
  const dest = i.variable(0);
  const k = i.variable(0);
  i.loop(bits(i), (m) => {
    const selected = mask.bit(m);
    dest.write(dest.read().or(src.bit(m).and(selected).shl(k.read())));
    k.write(k.read().add(selected));
  });
  i.dest.write(dest.read());
});

/** The count, as for the shifts that have flags: modulo 32, or 64 with 64-bit operands. */
const countOf = (i: Insn): Value => i.third.read(1).and(bits(i) - 1);

/* RORX — Rotate Right Logical Without Affecting Flags. */
definitions.define('rorx', { forms: SOURCE_IN_MEMORY, sizes: SIZES, dest: 'w' }, (i) => {
  const src = i.src.read();
  const count = countOf(i);
  // Two shifts to the left, so that a rotation by 0 shifts by the operand's size and not by 0 modulo 64.
  const wrapped = src.shl(1).shl(i.constant(bits(i) - 1).sub(count));
  i.dest.write(src.shr(count).or(wrapped));
});

/* SARX/SHLX/SHRX — Shift Without Affecting Flags. */
const SHIFTS: Readonly<Record<string, (i: Insn, src: Value, count: Value) => Value>> = {
  sarx: (i, src, count) => src.sext(i.size).sar(count),
  shlx: (_, src, count) => src.shl(count),
  shrx: (_, src, count) => src.shr(count),
};
for (const [name, shift] of Object.entries(SHIFTS)) {
  definitions.define(name, { forms: SOURCE_IN_MEMORY, sizes: SIZES, dest: 'w' }, (i) =>
    i.dest.write(shift(i, i.src.read(), countOf(i))),
  );
}
