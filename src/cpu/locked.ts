/** Legacy prefixes other than LOCK, and REX: what may stand before an opcode. */
const isPrefix = (byte: number): boolean =>
  (byte & 0xf0) === 0x40 || [0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf2, 0xf3].includes(byte);

/**
 * Whether an instruction that stores to memory does so by a locked operation: it has the LOCK prefix, or is XCHG, which
 * is locked without it (SDM Vol. 3A, "Automatic Locking"). CMPXCHG16B counts too: it has 16 bytes that are aligned; so
 * does MOVDIR64B, whose 64 bytes are one write; and so do CMPccXADD and AADD with its like.
 * @param bytes a whole instruction
 */
export function isLocked(bytes: Uint8Array): boolean {
  let at = 0;
  for (; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0xf0) return true;
    if (!isPrefix(byte)) break;
  }
  const [opcode, second, modrm = 0] = bytes.subarray(at);
  const rexW = ((bytes[at - 1] ?? 0) & 0xf8) === 0x48;
  const isCmpxchg16b = opcode === 0x0f && second === 0xc7 && rexW && ((modrm >> 3) & 7) === 1;
  const isIn0f38 = opcode === 0x0f && second === 0x38 && (modrm === 0xf8 || modrm === 0xfc);
  const isCmpccxadd = opcode === 0xc4 && ((second ?? 0) & 0x1f) === 2 && ((bytes[at + 3] ?? 0) & 0xf0) === 0xe0;
  return opcode === 0x86 || opcode === 0x87 || isCmpxchg16b || isIn0f38 || isCmpccxadd;
}
