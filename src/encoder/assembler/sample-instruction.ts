import { type Code, CodeSize, Instruction, Register } from '../iced.js';
import { fillOperand } from './fill-operand.js';
import { registersOf } from './registers.js';
import type { Slot } from './slot.js';

/** An instruction of an encoding with some operands in its slots; to be freed. */
export function sampleInstruction(code: Code, slots: readonly Slot[]): Instruction {
  const sample = new Instruction();
  sample.code = code;
  sample.codeSize = CodeSize.Code64;
  for (const [index, slot] of slots.entries()) {
    if (slot.kind === 'register') {
      // Different registers, none of them with a short form or a meaning of its own.
      fillOperand(sample, index, slot, { register: registersOf(slot.encodes)[1 + index] ?? Register.None });
    } else if (slot.kind === 'vector memory') {
      const vector = registersOf(slot.index)[6] ?? Register.None;
      fillOperand(sample, index, slot, { address: { ...sampleAddress, index: vector } });
    } else if (slot.kind === 'memory' || slot.kind === 'absolute') {
      fillOperand(sample, index, slot, { address: sampleAddress });
    } else {
      fillOperand(sample, index, slot, {});
    }
  }
  return sample;
}

const sampleAddress = {
  segment: Register.None,
  base: Register.RDX,
  index: Register.None,
  scale: 1,
  displacement: 0n,
  displacementSize: 0,
};
