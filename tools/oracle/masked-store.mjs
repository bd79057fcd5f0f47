import { u64 } from './machine-state.mjs';
import { segmentBase, setAddressRegister } from './memory-operand.mjs';
import { choosePlace } from './places.mjs';

const RDI = 7;
const SIZE = 16;
const PLACES = { inside: 12, cross: 4, unmapped: 2 };
const SIGNS = 0x80808080_80808080_80808080_80808080n;

/**
 * MASKMOVDQU: RDI points to 16 bytes, of which those are written whose mask has its sign bit set. Whether others may
 * fault is each processor's own (SDM, APM MASKMOVDQU), so where nothing is mapped all are written.
 */
export function arrangeMaskedStore({ decoded, state, random }) {
  const addressBits = decoded.prefixes.includes(0x67) ? 32 : 64;
  const { place, address } = choosePlace(PLACES, { size: SIZE }, random);
  const [source, mask] = decoded.operands.slice(-2).map(({ xmm }) => xmm);
  state.xmm[source] = random.bits(128);
  state.xmm[mask] = random.chance(0.5) ? random.bits(128) : random.lanes(128);
  if (place === 'unmapped') state.xmm[mask] |= SIGNS;
  setAddressRegister(state, RDI, u64(address - segmentBase(decoded, state)), addressBits, random);
  state.store(u64(address - 4n), SIZE + 8, random.bits(8 * (SIZE + 8)));
}
