import { InputError } from '../input-error.js';

// Names and sizes of arch/x86/include/asm/text-patching.h.

/** Bytes of INT3. */
export const INT3_INSN_SIZE = 1;
/** CC: a trap, so RIP is behind it in the handler. */
export const INT3_INSN_OPCODE = 0xcc;

/** Bytes of a near RET without an immediate. */
export const RET_INSN_SIZE = 1;
/** C3 */
export const RET_INSN_OPCODE = 0xc3;

/** Bytes of a near relative CALL. */
export const CALL_INSN_SIZE = 5;
/** E8 rel32 */
export const CALL_INSN_OPCODE = 0xe8;

/** Bytes of a near relative JMP. */
export const JMP32_INSN_SIZE = 5;
/** E9 rel32 */
export const JMP32_INSN_OPCODE = 0xe9;

/** Bytes of a short JMP. */
export const JMP8_INSN_SIZE = 2;
/** EB rel8 */
export const JMP8_INSN_OPCODE = 0xeb;

/** Bytes of a short Jcc. */
export const JCC8_INSN_SIZE = 2;
/** The first of 70 rel8 to 7F rel8: the low four bits are the condition. */
export const JCC8_INSN_OPCODE = 0x70;

/** Bytes of a near Jcc. */
export const JCC32_INSN_SIZE = 6;
/** The first of 0F 80 rel32 to 0F 8F rel32, both bytes: the low four bits are the condition. */
export const JCC32_INSN_OPCODE = 0x0f80;

/** Bytes of the displacement of CALL and JMP32. */
export const DISP32_SIZE = 4;

/** The most bytes that one poke writes, `TEXT_POKE_MAX_OPCODE_SIZE` (formerly `POKE_MAX_OPCODE_SIZE`). */
export const TEXT_POKE_MAX_OPCODE_SIZE = 5;

/** The RET that replaces a 5-byte tail call, padded with INT3 (kernel/static_call.c). */
export const RET_STATIC_CALL: readonly number[] = [0xc3, 0xcc, 0xcc, 0xcc, 0xcc];

/**
 * `cs cs cs xorl %eax,%eax`: one 5-byte instruction in the place of a call that would return 0
 * (kernel/static_call.c).
 */
export const XOR5RAX: readonly number[] = [0x2e, 0x2e, 0x2e, 0x31, 0xc0];

/** `ud1 %esp,%ecx`, the signature behind a static call trampoline (kernel/static_call.c, `tramp_ud`). */
export const TRAMP_UD: readonly number[] = [0x0f, 0xb9, 0xcc];

interface Template {
  readonly name: string;
  readonly size: number;
  /** bits of the displacement, 0 when there is none */
  readonly displacement: 0 | 8 | 32;
}

const templates: ReadonlyMap<number, Template> = new Map([
  [INT3_INSN_OPCODE, { name: 'INT3', size: INT3_INSN_SIZE, displacement: 0 }],
  [RET_INSN_OPCODE, { name: 'RET', size: RET_INSN_SIZE, displacement: 0 }],
  [CALL_INSN_OPCODE, { name: 'CALL', size: CALL_INSN_SIZE, displacement: 32 }],
  [JMP32_INSN_OPCODE, { name: 'JMP32', size: JMP32_INSN_SIZE, displacement: 32 }],
  [JMP8_INSN_OPCODE, { name: 'JMP8', size: JMP8_INSN_SIZE, displacement: 8 }],
  ...jcc(JCC8_INSN_OPCODE, { name: 'JCC8', size: JCC8_INSN_SIZE, displacement: 8 }),
  ...jcc(JCC32_INSN_OPCODE, { name: 'JCC32', size: JCC32_INSN_SIZE, displacement: 32 }),
]);

function jcc(opcode: number, template: Template): [number, Template][] {
  return Array.from({ length: 16 }, (_, condition) => [opcode + condition, template]);
}

/**
 * The size in bytes of the instruction with one of the opcodes above, `text_opcode_size()` of the kernel.
 *
 * @throws Error on any other opcode.
 */
export function textOpcodeSize(opcode: number): number {
  return templateOf(opcode).size;
}

/**
 * The instruction with one of the opcodes above at `address`, going to `target`: `text_gen_insn()` of the kernel, where
 * disp = target - (address + size). INT3 and RET have no target.
 *
 * @throws InputError when the displacement does not fit the instruction, where the kernel has a BUG_ON.
 * @throws Error on any other opcode.
 */
export function textGenInsn(opcode: number, address: bigint, target?: bigint): Uint8Array {
  const { name, size, displacement } = templateOf(opcode);
  const opcodeBytes = opcode > 0xff ? [opcode >> 8, opcode & 0xff] : [opcode];
  if (displacement === 0) return Uint8Array.from(opcodeBytes);
  if (target === undefined) throw new Error(`${name} needs a target`);
  const distance = BigInt.asIntN(64, target - (address + BigInt(size)));
  if (BigInt.asIntN(displacement, distance) !== distance) {
    const from = `0x${address.toString(16)}`;
    const to = `0x${target.toString(16)}`;
    throw new InputError(`${name} at ${from} does not reach ${to}: ${distance} does not fit ${displacement} bits`);
  }
  const bytes = Array.from({ length: displacement / 8 }, (_, i) => Number((distance >> BigInt(8 * i)) & 0xffn));
  return Uint8Array.from([...opcodeBytes, ...bytes]);
}

function templateOf(opcode: number): Template {
  const template = templates.get(opcode);
  if (template === undefined) throw new Error(`no instruction template with opcode 0x${opcode.toString(16)}`);
  return template;
}
