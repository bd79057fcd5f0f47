import { Definitions, type Form, WLQ } from '../definition.js';
import { setCf, setResultFlags, setZf } from '../flags.js';
import type { Insn, Value } from '../insn.js';

const definitions = new Definitions();
/** Bit and byte instructions: BT BTS BTR BTC BSF BSR TZCNT LZCNT POPCNT CRC32. */
export const BIT = definitions.all;

/** What BTx makes of the selected bit; absent for BT. */
const BIT_TESTS: Readonly<Record<string, ((value: Value, mask: Value) => Value) | undefined>> = {
  bt: undefined,
  bts: (value, mask) => value.or(mask),
  btr: (value, mask) => value.and(mask.not()),
  btc: (value, mask) => value.xor(mask),
};

for (const [name, change] of Object.entries(BIT_TESTS)) {
  const access = change === undefined ? 'r' : 'rw';

  /*
   * BT/BTS/BTR/BTC — Bit Test (and Set, Reset, Complement). CF := Bit(BitBase, BitOffset mod size). ZF is not affected.
   */
  definitions.define(name, { forms: ['rr', 'mr'], sizes: WLQ, dest: access }, (i) => {
    const base = i.dest.read();
    const offset = i.src.read().and(8 * i.size - 1);
    setCf(i, base.bit(offset));
    if (change !== undefined) i.dest.write(change(base, i.constant(1).shl(offset)));
  });

  /* With a bit base in memory and a bit offset in a register, the offset is signed and reaches beyond the operand. */
  definitions.define(`${name} bit string`, { forms: ['mr'], sizes: WLQ, dest: 'r' }, (i) => {
    const offset = i.src.read().sext(i.size);
    const log2 = Math.log2(8 * i.size);
    const address = i.linearAddress(offset.sar(log2).shl(log2 - 3));
    const mask = i.constant(1).shl(offset.and(8 * i.size - 1));
    const value = i.load(address, i.size, 'operand', change === undefined ? 'read' : 'update');
    if (change !== undefined) i.store(address, i.size, change(value, mask), 'operand');
    setCf(i, value.and(mask).ne(0));
  });
}

const SCAN_FORMS: readonly Form[] = ['rr', 'rm'];
const size = (i: Insn): number => 8 * i.size;

/* BSF — Bit Scan Forward. ZF := SRC is 0; DEST := index of the lowest set bit. DEST is left alone when SRC is 0. */
definitions.define('bsf', { forms: SCAN_FORMS, sizes: WLQ }, (i) => {
  const src = i.src.read();
  setZf(i, src.eq(0));
  i.when(src.ne(0), () => i.dest.write(src.ctz()));
});

/* BSR — Bit Scan Reverse. ZF := SRC is 0; DEST := index of the highest set bit. DEST is left alone when SRC is 0. */
definitions.define('bsr', { forms: SCAN_FORMS, sizes: WLQ }, (i) => {
  const src = i.src.read();
  setZf(i, src.eq(0));
  i.when(src.ne(0), () => i.dest.write(i.constant(63).sub(src.clz())));
});

/* TZCNT — Count the Number of Trailing Zero Bits. CF := SRC is 0; ZF := DEST is 0. OF SF PF AF undefined. */
definitions.define('tzcnt', { forms: SCAN_FORMS, sizes: WLQ, dest: 'w' }, (i) => {
  const src = i.src.read();
  const count = src.eq(0).choose(size(i), src.ctz());
  setResultFlags(i, i.size, count, src.eq(0), i.constant(0));
  i.dest.write(count);
});

/* LZCNT — Count the Number of Leading Zero Bits. CF := SRC is 0; ZF := DEST is 0. OF SF PF AF undefined. */
definitions.define('lzcnt', { forms: SCAN_FORMS, sizes: WLQ, dest: 'w' }, (i) => {
  const src = i.src.read();
  const count = src.clz().sub(64 - size(i));
  setResultFlags(i, i.size, count, src.eq(0), i.constant(0));
  i.dest.write(count);
});

/* POPCNT — Return the Count of Number of Bits Set to 1. ZF := SRC is 0; OF SF AF CF PF cleared. */
definitions.define('popcnt', { forms: SCAN_FORMS, sizes: WLQ, dest: 'w' }, (i) => {
  const src = i.src.read();
  // A result of 0 or 0x100 has the low byte 0, whose even parity would set PF: bit 8 of carries flips it.
  i.setCell('result', src.eq(0).choose(0, 0x100));
  i.setCell('carries', i.constant(0x100));
  i.dest.write(src.popcnt());
});

/** The CRC32C polynomial 11EDC6F41H without its highest bit, lowest power first. */
const CRC32C = 0x82f63b78;

/*
 * CRC32 — Accumulate CRC32 Value. DEST[31:0] := remainder of (SRC shifted up by 32 bits xor DEST[31:0] shifted up by
 * the width of SRC), bits reflected, divided modulo 2 by 11EDC6F41H; DEST[63:32] := 0. Flags: none.
 */
definitions.define('crc32', { forms: SCAN_FORMS, sizes: [[4, 1], [8, 1], [4, 2], 4, 8] }, (i) => {
  const remainder = i.variable(i.dest.read(4).xor(i.src.read(i.sourceSize)));
  i.loop(8 * i.sourceSize, () => {
    const current = remainder.read();
    remainder.write(current.shr(1).xor(current.and(1).mul(CRC32C)));
  });
  i.dest.write(remainder.read());
});
