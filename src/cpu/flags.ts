import type { Insn, Size, Value } from './insn.js';

/** Bits of RFLAGS. */
export const RFLAGS = {
  cf: 1n << 0n,
  fixed: 1n << 1n,
  pf: 1n << 2n,
  af: 1n << 4n,
  zf: 1n << 6n,
  sf: 1n << 7n,
  tf: 1n << 8n,
  if: 1n << 9n,
  df: 1n << 10n,
  of: 1n << 11n,
  iopl: 3n << 12n,
  nt: 1n << 14n,
  rf: 1n << 16n,
  ac: 1n << 18n,
  id: 1n << 21n,
} as const;

/** CF, PF, AF, ZF, SF and OF. */
export const STATUS_FLAGS = RFLAGS.cf | RFLAGS.pf | RFLAGS.af | RFLAGS.zf | RFLAGS.sf | RFLAGS.of;

/*
 * The six status flags are kept lazily in two cells:
 *
 *   result   the last result, sign-extended to 64 bits
 *   carries  bit 63 CF, bit 62 CF xor OF, bit 3 AF (where an addition's vector of carry-outs has them),
 *            bit 0 flips SF, bits 15..8 are xored into the byte that PF is computed from
 *
 *   ZF = result is 0, SF = result's bit 63 xor carries' bit 0,
 *   PF = even parity of the low byte of result xor carries >> 8
 *
 * so that an ALU instruction stores two words and every combination of flags (POPF, IRET, SAHF) can be expressed.
 */
const CF_BIT = 63;
const CF_XOR_OF_BIT = 62;
const AF_BIT = 3;
const AF_MASK = 1n << BigInt(AF_BIT);
const TOP_TWO = 3n << 62n;

export const cf = (i: Insn): Value => i.cell('carries').shr(CF_BIT);
export const of = (i: Insn): Value => {
  const carries = i.cell('carries');
  return carries.shr(CF_BIT).xor(carries.bit(CF_XOR_OF_BIT));
};
export const af = (i: Insn): Value => i.cell('carries').bit(AF_BIT);
export const zf = (i: Insn): Value => i.cell('result').eq(0);
export const sf = (i: Insn): Value => i.cell('result').shr(63).xor(i.cell('carries').and(1));
export const pf = (i: Insn): Value => i.cell('result').xor(i.cell('carries').shr(8)).and(0xff).popcnt().and(1).xor(1);

/** OF SF ZF AF CF PF of `sum` = `a` + `b` (+ carry), all of them `size` bytes, zero-extended. */
export function setAddFlags(i: Insn, size: Size, a: Value, b: Value, sum: Value): void {
  setFlagsOfCarries(i, size, sum, a.and(b).or(a.or(b).and(sum.not())));
}

/** OF SF ZF AF CF PF of `difference` = `a` - `b` (- borrow). */
export function setSubFlags(i: Insn, size: Size, a: Value, b: Value, difference: Value): void {
  setFlagsOfCarries(i, size, difference, a.not().and(b).or(a.not().or(b).and(difference)));
}

function setFlagsOfCarries(i: Insn, size: Size, result: Value, carryOuts: Value): void {
  const top = carryOuts.shl(64 - 8 * size).and(TOP_TWO);
  i.setCell('result', result.sext(size));
  i.setCell('carries', top.or(carryOuts.and(AF_MASK)));
}

/** SF ZF PF of a result; OF and CF cleared, AF cleared where the manual leaves it undefined. */
export function setLogicFlags(i: Insn, size: Size, result: Value): void {
  i.setCell('result', result.sext(size));
  i.setCell('carries', i.constant(0));
}

/** SF ZF PF of a result with given CF and OF (0 or 1); AF cleared, which the manual leaves undefined. */
export function setResultFlags(i: Insn, size: Size, result: Value, carry: Value, overflow: Value): void {
  i.setCell('result', result.sext(size));
  i.setCell('carries', placeCfOf(carry, overflow));
}

function placeCfOf(carry: Value, overflow: Value): Value {
  return carry.shl(CF_BIT).or(carry.xor(overflow).shl(CF_XOR_OF_BIT));
}

/** Sets CF and OF and keeps the other four. */
export function setCfOf(i: Insn, carry: Value, overflow: Value): void {
  i.setCell('carries', i.cell('carries').and(~TOP_TWO).or(placeCfOf(carry, overflow)));
}

/** Sets CF and keeps the other five. */
export function setCf(i: Insn, carry: Value): void {
  setCfOf(i, carry, of(i));
}

/** Sets ZF and keeps the other five. */
export function setZf(i: Insn, zero: Value): void {
  setStatusFlags(i, statusFlags(i).and(~RFLAGS.zf).or(zero.shl(6)));
}

