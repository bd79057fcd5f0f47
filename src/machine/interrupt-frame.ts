import { execute } from '../cpu/backend/bigint.js';
import type { BigintInsn } from '../cpu/backend/bigint-insn.js';
import { ACTIVITY, SELECTOR } from '../cpu/cells.js';
import type { CpuState } from '../cpu/cpu-state.js';
import { decode } from '../cpu/decode.js';
import { executableOf } from '../cpu/executable.js';
import { RFLAGS } from '../cpu/flags.js';
import { MachineView } from '../cpu/processor-view.js';
import { hasErrorCode } from '../cpu/vector.js';
import type { Memory } from '../memory/memory.js';

/** The words of an interrupt frame in 64-bit mode, from RSP upwards (without an error code). */
export const FRAME = { rip: 0, cs: 8, rflags: 16, rsp: 24, ss: 32, size: 40 } as const;

/**
 * Delivers an interrupt or exception through an interrupt gate (SDM Vol. 3A, "Stack Switching in IA-32e Mode" and "64-Bit
 * Mode Stack Frame"): RSP is aligned down to 16 bytes, SS, RSP, RFLAGS, CS and RIP are pushed, an error code where the
 * vector has one; IF, TF, NT and RF are cleared; the shadow is gone; a halted CPU runs again.
 */
export function deliver(memory: Memory, cpu: CpuState, vector: number, errorCode: number): void {
  const user = cpu.cell('cpl') !== 0n;
  let sp = cpu.rsp & ~15n;
  const push = (value: bigint): void => {
    sp = BigInt.asUintN(64, sp - 8n);
    memory.write(sp, 8, value);
  };
  push(user ? SELECTOR.userData : SELECTOR.kernelData);
  push(cpu.rsp);
  push(cpu.rflags);
  push(user ? SELECTOR.userCode : SELECTOR.kernelCode);
  push(cpu.rip);
  if (hasErrorCode(vector)) push(BigInt(errorCode));
  cpu.rsp = sp;
  cpu.rflags &= ~(RFLAGS.if | RFLAGS.tf | RFLAGS.nt | RFLAGS.rf);
  cpu.setCell('cpl', 0n);
  cpu.setCell('shadow', 0n);
  cpu.setCell('activity', ACTIVITY.running);
}

const IRETQ = executableOf(0n, decode(Uint8Array.of(0x48, 0xcf)));

/**
 * Executes IRETQ on a CPU whose handler is a procedure: the same definition that guest code runs. RIP is committed.
 * @returns what the instruction did; its status tells of a #GP on a damaged frame.
 */
export function interruptReturn(memory: Memory, cpu: CpuState): BigintInsn {
  const insn = execute(IRETQ, new MachineView(memory, cpu.cpu));
  cpu.rip = insn.rip;
  return insn;
}
