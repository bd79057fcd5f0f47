/** The longest NOP there is in {@link x86Nop}: `ASM_NOP_MAX` of the kernel for 64-bit. */
export const ASM_NOP_MAX = 11;

// arch/x86/include/asm/nops.h, the only table since the AMD K8 one was dropped (about 5.13). 9 to 11 exist for 64-bit
// only.
const nops: readonly (readonly number[])[] = [
  [],
  [0x90],
  [0x66, 0x90],
  [0x0f, 0x1f, 0x00],
  [0x0f, 0x1f, 0x40, 0x00],
  [0x0f, 0x1f, 0x44, 0x00, 0x00],
  [0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00],
  [0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00],
  [0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
  [0x66, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
  [0x66, 0x66, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
  [0x66, 0x66, 0x66, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
];

/**
 * The kernel's NOP of `length` bytes, `x86_nops[length]`: each is one single instruction, so that no CPU can be in the
 * middle of it when it is patched.
 *
 * @param length 1 to {@link ASM_NOP_MAX} bytes.
 * @throws RangeError on any other length.
 */
export function x86Nop(length: number): Uint8Array {
  const nop = nops[length];
  if (nop === undefined || length === 0) throw new RangeError(`there is no single NOP of ${length} bytes`);
  return Uint8Array.from(nop);
}

/** `length` bytes of NOPs: as many of {@link ASM_NOP_MAX} bytes as go in, then one shorter. */
export function nopFill(length: number): Uint8Array {
  const fill = new Uint8Array(length);
  for (let at = 0; at < length; ) {
    const nop = x86Nop(Math.min(ASM_NOP_MAX, length - at));
    fill.set(nop, at);
    at += nop.length;
  }
  return fill;
}
