import { GPR } from '../cells.js';
import type { Form } from '../definition.js';
import type { Insn, Value, Xmm } from '../insn.js';
import { readAligned, writeAligned, XmmDefinitions } from './xmm.js';

const definitions = new XmmDefinitions();
/** Moves between XMM registers, general-purpose registers and memory (SSE, SSE2; LDDQU of SSE3). */
export const XMM_MOVE = definitions.all;

const BOTH_WAYS: readonly Form[] = ['rr', 'rm', 'mr'];

/* MOVAPS, MOVAPD, MOVDQA — Move Aligned. DEST := SRC; #GP(0) unless the memory operand is 16-byte aligned. */
for (const name of ['movaps', 'movapd', 'movdqa']) {
  definitions.define(name, { forms: BOTH_WAYS, sizes: [8], dest: 'w' }, (i) =>
    writeAligned(i, i.dest, readAligned(i, i.src)),
  );
}

/* MOVUPS, MOVUPD, MOVDQU — Move Unaligned. DEST := SRC. */
for (const name of ['movups', 'movupd', 'movdqu']) {
  definitions.define(name, { forms: BOTH_WAYS, sizes: [8], dest: 'w' }, (i) => i.dest.writeXmm(i.src.readXmm()));
}

/* LDDQU — Load Unaligned Integer 128 Bits. */
definitions.define('lddqu', { forms: ['rm'], sizes: [8], dest: 'w' }, (i) => i.dest.writeXmm(i.src.readXmm()));

/* MOVNTPS, MOVNTPD, MOVNTDQ — Store Using Non-Temporal Hint. Every store is in program order here. */
for (const name of ['movntps', 'movntpd', 'movntdq']) {
  definitions.define(name, { forms: ['mr'], sizes: [8], dest: 'w' }, (i) => writeAligned(i, i.dest, i.src.readXmm()));
}

/*
 * MOVD, MOVQ — Move Doubleword, Quadword. To an XMM register: DEST := ZeroExtend(SRC). From one: DEST := SRC[31:0],
 * SRC[63:0].
 */
for (const [name, sizes] of [
  ['movd', [4]],
  ['movq', [8]],
] as const) {
  definitions.define(name, { forms: ['rr', 'rm'], sizes, dest: 'w' }, (i) =>
    i.dest.writeXmm({ low: i.src.read(), high: i.constant(0) }),
  );
  definitions.define(`${name} from xmm`, { forms: ['rr', 'mr'], sizes, dest: 'w' }, (i) => i.dest.write(i.src.read()));
}

/*
 * MOVSS, MOVSD — Move Scalar. Between registers the rest of DEST stays; a load clears it.
 */
for (const [name, size] of [
  ['movss', 4],
  ['movsd', 8],
] as const) {
  definitions.define(name, { forms: ['rr'], sizes: [8] }, (i) => {
    const { low, high } = i.dest.readXmm();
    i.dest.writeXmm({ low: withLow(size, low, i.src.read(size)), high });
  });
  definitions.define(name, { forms: ['rm'], sizes: [size], dest: 'w' }, (i) =>
    i.dest.writeXmm({ low: i.src.read(), high: i.constant(0) }),
  );
  definitions.define(name, { forms: ['mr'], sizes: [size], dest: 'w' }, (i) => i.dest.write(i.src.read()));
}

function withLow(size: 4 | 8, old: Value, value: Value): Value {
  return size === 8 ? value : old.shr(32).shl(32).or(value);
}

/* MOVLPS, MOVLPD; MOVHPS, MOVHPD — Move Low, High Packed Values. The other half of DEST stays. */
for (const half of ['low', 'high'] as const) {
  for (const name of half === 'low' ? ['movlps', 'movlpd'] : ['movhps', 'movhpd']) {
    definitions.define(name, { forms: ['rm'], sizes: [8] }, (i) =>
      i.dest.writeXmm({ ...i.dest.readXmm(), [half]: i.src.read() }),
    );
    definitions.define(name, { forms: ['mr'], sizes: [8], dest: 'w' }, (i) => i.dest.write(i.src.readXmm()[half]));
  }
}

/* MOVHLPS — Move Packed Values High to Low. DEST[63:0] := SRC[127:64]. MOVLHPS: DEST[127:64] := SRC[63:0]. */
definitions.define('movhlps', { forms: ['rr'], sizes: [8] }, (i) => {
  const low = i.src.readXmm().high;
  i.dest.writeXmm({ ...i.dest.readXmm(), low });
});
definitions.define('movlhps', { forms: ['rr'], sizes: [8] }, (i) => {
  const high = i.src.readXmm().low;
  i.dest.writeXmm({ ...i.dest.readXmm(), high });
});

/*
 * MASKMOVDQU — Store Selected Bytes of Double Quadword. IF MASK[8n+7] THEN Memory[DS:rDI + n] := SRC[n]. Every byte is
 * asked for before the first is stored, so that a fault leaves memory as it was.
 */
for (const [name, size] of [
  ['maskmovdqu', 8],
  ['maskmovdqu addr32', 4],
] as const) {
  definitions.define(name, { forms: ['rr'], sizes: [8], dest: 'w' }, (i) => {
    const address = i.register(GPR.rdi, size);
    const source = i.src.readXmm();
    const mask = i.third.readXmm();
    const selected = (each: (at: Value, byte: Value) => void): void =>
      i.loop(16, (n) => {
        const at = address.add(n).zext(size).add(i.segmentBase());
        i.when(byteOf(mask, n).bit(7), () => each(at, byteOf(source, n)));
      });
    selected((at) => i.load(at, 1, 'operand', 'update'));
    selected((at, byte) => i.store(at, 1, byte, 'operand'));
  });
}

function byteOf({ low, high }: Xmm, n: Value): Value {
  return n.ltu(8).choose(low, high).shr(n.and(7).mul(8)).zext(1);
}

/* MOVMSKPS, MOVMSKPD, PMOVMSKB — Move Mask. DEST := the sign bits of the lanes of SRC, the first in bit 0. */
for (const [name, size] of [
  ['movmskps', 4],
  ['movmskpd', 8],
  ['pmovmskb', 1],
] as const) {
  definitions.define(name, { forms: ['rr'], sizes: [4, 8], dest: 'w' }, (i) => {
    const { low, high } = i.src.readXmm();
    const lanes = 8 / size;
    i.dest.write(signBits(i, size, low).or(signBits(i, size, high).shl(lanes)));
  });
}

function signBits(i: Insn, size: 1 | 4 | 8, half: Value): Value {
  const bits = i.variable(0);
  i.loop(8 / size, (n) => bits.write(bits.read().or(half.bit(n.mul(8 * size).add(8 * size - 1)).shl(n))));
  return bits.read();
}
