import {
  CALL_INSN_OPCODE,
  INT3_INSN_OPCODE,
  JCC8_INSN_OPCODE,
  JMP8_INSN_OPCODE,
  JMP32_INSN_OPCODE,
  RET_INSN_OPCODE,
  TEXT_POKE_MAX_OPCODE_SIZE,
} from '../encoder/instruction-templates.js';
import { x86Nop } from '../encoder/nops.js';
import { InputError } from '../input-error.js';
import type { Patch } from '../machine/patch.js';

/** The instruction that the int3 handler emulates, in the kernel's terms (struct smp_text_poke_loc). */
export interface EmulatedInsn {
  /** Opcode byte: INT3, RET, CALL, JMP32, JMP8, or Jcc in its 8-bit form 70..7F. */
  readonly opcode: number;
  /** Displacement from the end of the site. */
  readonly disp: number;
}

/**
 * What __smp_text_poke_batch_add (text_poke_loc_init) makes of an instruction: which emulation stands for it. NOPs are
 * jumps by 0. "Control flow instructions without implied execution of the next instruction can be padded with INT3."
 * @throws {@link InputError} for an instruction that the kernel would BUG() on.
 */
export function emulationOf(patch: Patch): EmulatedInsn {
  const bytes = patch.emulate ?? patch.bytes;
  const [opcode = 0, second = 0] = bytes;
  const { length } = patch.bytes;
  const disp8 = (): number => (second << 24) >> 24;
  const disp32 = (at: number): number => new DataView(bytes.buffer, bytes.byteOffset).getInt32(at, true);
  const whole = (size: number): boolean => bytes.length === size && length === size;
  const padded = (size: number): boolean =>
    bytes.length >= size && length <= TEXT_POKE_MAX_OPCODE_SIZE && isInt3(bytes, size) && isInt3(patch.bytes, size);
  // A shorter jump's displacement counts from its own end, the handler's from the end of the site.
  const shorter = (size: number): number => size - length;
  if (opcode === INT3_INSN_OPCODE && whole(1)) return { opcode, disp: 0 };
  if (opcode === RET_INSN_OPCODE && padded(1)) return { opcode, disp: 0 };
  if (opcode === CALL_INSN_OPCODE && whole(5)) return { opcode, disp: disp32(1) };
  if (opcode === JMP32_INSN_OPCODE && padded(5)) return { opcode, disp: disp32(1) + shorter(5) };
  if (opcode === JMP8_INSN_OPCODE && padded(2)) return { opcode, disp: disp8() + shorter(2) };
  if ((opcode & 0xf0) === JCC8_INSN_OPCODE && whole(2)) return { opcode, disp: disp8() };
  if (opcode === 0x0f && (second & 0xf0) === 0x80 && whole(6) && patch.bytes[0] === 0x0f) {
    // Jcc.d32 is kept as its 8-bit opcode.
    return { opcode: second - 0x10, disp: disp32(2) };
  }
  if (whole(2) && same(bytes, x86Nop(2))) return { opcode: JMP8_INSN_OPCODE, disp: 0 };
  if (whole(5) && same(bytes, x86Nop(5))) return { opcode: JMP32_INSN_OPCODE, disp: 0 };
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  throw new InputError(`site ${patch.site}: the int3 handler cannot emulate ${hex}`, {
    hint: 'text_poke_bp emulates int3, ret, call, jmp, jcc and the 2- and 5-byte NOPs, in 5 bytes at most (jcc: 6); name another with "emulate"',
  });
}

/** Whether all bytes from `start` on are INT3. */
function isInt3(bytes: Uint8Array, start: number): boolean {
  return bytes.subarray(start).every((byte) => byte === INT3_INSN_OPCODE);
}

function same(bytes: Uint8Array, other: Uint8Array): boolean {
  return bytes.length === other.length && other.every((byte, i) => bytes[i] === byte);
}
