import { CELL, GPR_NAMES, type GprName, XMM_CELLS } from '../../src/cpu/cells.js';
import type { CellOperand, DecodedInstruction, MemoryOperand } from '../../src/cpu/decoded-instruction.js';
import type { Random } from './random.js';

const MASK = 0xffffffffffffffffn;

/** Sets the base register so that the operand lies at `address`, as far as that goes. */
export function aim(
  instruction: DecodedInstruction,
  memory: MemoryOperand,
  registers: Map<GprName, bigint>,
  address: bigint,
  segmentBase: bigint,
  random: Random,
): void {
  const [base, index] = [nameOf(memory.base), nameOf(memory.index)];
  if (index !== undefined) registers.set(index, random.oneIn(4) ? random.u64() : BigInt(random.below(64)));
  if (base === undefined || base === index) return;
  const scaled = index === undefined ? 0n : (registers.get(index) ?? 0n) << BigInt(memory.scale);
  const wide = instruction.handler.startsWith('cmpxchg16b') || usesXmm(instruction);
  const offset = wide && random.oneIn(2) ? address & 15n : 0n;
  const origin = memory.segment === undefined ? 0n : segmentBase ^ (memory.segment === 'gsBase' ? 0x40n : 0n);
  const wanted = address - offset - scaled - memory.displacement - origin;
  const dirt = memory.addressMask === MASK ? 0n : random.u64() << 32n;
  registers.set(base, ((wanted & memory.addressMask) | dirt) & MASK);
}

/** Whether an operand is an XMM register. */
export function usesXmm({ dest, src }: DecodedInstruction): boolean {
  return [dest, src].some((operand) => operand.kind === 'cell' && operand.offset >= XMM_CELLS);
}

export function nameOf(operand: CellOperand): GprName | undefined {
  return operand.kind === 'cell' && operand.offset < CELL.rip ? GPR_NAMES[operand.offset >> 3] : undefined;
}

export function setCell(registers: Map<GprName, bigint>, operand: CellOperand, random: Random, wanted: bigint): void {
  const name = nameOf(operand);
  if (name !== undefined && !random.oneIn(4)) registers.set(name, wanted & MASK);
}
