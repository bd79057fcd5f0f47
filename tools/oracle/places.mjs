import { CODE, DATA, DATA_END, PAGE } from './machine-state.mjs';

/** How often an access goes where. */
export const MEMORY_PLACES = { inside: 12, cross: 2, edge: 2, unmapped: 1, noncanonical: 1, code: 1 };
export const STACK_PLACES = { inside: 12, cross: 2, edge: 1, unmapped: 1, noncanonical: 1 };

const CACHE_LINE = 64;
const NONCANONICAL = [0x8000_0000_0000n, 0xffff_7fff_ffff_ff00n, 0x8000_0000_0000_0000n, 0x0123_4567_89ab_cdefn];
const UNMAPPED = [
  0x30000000n,
  0x2fffffffn,
  0x1000n,
  0x7000_0000n,
  0x40000ff8n,
  0x20009000n,
  0x1ff00123n,
  0x9000_0000n,
  0xffff_eff8n,
];

const wide = (number) => BigInt(number);

/** Places of an access of `size` bytes; each gives the address of its first byte. */
const ADDRESS = {
  /** Within one page. */
  inside: (size, random) => DATA + wide(random.below(8)) * PAGE + wide(random.below(4096 - size)),
  /** Over the border of two mapped pages. */
  cross: (size, random) => DATA + wide(random.between(1, 7)) * PAGE - wide(random.between(1, size - 1)),
  /** Partly before the first or behind the last mapped page. */
  edge: (size, random) => (random.chance(0.4) ? DATA : DATA_END) - wide(random.between(1, size - 1)),
  unmapped: (_, random) => random.pick(UNMAPPED) + wide(random.below(64)),
  noncanonical: (_, random) => random.pick(NONCANONICAL) + wide(random.below(64)),
  /** The instruction's own bytes: a read sees them, a write faults. */
  code: (_, random) => CODE + wide(random.below(3)),
};

/**
 * An address for an access, and the place it is at: a place that does not suit the access becomes `inside`.
 * @param access {size, locked, aligned, length}: `length` is the instruction's, for the place `code`
 */
export function choosePlace(places, access, random) {
  const { size, locked = false, aligned = false, length = 0 } = access;
  let place = random.weighted(places);
  const splits = place === 'cross' || place === 'edge';
  if (splits && (size < 2 || locked || aligned)) place = 'inside';
  if (place === 'code' && size + 2 > length) place = 'inside';
  let address = ADDRESS[place](size, random);
  // A locked access over two cache lines is a thing of its own (a kernel may forbid it with #AC).
  if (locked && place !== 'code') {
    const offset = random.below((CACHE_LINE - size) / size + 1) * size;
    address = address - (address % wide(CACHE_LINE)) + wide(offset);
  }
  if (aligned && place !== 'code') address -= address % wide(size);
  return { place, address };
}
