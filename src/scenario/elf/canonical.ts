const END = 1n << 64n;
const LOW_END = 1n << 47n;
const HIGH_START = END - LOW_END;

/**
 * Whether `size` bytes (0 counts as 1) from `address` are addresses of a CPU with 48-bit linear addresses: bits 63 to 47
 * equal, no step over the hole in the middle, no wrap. Intel SDM Vol. 1, 3.3.7.1 "Canonical Addressing".
 */
export function isCanonical(address: bigint, size = 1n): boolean {
  const end = address + (size === 0n ? 1n : size);
  return end <= LOW_END || (address >= HIGH_START && end <= END);
}
