import { x86Nop } from '../nops.js';

const longest = 11;
const mostNops = 7;

/**
 * What GNU as puts between code when it aligns: its longest NOPs first, one shorter, and in front of very many a jump
 * over them. Its NOPs are the kernel's up to 9 bytes; the two longer ones have a %cs prefix.
 */
export function alignmentNops(length: number): Uint8Array {
  const bytes: number[] = [];
  if (Math.floor(length / longest) > mostNops) {
    const short = length - 2 < 128;
    const distance = length - (short ? 2 : 5);
    bytes.push(...(short ? [0xeb, distance] : [0xe9, ...littleEndian(distance)]));
  }
  while (bytes.length < length) bytes.push(...nop(Math.min(longest, length - bytes.length)));
  return Uint8Array.from(bytes);
}

function nop(length: number): number[] {
  if (length < 10) return [...x86Nop(length)];
  const operandSizes = Array.from({ length: length - 9 }, () => 0x66);
  return [...operandSizes, 0x2e, ...x86Nop(8)];
}

function littleEndian(value: number): number[] {
  return [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);
}
