import { CELL, cpuBase, GPR_NAMES } from '../cpu/cells.js';
import type { CpuState } from '../cpu/cpu-state.js';
import { RFLAGS } from '../cpu/flags.js';
import { STATUS } from '../cpu/record.js';
import { hasErrorCode, VECTOR, vectorName } from '../cpu/vector.js';
import { LAYOUT, SCRATCH } from '../memory/layout.js';
import type { Memory } from '../memory/memory.js';
import type { Vector } from './vector.js';

/** RFLAGS of a vector that records none: IF and the fixed bit. */
export const DEFAULT_RFLAGS = RFLAGS.if | RFLAGS.fixed;

/** RF and TF belong to how a vector was recorded, not to its instruction. */
const NEVER_COMPARED = RFLAGS.rf | RFLAGS.tf;

/**
 * Compares a CPU with what a vector says of the state after its instruction: registers, RIP, defined flags, every byte of
 * memory, the exception.
 * @param status What the last step gave.
 * @returns each difference in words.
 */
export function compareVector(vector: Vector, cpu: CpuState, memory: Memory, status: number): readonly string[] {
  return [...compareRegisters(vector, cpu), ...compareMemory(vector, memory), ...compareEnd(vector, memory, status)];
}

function compareRegisters({ initial, final, undefinedFlags }: Vector, cpu: CpuState): string[] {
  const mismatches: string[] = [];
  const compare = (what: string, wanted: bigint, got: bigint): void => {
    if (wanted !== got) mismatches.push(`${what}: recorded ${wanted.toString(16)}, got ${got.toString(16)}`);
  };
  for (const name of GPR_NAMES) {
    compare(name, final.registers.get(name) ?? initial.registers.get(name) ?? 0n, cpu.gpr(name));
  }
  compare('rip', final.rip, cpu.rip);
  const mask = ~(undefinedFlags | NEVER_COMPARED);
  compare('rflags', (final.rflags ?? initial.rflags ?? DEFAULT_RFLAGS) & mask, cpu.rflags & mask);
  return mismatches;
}

function compareMemory({ initial, final }: Vector, memory: Memory): string[] {
  const wanted = new Map<bigint, number>();
  for (const { address, bytes } of [...initial.ram, ...final.ram]) {
    bytes.forEach((byte, i) => {
      wanted.set(address + BigInt(i), byte);
    });
  }
  // What was written without being recorded must have stayed 0.
  for (const { address } of memory.written.entries()) {
    for (let at = address; at < address + 8n; at++) if (!wanted.has(at)) wanted.set(at, 0);
  }
  const mismatches: string[] = [];
  for (const [address, byte] of wanted) {
    const got = memory.bytes(address, 1)[0] ?? 0;
    if (got !== byte) mismatches.push(`[${address.toString(16)}]: recorded ${hexByte(byte)}, got ${hexByte(got)}`);
  }
  return mismatches;
}

const hexByte = (byte: number): string => byte.toString(16).padStart(2, '0');

function compareEnd({ final: { exception } }: Vector, memory: Memory, status: number): string[] {
  const raised = (status & (STATUS.fault | STATUS.trap)) !== 0 ? status & 0xff : undefined;
  if (raised !== exception?.vector) return [`exception: recorded ${named(exception?.vector)}, got ${named(raised)}`];
  if (raised === undefined) return [];
  const mismatches: string[] = [];
  const error = memory.linear.int32(LAYOUT.scratch + SCRATCH.errorCode);
  if (hasErrorCode(raised) && exception?.error !== undefined && error !== exception.error) {
    mismatches.push(`error code: recorded ${exception.error}, got ${error}`);
  }
  const cr2 = memory.linear.uint64(cpuBase(0) + CELL.cr2);
  if (raised === VECTOR.pf && exception?.cr2 !== undefined && cr2 !== exception.cr2) {
    mismatches.push(`cr2: recorded ${exception.cr2.toString(16)}, got ${cr2.toString(16)}`);
  }
  return mismatches;
}

const named = (vector: number | undefined): string => (vector === undefined ? 'none' : vectorName(vector));
