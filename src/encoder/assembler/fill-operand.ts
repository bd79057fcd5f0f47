import { type Instruction, OpKind, Register, RegisterExt } from '../iced.js';
import { sameRegisterIn } from './registers.js';
import type { Slot } from './slot.js';

/** A memory operand with its displacement known. */
export interface Address {
  /** the segment override to encode, or `Register.None` */
  readonly segment: Register;
  readonly base: Register;
  readonly index: Register;
  readonly scale: number;
  /** unsigned 64-bit; for %rip the address that is meant, not the distance */
  readonly displacement: bigint;
  /** 0 for none, 1 for one byte, 4 or 8 for four bytes */
  readonly displacementSize: number;
}

/** What an operand slot is filled with; a slot takes what it needs, and something harmless when it is not given. */
export interface OperandValue {
  readonly register?: Register;
  /** immediate, or branch target address; unsigned 64-bit */
  readonly number?: bigint;
  readonly address?: Address;
}

/** Sets operand `index` of iced's instruction. */
export function fillOperand(instruction: Instruction, index: number, slot: Slot, value: OperandValue): void {
  switch (slot.kind) {
    case 'register':
      instruction.setOpKind(index, OpKind.Register);
      instruction.setOpRegister(index, encodedRegister(slot.accepts, slot.encodes, value.register ?? Register.None));
      return;
    case 'fixed':
      instruction.setOpKind(index, OpKind.Register);
      instruction.setOpRegister(index, slot.register);
      return;
    case 'memory':
    case 'vector memory':
    case 'absolute':
      instruction.setOpKind(index, OpKind.Memory);
      if (value.address !== undefined) fillMemory(instruction, value.address, slot.kind === 'absolute');
      return;
    case 'string':
      fillString(instruction, index, slot, value.address);
      return;
    case 'immediate':
      instruction.setOpKind(index, hasImmediateBefore(instruction, index) ? OpKind.Immediate8_2nd : slot.opKind);
      instruction.setImmediateU64(index, value.number ?? 0n);
      return;
    case 'constant':
      instruction.setOpKind(index, OpKind.Immediate8);
      instruction.setImmediateU64(index, slot.value);
      return;
    case 'branch':
      instruction.setOpKind(index, OpKind.NearBranch64);
      instruction.nearBranch64 = value.number ?? 0n;
      return;
  }
}

function encodedRegister(accepts: string, encodes: Parameters<typeof sameRegisterIn>[0], register: Register): Register {
  return accepts === encodes ? register : sameRegisterIn(encodes, register);
}

function fillMemory(instruction: Instruction, address: Address, absolute: boolean): void {
  instruction.segmentPrefix = address.segment;
  instruction.memoryDisplacement = address.displacement;
  instruction.memoryDisplSize = absolute ? 8 : address.displacementSize;
  if (absolute) return;
  instruction.memoryBase = address.base;
  instruction.memoryIndex = address.index;
  instruction.memoryIndexScale = address.scale;
}

function fillString(
  instruction: Instruction,
  index: number,
  slot: Slot & { kind: 'string' },
  address: Address | undefined,
): void {
  const base = address === undefined || address.base === Register.None ? slot.base : address.base;
  const narrow = RegisterExt.isGPR32(base);
  instruction.setOpKind(index, slot.opKinds[narrow ? 1 : 0]);
  if (address !== undefined && address.segment !== Register.None) instruction.segmentPrefix = address.segment;
  if (slot.opKinds[0] !== OpKind.Memory) return;
  instruction.memoryBase = base;
  instruction.memoryIndex = Register.AL;
}

/** The second immediate of `enter`, `extrq` and `insertq`. */
function hasImmediateBefore(instruction: Instruction, index: number): boolean {
  for (let i = 0; i < index; i++) {
    const kind = instruction.opKind(i);
    if (kind === OpKind.Immediate8 || kind === OpKind.Immediate16) return true;
  }
  return false;
}
