import { bitAddress } from './arrangements.mjs';
import { hasFarPointer } from './far.mjs';
import { DATA, DATA_END, isCanonical, RAX, RBX, RSP, u64 } from './machine-state.mjs';
import { aimMemoryOperand, linearAddress, segmentBase, setAddressRegister } from './memory-operand.mjs';
import { choosePlace, MEMORY_PLACES } from './places.mjs';
import { usesStack } from './stack.mjs';

/** Bytes that are set on either side of a memory operand, to notice an access that is too wide. */
const MARGIN = 2;

const isMapped = (address, size) => address >= DATA && address + BigInt(size) <= DATA_END;

/** BT and its like with a register: the bit may be far from the operand's address. */
const hasBitOffset = (decoded) => /^Bt/.test(decoded.mnemonic) && decoded.operands[1].register !== undefined;

const isLocked = (decoded) => decoded.locked || decoded.mnemonic === 'Xchg';

/** Weights of the places that suit an instruction. */
function placesFor(decoded) {
  const places = { ...MEMORY_PLACES };
  if (hasBitOffset(decoded)) Object.assign(places, { cross: 0, edge: 0, code: 0, unmapped: 2 });
  if (/^(Jmp|Call|Xlatb|Push|Pop)$/.test(decoded.mnemonic)) places.code = 0;
  // A segment override with a non-canonical address: #GP or #SS, which the manuals do not settle alike.
  if (decoded.segmentOverride) places.noncanonical = 0;
  // The instruction's own bytes may be zero, and BSF and BSR of zero are left out.
  if (/^Bs[fr]$/.test(decoded.mnemonic)) places.code = 0;
  // They would be selectors that mean something.
  if (/^(Ver[rw]|Lar|Lsl|Mov_Sreg)_/.test(decoded.name)) places.code = 0;
  // Which of its parts is read first is not said.
  if (hasFarPointer(decoded)) Object.assign(places, { edge: 0, code: 0, unmapped: 0 });
  if (mustBeAligned(decoded)) Object.assign(places, { cross: 0, edge: 0, code: 0, unmapped: 2 });
  // Nothing is accessed: the privilege level faults first.
  if (PRIVILEGED.test(decoded.mnemonic)) return { inside: 1 };
  return places;
}

/** Privileged instructions with a memory operand. */
const PRIVILEGED = /^(Lldt|Ltr|L[gi]dt|Lmsw|Invlpg|Invpcid)$/;
/** SSE instructions whose operand of 16 bytes need not be aligned. */
const UNALIGNED = /^(Movu|Movdqu|Lddqu)/;

/** CMPXCHG16B, and SSE instructions with 16 bytes of memory but the moves that are called unaligned: else #GP(0). */
const mustBeAligned = ({ mnemonic, memory, usedXmm }) =>
  mnemonic === 'Cmpxchg16b' || (memory.size === 16 && usedXmm.length > 0 && !UNALIGNED.test(mnemonic));

/** The place and address for the memory operand. One that must be aligned is not now and then. */
function choose(decoded, random) {
  const { size } = decoded.memory;
  const access = { size, locked: isLocked(decoded), length: decoded.length };
  if (!mustBeAligned(decoded)) return choosePlace(placesFor(decoded), access, random);
  const { place, address } = choosePlace(placesFor(decoded), { ...access, aligned: true }, random);
  const off = BigInt(random.between(1, 15));
  return { place, address: place === 'inside' && random.chance(0.15) ? (address & ~63n) + off : address };
}

function fill(state, address, size, value, random) {
  const from = address - BigInt(random.below(MARGIN + 1));
  const to = address + BigInt(size + random.below(MARGIN + 1));
  for (let at = from; at < to; at++) if (!state.bytes.has(Number(at))) state.store(at, 1, random.bits(8));
  state.store(address, size, value);
}

const anyValue = (size, random) => (size > 8 ? random.lanes(8 * size) : random.value(8 * size));

/** An operand based on RSP in an instruction that uses the stack cannot be aimed: taken if it lies within the data. */
function acceptStackOperand({ decoded, state, random, memoryValue }) {
  // POP increments RSP before it computes an address from it.
  const increment = decoded.mnemonic === 'Pop' ? BigInt(decoded.stackIncrement) : 0n;
  const address = linearAddress(decoded, state, increment);
  const { size } = decoded.memory;
  if (!isMapped(address, size)) return undefined;
  fill(state, address, size, memoryValue ?? anyValue(size, random), random);
  return decoded;
}

/** XLATB: RBX + zero-extended AL. */
function aimTable({ decoded, state, random }, target) {
  const { addressBits } = decoded.memory;
  if (target !== BigInt.asUintN(addressBits, target)) return undefined;
  setAddressRegister(state, RBX, target - state.getLow(RAX, 1), addressBits, random);
  return decoded;
}

function aim(setup, target) {
  const { decoded, state, pinned, random } = setup;
  const offset = u64(target - segmentBase(decoded, state));
  if (decoded.mnemonic === 'Xlatb') return aimTable(setup, offset);
  const aimed = aimMemoryOperand(decoded, state, offset, pinned, random);
  return aimed !== undefined && linearAddress(aimed, state) === target ? aimed : undefined;
}

/**
 * Aims the memory operand at a place of the right kind and fills the bytes there.
 * @returns the instruction, with another displacement if need be; undefined when it does not work out
 */
export function placeMemory(setup) {
  const { decoded, state, random } = setup;
  const { size, base } = decoded.memory;
  if (usesStack(decoded) && base === RSP) return acceptStackOperand(setup);
  const { place, address } = choose(decoded, random);
  const aimed = aim(setup, address);
  if (aimed === undefined) return undefined;
  // The offset of the bit could take the effective address out of 32 bits.
  if (hasBitOffset(decoded) && decoded.basedSegment && decoded.memory.addressBits === 32) return undefined;
  const accessed = hasBitOffset(decoded) ? bitAddress(aimed, state, address) : address;
  if (place === 'code') return aimed;
  if (place === 'noncanonical') return isCanonical(accessed) ? undefined : aimed;
  if (hasBitOffset(decoded) && place === 'inside' && !isMapped(accessed - 8n, size + 16)) return undefined;
  fill(state, accessed, size, setup.memoryValue ?? anyValue(size, random), random);
  return aimed;
}
