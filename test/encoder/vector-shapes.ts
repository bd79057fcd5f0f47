import { formsNamed, mnemonics } from '../../src/encoder/assembler/form-index.js';
import type { Syntax } from '../../src/encoder/syntax.js';
import type { Shapes } from './operand-shapes.js';

/** XMM and MMX registers beside what integer instructions take. */
export const vectorShapes: Readonly<Record<Syntax, Shapes>> = {
  att: {
    one: ['%xmm1', '%xmm9', '%mm2', '%cx', '%ecx', '%r9', '$1', '(%rdx)'],
    alone: [],
    sized: [],
    besides: [],
    three: [
      ['$1', '%xmm0', '%xmm3'],
      ['%mm2', '%xmm1', '%xmm9', '%ecx', '%rbx', '(%rdx)'],
      ['%mm3', '%xmm2', '%xmm10', '%cx', '%ecx', '%rbx', '(%rdx)'],
    ],
  },
  intel: {
    one: ['xmm1', 'xmm9', 'mm2', 'cx', 'ecx', 'r9', '1', '[rdx]'],
    alone: [],
    sized: [
      ...['byte ptr [rdx]', 'word ptr [rdx]', 'dword ptr [rdx]', 'qword ptr [rdx]'],
      ...['mmword ptr [rdx]', 'xmmword ptr [rdx]'],
    ],
    besides: ['xmm1', 'mm2', 'ecx', 'r9', '1'],
    three: [
      ['mm3', 'xmm2', 'xmm10', 'cx', 'ecx', 'rbx', '[rdx]', 'word ptr [rdx]'],
      ['mm2', 'xmm1', 'xmm9', 'ecx', 'rbx', '[rdx]', 'word ptr [rdx]', 'xmmword ptr [rdx]'],
      ['1', 'xmm0', 'xmm3'],
    ],
  },
};

/** Mnemonics of MMX and SSE: without VEX, and with a vector register in some form. */
export function vectorMnemonics(syntax: Syntax): string[] {
  return mnemonics(syntax).filter(
    (name) =>
      !name.startsWith('v') &&
      formsNamed(name, syntax).some(({ slots }) =>
        slots.some((slot) => slot.kind === 'register' && isVector(slot.accepts)),
      ),
  );
}

const isVector = (file: string) => file === 'xmm' || file === 'mm';
