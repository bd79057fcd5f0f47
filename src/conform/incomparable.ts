import { decode } from '../cpu/decode.js';
import type { DecodedInstruction } from '../cpu/decoded-instruction.js';

/** Why a vector speaks of one processor only. */
interface Rule {
  readonly reason: string;
  /** @param rcx before the instruction */
  applies(instruction: DecodedInstruction, rcx: bigint): boolean;
}

const RULES: readonly Rule[] = [
  {
    // SDM Vol. 2D, appendix A, superscript f64: the prefix is ignored. APM Vol. 3, "General-Purpose Instructions in
    // 64-Bit Mode": the operand size is 16 bits, and RIP is cut to it.
    reason: 'an operand-size prefix on a near branch, which Intel ignores and AMD obeys',
    applies: (instruction) => isNearBranch(instruction) && hasPrefix(instruction, 0x66),
  },
  {
    // SDM Vol. 2A, "Instruction Prefixes": use with other than string instructions is reserved.
    reason: 'a repeat prefix on LOOPE or LOOPNE, which is reserved; AMD processors take the condition from it',
    applies: (instruction) => /^loopn?e\//.test(instruction.handler) && hasPrefix(instruction, 0xf2, 0xf3),
  },
  {
    // SDM Vol. 2B, SHLD and SHRD: "If the count is greater than the operand size, the result is undefined."
    reason: 'a double shift by more than its operand size, whose result is undefined',
    applies: ({ handler, third }, rcx) => {
      const count = third.kind === 'immediate' ? third.value : rcx;
      return /^sh[lr]d\/.*\/2$/.test(handler) && (count & 0x1fn) > 16n;
    },
  },
  {
    // SDM Vol. 2A, CALL, JMP, LDS/LES/LFS/LGS/LSS: m16:64. APM Vol. 3 has no such form of them.
    reason: 'a far pointer with 64 bits of offset, of which AMD processors read 32',
    applies: ({ handler }) => /^((call|jmp) far\/m|l[fgs]s\/rm)\/8$/.test(handler),
  },
  {
    // APM Vol. 3, PREFETCH: #UD with a register. SDM Vol. 2B, NOP and opcode map: a reserved NOP.
    reason: '0F 0D with a register, which is a NOP on Intel processors and #UD on those of AMD',
    applies: ({ handler, bytes }) =>
      handler.startsWith('reservednop/rr/') && bytes.some((byte, i) => byte === 0x0f && bytes[i + 1] === 0x0d),
  },
];

/**
 * Whether a vector must not be compared, because processors differ in an instruction that it executes.
 * @param rcx before the instruction.
 * @returns the reason, or undefined when the vector is to be compared in full.
 */
export function incomparable(bytes: Uint8Array, rcx: bigint): string | undefined {
  const decoded = decode(bytes);
  if (decoded.kind !== 'instruction') return undefined;
  return RULES.find((rule) => rule.applies(decoded, rcx))?.reason;
}

function isNearBranch({ handler }: DecodedInstruction): boolean {
  return /^(j[a-z]+|call|ret|ret imm16|loop[a-z]*)\//.test(handler);
}

/** REX prefixes stand behind all others. */
const LEGACY_PREFIXES: readonly number[] = [0x66, 0x67, 0xf2, 0xf3, 0xf0, 0x2e, 0x36, 0x3e, 0x26, 0x64, 0x65];
const isPrefix = (byte: number): boolean => LEGACY_PREFIXES.includes(byte) || (byte & 0xf0) === 0x40;

function hasPrefix({ bytes }: DecodedInstruction, ...prefixes: number[]): boolean {
  const opcode = bytes.findIndex((byte) => !isPrefix(byte));
  return bytes.subarray(0, opcode).some((byte) => prefixes.includes(byte));
}
