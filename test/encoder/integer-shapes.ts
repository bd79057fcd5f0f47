import { formsNamed, mnemonics } from '../../src/encoder/assembler/form-index.js';
import type { Syntax } from '../../src/encoder/syntax.js';
import type { Shapes } from './operand-shapes.js';

/** General-purpose registers, memory and immediates. */
export const integerShapes: Readonly<Record<Syntax, Shapes>> = {
  att: {
    one: ['%cl', '%dx', '%ecx', '%rbx', '%eax', '$1', '$0x12345678', '(%rdx)'],
    alone: ['*%cx', '*%rbx', '*(%rdx)', '*8(%rsi,%rdi,4)'],
    sized: [],
    besides: [],
    three: [
      ['$1', '%cl', '%ecx', '%rbx'],
      ['%dx', '%ecx', '%rbx', '(%rdx)'],
      ['%dx', '%esi', '%rdi', '(%rsi)'],
    ],
  },
  intel: {
    one: ['cl', 'dx', 'ecx', 'rbx', 'eax', '1', '0x12345678', '[rdx]'],
    alone: ['cx', 'qword ptr [rsi+rdi*4+8]', 'far ptr [rdx]', 'fword ptr [rdx]', 'tbyte ptr [rdx]', 'oword ptr [rdx]'],
    sized: ['byte ptr [rdx]', 'word ptr [rdx]', 'dword ptr [rdx]', 'qword ptr [rdx]'],
    besides: ['cl', 'dx', 'ecx', 'rbx', '1'],
    three: [
      ['dx', 'esi', 'rdi', '[rsi]'],
      ['dx', 'ecx', 'rbx', '[rdx]'],
      ['1', 'cl', 'ecx', 'rbx'],
    ],
  },
};

/**
 * Mnemonics all of whose forms have general-purpose operands only: the integer instruction set with BMI, TBM and so
 * on.
 */
export function integerMnemonics(syntax: Syntax): string[] {
  return mnemonics(syntax).filter((name) => {
    const slots = formsNamed(name, syntax).flatMap((form) => form.slots);
    const isGeneral = slots.every((slot) => slot.kind !== 'register' || /^(gpr|seg|control|debug)/.test(slot.accepts));
    return isGeneral && !name.startsWith('f') && !slots.some((slot) => slot.kind === 'vector memory');
  });
}