/** The status flags at their places in RFLAGS. */
export function statusFlags(i: Insn): Value {
  return cf(i).or(pf(i).shl(2)).or(af(i).shl(4)).or(zf(i).shl(6)).or(sf(i).shl(7)).or(of(i).shl(11));
}

/** Sets the six status flags from their places in RFLAGS. */
export function setStatusFlags(i: Insn, rflags: Value): void {
  const carry = rflags.bit(0);
  i.setCell('result', rflags.bit(6).choose(0, 0x100));
  i.setCell(
    'carries',
    placeCfOf(carry, rflags.bit(11)).or(rflags.bit(4).shl(AF_BIT)).or(rflags.bit(7)).or(rflags.bit(2).xor(1).shl(8)),
  );
}

/** The conditions of Jcc, SETcc and CMOVcc by their suffix (SDM Vol. 1, appendix "EFLAGS Condition Codes"). */
export const CONDITIONS: Readonly<Record<string, (i: Insn) => Value>> = {
  o: of,
  no: (i) => of(i).xor(1),
  b: cf,
  ae: (i) => cf(i).xor(1),
  e: zf,
  ne: (i) => i.cell('result').ne(0),
  be: (i) => cf(i).or(zf(i)),
  a: (i) => cf(i).or(zf(i)).xor(1),
  s: sf,
  ns: (i) => sf(i).xor(1),
  p: pf,
  np: (i) => pf(i).xor(1),
  l: (i) => sf(i).xor(of(i)),
  ge: (i) => sf(i).xor(of(i)).xor(1),
  le: (i) => zf(i).or(sf(i).xor(of(i))),
  g: (i) =>
    zf(i)
      .or(sf(i).xor(of(i)))
      .xor(1),
};

/** The six status flags of lazy cells, as a number: the canonical form that is hashed and shown. */
export function statusFlagsOf(result: bigint, carries: bigint): bigint {
  const carry = carries >> 63n;
  const low = Number((result ^ (carries >> 8n)) & 0xffn);
  let parity = low ^ (low >> 4);
  parity ^= parity >> 2;
  parity ^= parity >> 1;
  return (
    carry |
    ((parity & 1) === 0 ? RFLAGS.pf : 0n) |
    (((carries >> 3n) & 1n) << 4n) |
    (result === 0n ? RFLAGS.zf : 0n) |
    (((result >> 63n) ^ (carries & 1n)) << 7n) |
    ((carry ^ ((carries >> 62n) & 1n)) << 11n)
  );
}

/** The same from the 32-bit halves of the cells, without touching bigints. */
export function statusFlagsOfHalves(
  resultLow: number,
  resultHigh: number,
  carriesLow: number,
  carriesHigh: number,
): number {
  const carry = carriesHigh >>> 31;
  let parity = (resultLow ^ (carriesLow >>> 8)) & 0xff;
  parity ^= parity >> 4;
  parity ^= parity >> 2;
  parity ^= parity >> 1;
  return (
    carry |
    ((~parity & 1) << 2) |
    (((carriesLow >>> 3) & 1) << 4) |
    ((resultLow | resultHigh) === 0 ? 1 << 6 : 0) |
    (((resultHigh >>> 31) ^ (carriesLow & 1)) << 7) |
    ((carry ^ ((carriesHigh >>> 30) & 1)) << 11)
  );
}

/** Lazy cells that mean the given status flags. */
export function lazyFlagsOf(rflags: bigint): { result: bigint; carries: bigint } {
  const bit = (n: bigint): bigint => (rflags >> n) & 1n;
  return {
    result: bit(6n) === 1n ? 0n : 0x100n,
    carries: (bit(0n) << 63n) | ((bit(0n) ^ bit(11n)) << 62n) | (bit(4n) << 3n) | bit(7n) | ((bit(2n) ^ 1n) << 8n),
  };
}

/** Gives lazy cells, by their indexes among 32-bit words, the form that depends on the flags alone. */
export function normaliseLazyFlags(words: Int32Array, result: number, carries: number): void {
  const flags = statusFlagsOfHalves(
    words[result] ?? 0,
    words[result + 1] ?? 0,
    words[carries] ?? 0,
    words[carries + 1] ?? 0,
  );
  const [cf, pf, af, zf, sf, of] = [flags & 1, flags & 4, flags & 0x10, flags & 0x40, flags & 0x80, flags >>> 11];
  words[result] = zf === 0 ? 0x100 : 0;
  words[result + 1] = 0;
  words[carries] = (af >>> 1) | (sf >>> 7) | (pf === 0 ? 0x100 : 0);
  words[carries + 1] = (cf << 31) | ((cf ^ of) << 30);
}
