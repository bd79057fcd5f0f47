import { CALL_INSN_OPCODE, JMP8_INSN_OPCODE, JMP32_INSN_OPCODE } from '../../encoder/instruction-templates.js';
import { InputError } from '../../input-error.js';
import type { Patch } from '../../machine/patch.js';
import { emulationOf } from '../emulated-insn.js';

/** Where a CPU that met the INT3 of a site has to get to, so that the new instruction seems to have been executed. */
export interface StaticCall {
  readonly target: bigint;
  /** The address that a call pushes; undefined for a jump or a NOP, which need no stub. */
  readonly returnAddress: bigint | undefined;
}

/**
 * What a stub has to do in place of the new instruction.
 * @throws {@link InputError} when that is neither a call nor a jump nor a NOP
 */
export function staticCallOf(patch: Patch): StaticCall {
  const { opcode, disp } = emulationOf(patch);
  const next = patch.address + BigInt(patch.bytes.length);
  const target = BigInt.asUintN(64, next + BigInt(disp));
  switch (opcode) {
    case CALL_INSN_OPCODE:
      return { target, returnAddress: next };
    case JMP8_INSN_OPCODE:
    case JMP32_INSN_OPCODE:
      return { target, returnAddress: undefined };
    default:
      throw new InputError(`site ${patch.site}: a stub can call and jump, and nothing else`, {
        hint: 'patch to a call, a jmp or a NOP, or use text-poke-bp, which emulates more',
      });
  }
}

/**
 * Checks that a stub can stand for a patch.
 * @throws {@link InputError} when it cannot
 */
export function requireStaticCall(patch: Patch): void {
  staticCallOf(patch);
}

/**
 * As {@link staticCallOf}, for a stub that is generated at `stub`: it pushes an immediate and jumps by a displacement.
 * @throws {@link InputError} also when one of the two does not fit
 */
export function reachableCallOf(patch: Patch, stub: bigint): StaticCall {
  const call = staticCallOf(patch);
  const { returnAddress, target } = call;
  if (returnAddress === undefined) return call;
  // push imm32 is sign-extended: the top or bottom 2 GiB.
  const fits = (value: bigint): boolean => BigInt.asIntN(32, value) === BigInt.asIntN(64, value);
  if (fits(returnAddress) && fits(target - stub - 32n) && fits(target - stub)) return call;
  throw new InputError(
    `site ${patch.site}: a stub at 0x${stub.toString(16)} cannot push 0x${returnAddress.toString(16)} or reach 0x${target.toString(16)}`,
    { hint: 'kernel text lies in the top 2 GiB: 0xffffffff80000000 and above' },
  );
}
