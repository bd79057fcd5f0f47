import type { Insn, Value, Xmm } from '../insn.js';
import { inLanes, readAligned, XmmDefinitions } from './xmm.js';

const definitions = new XmmDefinitions();
/** Shifts of XMM registers: each lane by one count, or the whole by bytes (SSE2). */
export const XMM_SHIFT = definitions.all;

const LANES = [
  ['w', 2],
  ['d', 4],
  ['q', 8],
] as const;

/** COUNT: an immediate, or the low quadword of an XMM register or of 16 bytes in memory. */
const count = (i: Insn): Value => (i.src.inMemory ? readAligned(i, i.src).low : i.src.read());

function define(name: string, size: 2 | 4 | 8, lane: (i: Insn, value: Value, by: Value) => Value): void {
  definitions.define(name, { forms: ['rr', 'rm'], sizes: [8] }, (i) => {
    const by = count(i);
    const { low, high } = i.dest.readXmm();
    const half = (value: Value): Value => inLanes(i, size, (shift) => lane(i, value.shr(shift).zext(size), by));
    i.dest.writeXmm({ low: half(low), high: half(high) });
  });
}

for (const [letter, size] of LANES) {
  const bits = 8 * size;
  /* PSLLW, PSLLD, PSLLQ — Shift Packed Data Left Logical. IF COUNT is at least the lane's width THEN 0. */
  define(`psll${letter}`, size, (_, value, by) => by.ltu(bits).choose(value.shl(by), 0));
  /* PSRLW, PSRLD, PSRLQ — Shift Packed Data Right Logical. */
  define(`psrl${letter}`, size, (_, value, by) => by.ltu(bits).choose(value.shr(by), 0));
  /*
   * PSRAW, PSRAD — Shift Packed Data Right Arithmetic. IF COUNT is at least the lane's width THEN the sign everywhere.
   */
  if (size !== 8) {
    define(`psra${letter}`, size, (_, value, by) => value.sext(size).sar(by.ltu(bits).choose(by, bits - 1)));
  }
}

/* PSLLDQ, PSRLDQ — Shift Double Quadword Left, Right Logical, by bytes; by more than 15: 0. */
const BYTEWISE: Readonly<Record<string, (value: Xmm, bits: Value) => Xmm>> = {
  pslldq: ({ low, high }, bits) => ({
    low: shl(low, bits),
    high: shl(high, bits)
      .or(shl(low, bits.sub(64)))
      .or(shr(low, bits.neg().add(64))),
  }),
  psrldq: ({ low, high }, bits) => ({
    low: shr(low, bits)
      .or(shr(high, bits.sub(64)))
      .or(shl(high, bits.neg().add(64))),
    high: shr(high, bits),
  }),
};
for (const [name, shift] of Object.entries(BYTEWISE)) {
  definitions.define(name, { forms: ['rr'], sizes: [8] }, (i) =>
    i.dest.writeXmm(shift(i.dest.readXmm(), i.src.read().mul(8))),
  );
}

/** Shifts that give 0 for counts of 64 and more, negative ones among them. */
function shl(value: Value, bits: Value): Value {
  return bits.ltu(64).choose(value.shl(bits), 0);
}

function shr(value: Value, bits: Value): Value {
  return bits.ltu(64).choose(value.shr(bits), 0);
}
