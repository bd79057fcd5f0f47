import type { Insn, Size, Value, Xmm } from '../insn.js';
import { inLanes, readAligned, saturate, XmmDefinitions } from './xmm.js';

const definitions = new XmmDefinitions();
/** Moves of lanes within and between XMM registers: unpack, pack, shuffle, insert, extract (SSE, SSE2). */
export const XMM_SHUFFLE = definitions.all;

/** DEST := result(DEST, SRC). */
function define(name: string, result: (i: Insn, dest: Xmm, src: Xmm) => Xmm): void {
  definitions.define(name, { forms: ['rr', 'rm'], sizes: [8] }, (i) => {
    const src = readAligned(i, i.src);
    i.dest.writeXmm(result(i, i.dest.readXmm(), src));
  });
}

/** Lanes of x and y in turn, beginning with the lanes at bit `first` of both. */
function interleave(i: Insn, size: 1 | 2 | 4, x: Value, y: Value, first: 0 | 32): Value {
  return inLanes(i, size, (shift) => {
    const lane = shift
      .shr(Math.log2(16 * size))
      .mul(8 * size)
      .add(first);
    return shift
      .bit(Math.log2(8 * size))
      .choose(y, x)
      .shr(lane);
  });
}

const UNPACKED: readonly (readonly [names: readonly string[], size: Size])[] = [
  [['punpck*bw'], 1],
  [['punpck*wd'], 2],
  [['punpck*dq', 'unpck*ps'], 4],
  [['punpck*qdq', 'unpck*pd'], 8],
];

/* PUNPCKLBW ..., PUNPCKHBW ..., UNPCKLPS ... — Unpack and Interleave the lanes of the low, of the high halves. */
for (const half of ['low', 'high'] as const) {
  for (const [names, size] of UNPACKED) {
    for (const name of names) {
      define(name.replace('*', half === 'low' ? 'l' : 'h'), (i, dest, src) => {
        const [x, y] = [dest[half], src[half]];
        if (size === 8) return { low: x, high: y };
        return { low: interleave(i, size, x, y, 0), high: interleave(i, size, x, y, 32) };
      });
    }
  }
}

/* PACKSSWB, PACKSSDW, PACKUSWB — Pack With Signed, Unsigned Saturation: DEST to the low half, SRC to the high one. */
for (const [name, size, kind] of [
  ['packsswb', 1, 'signed'],
  ['packssdw', 2, 'signed'],
  ['packuswb', 1, 'unsigned'],
] as const) {
  const wide = size === 1 ? 2 : 4;
  const pack = (i: Insn, { low, high }: Xmm): Value =>
    inLanes(i, size, (shift) => {
      const from = shift.ltu(32).choose(low, high);
      return saturate(i, size, kind, from.shr(shift.shl(1)).sext(wide));
    });
  define(name, (i, dest, src) => ({ low: pack(i, dest), high: pack(i, src) }));
}

/** The doubleword of a 128-bit quantity that two bits of the immediate say. */
function doubleword({ low, high }: Xmm, order: Value, at: number): Value {
  const selected = order.shr(at).and(3);
  return selected.bit(1).choose(high, low).shr(selected.bit(0).shl(5)).zext(4);
}

/* SHUFPS — Packed Interleave Shuffle of Quadruplets: two doublewords of DEST, then two of SRC. */
definitions.define('shufps', { forms: ['rr', 'rm'], sizes: [8] }, (i) => {
  const src = readAligned(i, i.src);
  const dest = i.dest.readXmm();
  i.dest.writeXmm(shuffled(i, dest, src));
});

/* PSHUFD — Shuffle Packed Doublewords. */
definitions.define('pshufd', { forms: ['rr', 'rm'], sizes: [8], dest: 'w' }, (i) => {
  const src = readAligned(i, i.src);
  i.dest.writeXmm(shuffled(i, src, src));
});

function shuffled(i: Insn, first: Xmm, second: Xmm): Xmm {
  const order = i.third.read(1);
  const pair = (of: Xmm, at: number): Value => doubleword(of, order, at).or(doubleword(of, order, at + 2).shl(32));
  return { low: pair(first, 0), high: pair(second, 4) };
}

/* SHUFPD — Packed Interleave Shuffle of Pairs: a quadword of DEST, then one of SRC. */
definitions.define('shufpd', { forms: ['rr', 'rm'], sizes: [8] }, (i) => {
  const src = readAligned(i, i.src);
  const dest = i.dest.readXmm();
  const order = i.third.read(1);
  i.dest.writeXmm({
    low: order.bit(0).choose(dest.high, dest.low),
    high: order.bit(1).choose(src.high, src.low),
  });
});

/* PSHUFLW, PSHUFHW — Shuffle Packed Low, High Words; the other half is copied. */
for (const [name, half] of [
  ['pshuflw', 'low'],
  ['pshufhw', 'high'],
] as const) {
  definitions.define(name, { forms: ['rr', 'rm'], sizes: [8], dest: 'w' }, (i) => {
    const src = readAligned(i, i.src);
    const order = i.third.read(1);
    const words = inLanes(i, 2, (shift) => src[half].shr(order.shr(shift.shr(3)).and(3).shl(4)));
    i.dest.writeXmm({ ...src, [half]: words });
  });
}

/* PEXTRW — Extract Word. DEST := ZeroExtend(SRC[n]), n the immediate modulo 8. */
definitions.define('pextrw', { forms: ['rr'], sizes: [4, 8], dest: 'w' }, (i) => {
  const { low, high } = i.src.readXmm();
  const n = i.third.read(1);
  i.dest.write(n.bit(2).choose(high, low).shr(n.and(3).shl(4)).zext(2));
});

/* PINSRW — Insert Word. DEST[n] := SRC[15:0], n the immediate modulo 8; the other words stay. */
for (const shape of [
  { forms: ['rr'], sizes: [4, 8] },
  { forms: ['rm'], sizes: [2] },
] as const) {
  definitions.define('pinsrw', shape, (i) => {
    const word = i.src.read(2);
    const n = i.third.read(1);
    const { low, high } = i.dest.readXmm();
    const at = n.and(3).shl(4);
    const inserted = (half: Value): Value => half.and(i.constant(0xffff).shl(at).not()).or(word.shl(at));
    const isHigh = n.bit(2);
    i.dest.writeXmm({ low: isHigh.choose(low, inserted(low)), high: isHigh.choose(inserted(high), high) });
  });
}
