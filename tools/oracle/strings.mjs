import { DATA, DATA_END, FLAG, RAX, RCX, RDI, RSI, u64 } from './machine-state.mjs';
import { segmentBase } from './memory-operand.mjs';
import { choosePlace } from './places.mjs';

const REPEATS = [0n, 1n, 1n, 2n, 3n, 4n, 5n, 7n, 8n, 9n, 12n, 16n, 20n];
const SIZE = { b: 1, w: 2, d: 4, q: 8 };
/** Which pointers an operation moves. */
const POINTERS = { Movs: [RSI, RDI], Cmps: [RSI, RDI], Stos: [RDI], Scas: [RDI], Lods: [RSI] };
const HOME = { [RSI]: DATA + 0x1800n, [RDI]: DATA + 0x4800n };
const STRING_PLACES = { inside: 14, cross: 3, border: 3, unmapped: 1, noncanonical: 1 };

/** Where the elements start such that a few of them fit before the border of the mapped pages. */
function beforeBorder(size, backward, random) {
  const distance = BigInt(random.between(0, 6) * size - random.below(size));
  return backward ? DATA + distance : DATA_END - distance;
}

function startOf(pointer, place, size, backward, random) {
  if (place === 'border') return beforeBorder(size, backward, random);
  if (place === 'inside') return HOME[pointer] + BigInt(random.between(-0x400, 0x400));
  // `cross` starts next to a page border: a run of elements goes over it.
  return choosePlace({ [place]: 1 }, { size }, random).address;
}

/** Elements that are often equal: a repeated comparison should run for a while and then end. */
function fillCompared(state, pointers, count, size, step, random) {
  const equal = random.chance(0.5);
  const flip = BigInt(random.below(Number(count) + 1));
  const accumulator = state.getLow(RAX, size);
  for (let i = 0n; i < count; i++) {
    const first = pointers.includes(RSI) ? random.value(8 * size) : accumulator;
    const other = BigInt.asUintN(8 * size, first + random.pick([1n, -1n, 1n << BigInt(8 * size - 1), 0x80n]));
    const second = (i === flip) === equal ? other : first;
    if (pointers.includes(RSI)) state.store(u64(state.registers[RSI] + i * step), size, first);
    state.store(u64(state.registers[RDI] + i * step), size, second);
  }
}

function fillMoved(state, pointers, count, size, step, random) {
  if (!pointers.includes(RSI)) return;
  for (let i = 0n; i < count; i++) state.store(u64(state.registers[RSI] + i * step), size, random.bits(8 * size));
}

/** With a 32-bit address size, what stands above ESI, EDI and ECX is ignored and lost. */
function dirtyUpperHalves(state, registers, random) {
  for (const each of registers) state.registers[each] = (random.bits(32) << 32n) | state.getLow(each, 4);
}

/**
 * Registers and data for MOVS, STOS, LODS, CMPS and SCAS. At most one pointer is at a place that faults: which of two
 * faults comes first is not architectural.
 */
export function arrangeString(decoded, state, random) {
  const pointers = POINTERS[decoded.mnemonic.slice(0, 4)];
  const size = SIZE[decoded.mnemonic.slice(4)];
  const narrow = decoded.prefixes.includes(0x67);
  const count = decoded.rep ? random.pick(REPEATS) : 1n;
  const backward = random.chance(0.4);
  state.rflags = (state.rflags & ~FLAG.df) | (backward ? FLAG.df : 0n);
  const step = backward ? -BigInt(size) : BigInt(size);
  if (pointers.includes(RDI)) state.setLow(RAX, size, random.value(8 * size));
  const odd = random.pick(pointers);
  let place = random.weighted(STRING_PLACES);
  if (place === 'noncanonical' && (narrow || decoded.segmentOverride)) place = 'unmapped';
  if (place === 'cross' && size === 1) place = 'inside';
  for (const pointer of pointers) {
    state.registers[pointer] = startOf(pointer, pointer === odd ? place : 'inside', size, backward, random);
  }
  // Overlapping operands: MOVS must copy element by element.
  const overlap = place === 'inside' && pointers.length === 2 && random.chance(0.2);
  if (overlap) state.registers[RDI] = state.registers[RSI] + BigInt(random.between(-10, 10));
  if (decoded.rep) state.registers[RCX] = count;
  if (/^(Cmps|Scas)/.test(decoded.mnemonic)) fillCompared(state, pointers, count, size, step, random);
  else fillMoved(state, pointers, count, size, step, random);
  // The source may be in FS or GS; what it was until here is its linear address.
  if (pointers.includes(RSI)) state.registers[RSI] = u64(state.registers[RSI] - segmentBase(decoded, state));
  if (narrow && count > 0n) dirtyUpperHalves(state, decoded.rep ? [...pointers, RCX] : pointers, random);
}
