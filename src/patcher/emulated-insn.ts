import {
  CALL_INSN_OPCODE,
  INT3_INSN_OPCODE,
  JMP8_INSN_OPCODE,
  JMP32_INSN_OPCODE,
  RET_INSN_OPCODE,
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
 * jumps by 0. RET, JMP32 and JMP8 may be shorter than the site when INT3 fills the rest.
 * @throws {@link InputError} for an instruction that the kernel would BUG() on.
 */
export function emulationOf(patch: Patch): EmulatedInsn {
  const bytes = patch.emulate ?? patch.bytes;
  const [opcode = 0] = bytes;
  const { length } = patch.bytes;
  const disp32 = (at: number): number => new DataView(bytes.buffer, bytes.byteOffset).getInt32(at, true);
  const filled = (size: number): boolean => bytes.slice(size).every((byte) => byte === INT3_INSN_OPCODE);
  // A shorter jump's displacement counts from its own end, the handler's from the end of the site.
  const shorter = (size: number): number => size - length;
  if (opcode === INT3_INSN_OPCODE && filled(1)) return { opcode, disp: 0 };
  if (opcode === RET_INSN_OPCODE && filled(1)) return { opcode, disp: 0 };
  if (opcode === CALL_INSN_OPCODE && bytes.length === 5 && length === 5) return { opcode, disp: disp32(1) };
  if (opcode === JMP32_INSN_OPCODE && bytes.length >= 5 && filled(5)) return { opcode, disp: disp32(1) + shorter(5) };
  if (opcode === JMP8_INSN_OPCODE && bytes.length >= 2 && filled(2)) {
    return { opcode, disp: (((bytes[1] ?? 0) << 24) >> 24) + shorter(2) };
  }
  if (opcode === 0x0f && ((bytes[1] ?? 0) & 0xf0) === 0x80 && bytes.length === 6) {
    // Jcc.d32 is kept as its 8-bit opcode.
    return { opcode: (bytes[1] ?? 0) - 0x10, disp: disp32(2) };
  }
  if (same(bytes, x86Nop(2))) return { opcode: JMP8_INSN_OPCODE, disp: 0 };
  if (same(bytes, x86Nop(5))) return { opcode: JMP32_INSN_OPCODE, disp: 0 };
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  throw new InputError(`site ${patch.site}: the int3 handler cannot emulate ${hex}`, {
    hint: 'text_poke_bp emulates int3, ret, call, jmp, jcc and the 2- and 5-byte NOPs; name another with "emulate"',
  });
}

function same(bytes: Uint8Array, other: Uint8Array): boolean {
  return bytes.length === other.length && other.every((byte, i) => bytes[i] === byte);
}
