/** Instruction prefixes that can be written as words, with their bytes. */
const words: Readonly<Record<string, number>> = {
  lock: 0xf0,
  rep: 0xf3,
  repe: 0xf3,
  repz: 0xf3,
  repne: 0xf2,
  repnz: 0xf2,
  xacquire: 0xf2,
  xrelease: 0xf3,
  bnd: 0xf2,
  notrack: 0x3e,
  es: 0x26,
  cs: 0x2e,
  ss: 0x36,
  ds: 0x3e,
  fs: 0x64,
  gs: 0x65,
  data16: 0x66,
  addr32: 0x67,
  rex64: 0x48,
};

const rexBits: Readonly<Record<string, number>> = { w: 8, r: 4, x: 2, b: 1 };

/** All prefix words but `rex` and `rex.wrxb`. */
export const prefixWords: readonly string[] = Object.keys(words);

/** The byte of a prefix word (`lock`, `cs`, `data16`, `rex.w`, ...; case does not matter), or nothing. */
export function prefixByte(word: string): number | undefined {
  const lower = word.toLowerCase();
  const rex = /^rex(?:\.([wrxb]+))?$/.exec(lower);
  if (rex === null) return Object.hasOwn(words, lower) ? words[lower] : undefined;
  return [...(rex[1] ?? '')].reduce((byte, bit) => byte | (rexBits[bit] ?? 0), 0x40);
}

// The order in which GNU as writes prefixes: wait, segment, address size, operand size, repeat, lock, then REX.
const order: ReadonlyMap<number, number> = new Map([
  [0x9b, 0],
  [0x26, 1],
  [0x2e, 1],
  [0x36, 1],
  [0x3e, 1],
  [0x64, 1],
  [0x65, 1],
  [0x67, 2],
  [0x66, 3],
  [0xf2, 4],
  [0xf3, 4],
  [0xf0, 5],
]);

const isRex = (byte: number) => (byte & 0xf0) === 0x40;
const isLegacy = (byte: number) => byte !== 0x9b && order.has(byte);

/** The prefixes at the beginning of an instruction: the legacy ones, and the REX that counts, or 0. */
export function prefixesOf(bytes: Uint8Array): { readonly legacy: readonly number[]; readonly rex: number } {
  const legacy: number[] = [];
  let rex = 0;
  for (const byte of bytes) {
    if (isLegacy(byte)) legacy.push(byte);
    else if (!isRex(byte)) break;
    // A REX that is not the last prefix has no effect.
    rex = isRex(byte) ? byte : 0;
  }
  return { legacy, rex };
}

/**
 * Puts written prefixes before an encoded instruction, all legacy prefixes in the order of GNU as. A written REX is
 * joined with the instruction's own. Repeated prefixes stay repeated: `cs cs cs xor %eax,%eax` is 2E 2E 2E 31 C0.
 */
export function mergePrefixes(written: readonly number[], encoded: Uint8Array): Uint8Array {
  if (written.length === 0 && !isLegacy(encoded[1] ?? 0)) return encoded;
  // FWAIT before an x87 instruction is a prefix too; alone it is the instruction.
  const wait = encoded[0] === 0x9b && encoded.length > 1 ? 1 : 0;
  const own = prefixesOf(encoded.subarray(wait));
  const legacyEnd = wait + own.legacy.length;
  const rex = [...written.filter(isRex), own.rex].reduce((joined, byte) => joined | byte, 0);
  const legacy = [...written.filter((byte) => !isRex(byte)), ...encoded.subarray(0, legacyEnd)];
  legacy.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  return Uint8Array.from([
    ...legacy,
    ...(rex === 0 ? [] : [rex]),
    ...encoded.subarray(legacyEnd + (own.rex === 0 ? 0 : 1)),
  ]);
}
