import { decode } from './decoded.mjs';

const SEGMENT_OVERRIDES = [0x26, 0x2e, 0x36, 0x3e, 0x64, 0x64, 0x65, 0x65];
const OPERAND_SIZE = 0x66;
const ADDRESS_SIZE = 0x67;
const LOCK = 0xf0;
const REPEATABLE = new Set([...SEGMENT_OVERRIDES, OPERAND_SIZE, ADDRESS_SIZE]);
const REPNE = 0xf2;
const REP = 0xf3;
const TRIES = 5000;

/** Around 0, 1, and the sizes of operands. */
export const SHIFT_COUNTS = [0, 1, 1, 2, 3, 7, 8, 9, 15, 16, 17, 30, 31, 32, 33, 62, 63, 64, 65, 127, 128, 255];

/** Little-endian bytes of a bigint. */
export function littleEndian(value, length) {
  return Array.from({ length }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}

function shuffled(list, random) {
  const left = [...list];
  const out = [];
  while (left.length > 0) out.push(...left.splice(random.below(left.length), 1));
  return out;
}

/** Files whose instructions have no use for 66, or are others with it. */
const STRICT = /^(lock|segment|privileged|shadow)$/;

/** Where nothing is in memory an override is without effect. */
function segmentChance(form, wish) {
  if (form.mnemonic === 'Maskmovdqu') return 0.4;
  return wish.memory || form.file === 'string' ? 0.15 : 0.08;
}

/** Legacy prefixes: those that the form needs or may have, and now and then one that has no effect. */
function legacyPrefixes(form, wish, random) {
  const prefixes = [];
  const mayIgnore66 = form.map < 2 && !form.noOperandSizePrefix && !form.bnd && !form.sse && !STRICT.test(form.file);
  if (form.operandSize === 16 || (mayIgnore66 && random.chance(0.1))) prefixes.push(OPERAND_SIZE);
  if (form.addressSize === 32 || random.chance(form.addressSize === 64 ? 0 : 0.09)) prefixes.push(ADDRESS_SIZE);
  if (random.chance(segmentChance(form, wish))) prefixes.push(random.pick(SEGMENT_OVERRIDES));
  if (wish.lock) prefixes.push(LOCK);
  if (form.vex === undefined && form.mandatory !== undefined) prefixes.push(form.mandatory);
  if (wish.rep !== undefined) prefixes.push(wish.rep);
  // BND is a hint, and `rep ret` an old idiom: both are without effect on every CPU without MPX.
  if (form.bnd && random.chance(0.08)) prefixes.push(/^Ret/.test(form.name) ? REP : REPNE);
  // The same prefix once more says nothing more.
  const again = prefixes.filter((prefix) => REPEATABLE.has(prefix));
  if (again.length > 0 && random.chance(0.06)) prefixes.push(random.pick(again));
  return shuffled(prefixes, random);
}

/** A REX prefix that is ignored, because another prefix stands behind it (SDM Vol. 2, "REX Prefixes"). */
function withIgnoredRex(prefixes, random) {
  if (prefixes.length === 0 || !random.chance(0.06)) return prefixes;
  const at = random.below(prefixes.length);
  return prefixes.toSpliced(at, 0, 0x40 | random.below(16));
}

/** A REX prefix, or none: REX.W as the form needs it, the other bits at random. */
function rex(form, random) {
  const wide = form.operandSize === 64 && !/^(Push|Pop|Enter|Leave)/.test(form.name);
  const ignored = form.operandSize === 0 || (form.operandSize === 64 && !wide);
  const w = wide || (ignored && random.chance(0.08)) ? 8 : 0;
  if (w === 0 && random.chance(0.45)) return [];
  return [0x40 | w | random.below(8)];
}

/** C4: inverted R, X, B and map; W, inverted vvvv, L, pp. */
function vexPrefix(form, random) {
  const { w, pp } = form.vex;
  return [0xc4, (random.below(8) << 5) | form.map, (w << 7) | (random.below(16) << 3) | pp];
}

/** What makes the opcode one of a map. */
const MAPS = [[], [0x0f], [0x0f, 0x38], [0x0f, 0x3a]];

function modrm(form, wish, random) {
  if (!form.modrm) return [];
  const reg = (form.group ?? random.below(8)) << 3;
  if (!wish.memory) return [0xc0 | reg | random.below(8)];
  const mod = random.pick([0, 0, 1, 1, 2, 2]);
  const rm = random.chance(0.3) ? 4 : random.chance(0.12) ? 5 : random.below(8);
  const out = [(mod << 6) | reg | rm];
  // No base at all (mod 0, base 5) in a tenth of the SIB bytes; no index (4) in a fifth.
  const base = random.chance(0.1) ? 5 : random.below(8);
  if (rm === 4) out.push((random.below(4) << 6) | ((random.chance(0.2) ? 4 : random.below(8)) << 3) | base);
  const wide = mod === 2 || (mod === 0 && (rm === 5 || (rm === 4 && base === 5)));
  if (wide) out.push(...littleEndian(random.value(32), 4));
  else if (mod === 1) out.push(random.below(256));
  return out;
}

/** Shifts and rotations count by an immediate: around 0, 1 and the sizes of operands. */
function immediate(form, size, random) {
  const counts = /^(sse-)?shift$/.test(form.file) && random.chance(0.6);
  return counts ? BigInt(random.pick(SHIFT_COUNTS)) : random.value(8 * size);
}

function attempt(form, wish, random) {
  const prefixes = legacyPrefixes(form, wish, random);
  const opcode = [...form.opcode];
  if (form.opcodeRegister) opcode[opcode.length - 1] += random.below(8);
  const moffs = form.moffs ? Array(prefixes.includes(ADDRESS_SIZE) ? 4 : 8).fill(0) : [];
  const immediates = form.immediates.flatMap((size) => littleEndian(immediate(form, size, random), size));
  return [
    ...(form.vex === undefined ? withIgnoredRex(prefixes, random) : prefixes),
    ...(form.vex === undefined ? [...rex(form, random), ...MAPS[form.map]] : vexPrefix(form, random)),
    ...opcode,
    ...modrm(form, wish, random),
    ...moffs,
    ...immediates,
  ];
}

/**
 * An encoding of `form`, made from its parts at random and kept when iced-x86 decodes it to this form: so redundant
 * prefixes, useless REX bits and longer than needed displacements come up too.
 * @param wish {memory, lock, rep}: a memory operand or registers only; a lock prefix; F3 or F2
 */
export function encode(form, wish, rip, random) {
  for (let i = 0; i < TRIES; i++) {
    const bytes = attempt(form, wish, random);
    if (bytes.length > 15) continue;
    const decoded = decode(bytes, rip);
    if (decoded.code === form.code && decoded.length === bytes.length) return decoded;
  }
  throw new Error(`no encoding found for ${form.name}`);
}

/** The same instruction with another displacement or moffs address. */
export function withDisplacement(decoded, value) {
  const { displacementOffset, displacementSize } = decoded.memory;
  const bytes = [...decoded.bytes];
  bytes.splice(displacementOffset, displacementSize, ...littleEndian(value, displacementSize));
  return decode(bytes, decoded.rip);
}
