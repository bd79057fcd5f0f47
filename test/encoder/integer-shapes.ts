import { formsNamed, mnemonics } from '../../src/encoder/assembler/form-index.js';
import type { Syntax } from '../../src/encoder/syntax.js';

/** Operands of every shape, one of each. */
interface Shapes {
  readonly one: readonly string[];
  /** tried alone */
  readonly alone: readonly string[];
  /** tried with `besides`, in both orders */
  readonly sized: readonly string[];
  readonly besides: readonly string[];
  readonly three: readonly [readonly string[], readonly string[], readonly string[]];
}

const shapes: Readonly<Record<Syntax, Shapes>> = {
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

/**
 * A mnemonic with every combination of operand shapes, whether it makes sense or not, of as many operands as it ever
 * takes.
 */
export function linesOf(name: string, syntax: Syntax): string[] {
  const { one, alone, sized, besides, three } = shapes[syntax];
  const forms = formsNamed(name, syntax);
  const takes = (count: number) => forms.some((form) => form.written.length === count);
  const branches = forms.some((form) => form.written.some(({ slot }) => slot.kind === 'branch'));
  // A number is a target, and GNU as needs to know where the line is.
  const single = takes(1) ? [...one, ...alone, ...sized].filter((a) => !(branches && /^\d/.test(a))) : one.slice(2, 3);
  const lines = [name, ...single.map((a) => `${name} ${a}`)];
  if (takes(2)) {
    for (const a of one) for (const b of one) lines.push(`${name} ${a},${b}`);
    for (const a of sized) for (const b of besides) lines.push(`${name} ${a},${b}`, `${name} ${b},${a}`);
  }
  const [first, second, third] = three;
  if (takes(3))
    for (const a of first) for (const b of second) for (const c of third) lines.push(`${name} ${a},${b},${c}`);
  if (branches) lines.push(`${name} .`);
  return lines;
}
