import { type Formatter, type Instruction, Mnemonic, Register } from '../iced.js';
import type { FormOperand } from './instruction-form.js';
import { registerByName, registerFile } from './registers.js';
import type { Slot } from './slot.js';

const bareName = (text: string) => text.replace(/^\*?%/, '');

/** What iced's AT&T formatter prints as operands of an instruction with these slots, in its order. */
export function writtenOperands(sample: Instruction, slots: readonly Slot[], formatter: Formatter): FormOperand[] {
  return Array.from({ length: formatter.operandCount(sample) }, (_, position) => {
    const text = formatter.formatOperand(sample, position);
    // iced prints the operands of `enter` in its own order, but says that it swaps them.
    const isEnter = sample.mnemonic === Mnemonic.Enter;
    const index = isEnter ? position : formatter.getInstructionOperand(sample, position);
    const slot = index === undefined ? undefined : slots[index];
    const indirect = text.startsWith('*');
    if (index === undefined || slot === undefined) {
      const register = registerByName(bareName(text)) ?? Register.None;
      return { slot: { kind: 'fixed', register }, fills: [], indirect };
    }
    return { slot: asPrinted(slot, text), fills: [index], indirect };
  });
}

/** A register slot takes the width that is printed: `lldt %cx`, though the encoding has a 32-bit operand. */
function asPrinted(slot: Slot, text: string): Slot {
  if (slot.kind !== 'register') return slot;
  const register = registerByName(bareName(text));
  const accepts = register === undefined ? undefined : registerFile(register);
  return accepts === undefined ? slot : { ...slot, accepts };
}
