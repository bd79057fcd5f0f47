import { ACTIVITY, SELECTOR } from '../cpu/cells.js';
import type { CpuState } from '../cpu/cpu-state.js';
import { RFLAGS } from '../cpu/flags.js';
import { hasErrorCode } from '../cpu/vector.js';
import type { Memory } from '../memory/memory.js';

/** The words of an interrupt frame in 64-bit mode, from RSP upwards (without an error code). */
export const FRAME = { rip: 0, cs: 8, rflags: 16, rsp: 24, ss: 32, size: 40 } as const;

/**
 * Delivers an interrupt or exception through an interrupt gate (SDM Vol. 3A, "Stack Switching in IA-32e Mode" and "64-Bit
 * Mode Stack Frame"): RSP is aligned down to 16 bytes, SS, RSP, RFLAGS, CS and RIP are pushed, an error code where the
 * vector has one; IF, TF, NT and RF are cleared; the shadow is gone; a halted CPU runs again.
 * @param stack where the frame goes below; the current stack unless the IDT entry names another (IST)
 */
export function deliver(memory: Memory, cpu: CpuState, vector: number, errorCode: number, stack = cpu.rsp): void {
  const user = cpu.cell('cpl') !== 0n;
  const rflags = cpu.rflags;
  const frame = [
    cpu.rip,
    user ? SELECTOR.userCode : SELECTOR.kernelCode,
    rflags,
    cpu.rsp,
    user ? SELECTOR.userData : SELECTOR.kernelData,
  ];
  if (hasErrorCode(vector)) frame.unshift(BigInt(errorCode));
  const sp = BigInt.asUintN(64, (stack & ~15n) - BigInt(8 * frame.length));
  memory.writeWords(sp, frame);
  cpu.rsp = sp;
  cpu.rflags = rflags & ~(RFLAGS.if | RFLAGS.tf | RFLAGS.nt | RFLAGS.rf);
  cpu.setCell('cpl', 0n);
  cpu.setCell('shadow', 0n);
  cpu.setCell('activity', ACTIVITY.running);
}
