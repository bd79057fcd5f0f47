import type { ElfImage } from '../../src/scenario/elf.js';

/** The bytes that images put at an address; what they leave open is zero. @throws Error if nothing is there */
export function memoryOf(images: readonly ElfImage[], address: bigint, length: number): Uint8Array {
  const segment = images
    .flatMap((image) => image.segments)
    .find((s) => s.address <= address && address + BigInt(length) <= s.address + s.size);
  if (segment === undefined) throw new Error(`no ${length} bytes at 0x${address.toString(16)}`);
  const bytes = new Uint8Array(length);
  bytes.set(segment.bytes.subarray(Number(address - segment.address)).subarray(0, length));
  return bytes;
}

/** The unsigned number that images put at an address. */
export function numberOf(images: readonly ElfImage[], address: bigint, width: 4 | 8): bigint {
  return memoryOf(images, address, width).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
