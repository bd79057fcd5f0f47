import type { Form, Shape } from '../definition.js';
import type { Insn, Size, Value, Xmm } from '../insn.js';
import { eachLane, readAligned, saturate, XmmDefinitions } from './xmm.js';

const definitions = new XmmDefinitions();
/** Integer arithmetic, comparison and logic on XMM registers (SSE, SSE2). */
export const XMM_ARITHMETIC = definitions.all;

const FORMS: readonly Form[] = ['rr', 'rm'];
const SHAPE: Shape = { forms: FORMS, sizes: [8] };

/** DEST := result(DEST, SRC). */
function define(name: string, result: (i: Insn, dest: Xmm, src: Xmm) => Xmm): void {
  definitions.define(name, SHAPE, (i) => {
    const src = readAligned(i, i.src);
    i.dest.writeXmm(result(i, i.dest.readXmm(), src));
  });
}

/** FOR each lane: DEST[n] := lane(DEST[n], SRC[n]). */
function defineLanes(name: string, size: Size, lane: (dest: Value, src: Value, i: Insn) => Value): void {
  define(name, (i, dest, src) => eachLane(i, size, dest, src, (x, y) => lane(x, y, i)));
}

type Lane = 1 | 2 | 4 | 8;
const LETTER = { 1: 'b', 2: 'w', 4: 'd', 8: 'q' } as const;
const BYTES_WORDS = [1, 2] as const;

/* PAND, PANDN, POR, PXOR and ANDPS, ANDPD ... — Logical Operations. */
const LOGIC: Readonly<Record<string, (dest: Value, src: Value) => Value>> = {
  and: (dest, src) => dest.and(src),
  andn: (dest, src) => dest.not().and(src),
  or: (dest, src) => dest.or(src),
  xor: (dest, src) => dest.xor(src),
};
for (const [name, operation] of Object.entries(LOGIC)) {
  for (const mnemonic of [`p${name}`, `${name}ps`, `${name}pd`]) defineLanes(mnemonic, 8, operation);
}

/* PADDB, PADDW, PADDD, PADDQ; PSUBB ... — Add, Subtract Packed Integers. */
for (const size of [1, 2, 4, 8] satisfies Lane[]) {
  defineLanes(`padd${LETTER[size]}`, size, (dest, src) => dest.add(src));
  defineLanes(`psub${LETTER[size]}`, size, (dest, src) => dest.sub(src));
}

/* PADDSB, PADDSW, PADDUSB, PADDUSW; PSUBSB ... — Add, Subtract with Signed, Unsigned Saturation. */
for (const size of BYTES_WORDS) {
  const letter = LETTER[size];
  const signed = (value: Value): Value => value.sext(size);
  defineLanes(`padds${letter}`, size, (dest, src, i) => saturate(i, size, 'signed', signed(dest).add(signed(src))));
  defineLanes(`psubs${letter}`, size, (dest, src, i) => saturate(i, size, 'signed', signed(dest).sub(signed(src))));
  defineLanes(`paddus${letter}`, size, (dest, src, i) => saturate(i, size, 'unsigned', dest.add(src)));
  defineLanes(`psubus${letter}`, size, (dest, src, i) => saturate(i, size, 'unsigned', dest.sub(src)));
}

/* PAVGB, PAVGW — Average Packed Integers. DEST := (DEST + SRC + 1) >> 1. */
for (const size of BYTES_WORDS) {
  defineLanes(`pavg${LETTER[size]}`, size, (dest, src) => dest.add(src).add(1).shr(1));
}

/* PMINUB, PMAXUB, PMINSW, PMAXSW — Minimum, Maximum of Packed Integers. */
defineLanes('pminub', 1, (dest, src) => dest.ltu(src).choose(dest, src));
defineLanes('pmaxub', 1, (dest, src) => src.ltu(dest).choose(dest, src));
defineLanes('pminsw', 2, (dest, src) => dest.sext(2).lts(src.sext(2)).choose(dest, src));
defineLanes('pmaxsw', 2, (dest, src) => src.sext(2).lts(dest.sext(2)).choose(dest, src));

/* PCMPEQB ..., PCMPGTB ... — Compare Packed Data for Equal, Packed Signed Integers for Greater Than: all ones or 0. */
for (const size of [1, 2, 4] as const) {
  defineLanes(`pcmpeq${LETTER[size]}`, size, (dest, src) => dest.eq(src).neg());
  defineLanes(`pcmpgt${LETTER[size]}`, size, (dest, src) => src.sext(size).lts(dest.sext(size)).neg());
}

/* PMULLW, PMULHW, PMULHUW — Multiply Packed Integers and Store the Low, the High Result. */
defineLanes('pmullw', 2, (dest, src) => dest.mul(src));
defineLanes('pmulhw', 2, (dest, src) => dest.sext(2).mul(src.sext(2)).shr(16));
defineLanes('pmulhuw', 2, (dest, src) => dest.mul(src).shr(16));

/* PMULUDQ — Multiply Packed Unsigned Doubleword Integers: the even ones, to quadwords. */
defineLanes('pmuludq', 8, (dest, src) => dest.zext(4).mul(src.zext(4)));

/* PMADDWD — Multiply and Add Packed Integers: signed words, the products of neighbours added. */
defineLanes('pmaddwd', 4, (dest, src) => {
  const low = dest.sext(2).mul(src.sext(2));
  const high = dest.shr(16).sext(2).mul(src.shr(16).sext(2));
  return low.add(high);
});

/* PSADBW — Compute Sum of Absolute Differences, of the eight unsigned bytes of each half. */
define('psadbw', (i, dest, src) => {
  const half = (x: Value, y: Value): Value => {
    const sum = i.variable(0);
    i.loop(8, (n) => {
      const [a, b] = [x.shr(n.mul(8)).zext(1), y.shr(n.mul(8)).zext(1)];
      sum.write(sum.read().add(a.ltu(b).choose(b.sub(a), a.sub(b))));
    });
    return sum.read();
  };
  return { low: half(dest.low, src.low), high: half(dest.high, src.high) };
});
