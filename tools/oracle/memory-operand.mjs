import { withDisplacement } from './encodings.mjs';
import { u64 } from './machine-state.mjs';

const fits = (value, bits) => BigInt.asIntN(bits, value) === value;
const modulo = (value, divisor) => ((value % divisor) + divisor) % divisor;

/** The base of the segment that a memory operand is in: 0 but for FS and GS. */
export const segmentBase = ({ basedSegment }, state) => (basedSegment ? state.bases[basedSegment] : 0n);

/** The linear address that the operand has in this state; `stackIncrement` is what POP adds to RSP before. */
export function linearAddress(decoded, state, stackIncrement = 0n) {
  return u64(segmentBase(decoded, state) + effectiveAddress(decoded, state, stackIncrement));
}

function effectiveAddress(decoded, state, stackIncrement) {
  const { base, index, scale, displacement, relative, addressBits } = decoded.memory;
  if (relative) return BigInt.asUintN(addressBits, displacement);
  let address = displacement;
  if (base !== undefined) address += state.registers[base] + (base === 4 ? stackIncrement : 0n);
  if (index !== undefined) address += state.registers[index] * scale;
  return BigInt.asUintN(addressBits, address);
}

/** Sets the part of a register that is used in an address; above a 32-bit part stands something to be ignored. */
export function setAddressRegister(state, register, value, addressBits, random) {
  const above = addressBits === 32 ? random.bits(32) << 32n : 0n;
  state.registers[register] = above | BigInt.asUintN(addressBits, value);
}

function reachByDisplacement(decoded, target) {
  const { displacementSize, displacementOffset, relative, addressBits } = decoded.memory;
  if (displacementOffset === 0) return undefined;
  const value = relative ? BigInt.asIntN(64, target - decoded.next) : target;
  if (displacementSize === 8) return withDisplacement(decoded, value);
  if (displacementSize !== 4 || !(fits(value, 32) || (addressBits === 32 && !relative))) return undefined;
  return withDisplacement(decoded, value);
}

/** base == index: (1 + scale) * register = rest. */
function solveDouble(decoded, state, rest, random) {
  const { base, scale, addressBits } = decoded.memory;
  const factor = 1n + scale;
  const wanted = BigInt.asUintN(addressBits, rest);
  if (factor === 2n) {
    if (wanted % 2n !== 0n) return false;
    setAddressRegister(state, base, wanted / 2n, addressBits, random);
    return true;
  }
  // 3, 5 and 9 divide wanted + k * 2^bits for some small k.
  for (let k = 0n; k < factor; k++) {
    const sum = wanted + (k << BigInt(addressBits));
    if (sum % factor !== 0n) continue;
    setAddressRegister(state, base, sum / factor, addressBits, random);
    return true;
  }
  return false;
}

/** [disp32 + index * scale]: the displacement takes what the scale does not divide. */
function solveIndexOnly(decoded, state, target, random) {
  const { index, scale, displacement, addressBits } = decoded.memory;
  const rest = modulo(target - displacement, scale);
  const shifted = BigInt.asIntN(32, displacement + rest);
  const moved = rest === 0n ? decoded : withDisplacement(decoded, shifted);
  const distance = BigInt.asIntN(addressBits, target - moved.memory.displacement);
  if (distance % scale !== 0n) return undefined;
  setAddressRegister(state, index, distance / scale, addressBits, random);
  return moved;
}

/**
 * Gives the registers of the memory operand values, or the instruction a displacement, such that its effective address
 * is `target`. Registers in `pinned` keep their values.
 * @returns the instruction, re-decoded if its displacement changed; undefined when the target cannot be reached
 */
export function aimMemoryOperand(decoded, state, target, pinned, random) {
  const { base, index, scale, displacement, addressBits, relative } = decoded.memory;
  if (target !== BigInt.asUintN(addressBits, target)) return undefined;
  if (relative || (base === undefined && index === undefined)) return reachByDisplacement(decoded, target);
  if ((base !== undefined && pinned.has(base)) || (index !== undefined && pinned.has(index))) return undefined;
  if (base === undefined) return solveIndexOnly(decoded, state, target, random);
  if (base === index) return solveDouble(decoded, state, target - displacement, random) ? decoded : undefined;
  if (index !== undefined) {
    // Indexes: small and large, and some that make the sum wrap around.
    setAddressRegister(state, index, random.value(64), addressBits, random);
  }
  const sum = displacement + (index === undefined ? 0n : state.registers[index] * scale);
  setAddressRegister(state, base, u64(target - sum), addressBits, random);
  return decoded;
}
