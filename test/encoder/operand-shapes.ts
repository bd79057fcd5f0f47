import { formsNamed } from '../../src/encoder/assembler/form-index.js';
import type { Syntax } from '../../src/encoder/syntax.js';

/** Operands of every shape, one of each. */
export interface Shapes {
  readonly one: readonly string[];
  /** tried alone */
  readonly alone: readonly string[];
  /** tried with `besides`, in both orders */
  readonly sized: readonly string[];
  readonly besides: readonly string[];
  readonly three: readonly [readonly string[], readonly string[], readonly string[]];
}

/**
 * A mnemonic with every combination of operand shapes, whether it makes sense or not, of as many operands as it ever
 * takes.
 */
export function linesOf(name: string, syntax: Syntax, shapes: Shapes): string[] {
  const { one, alone, sized, besides, three } = shapes;
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
