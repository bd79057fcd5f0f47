import type { Dialect } from '../dialect.js';
import { impliedRegisters } from '../implied-registers.js';
import { parseIntelOperand } from './parse-intel-operand.js';
import { sizedMemory } from './size-words.js';

/** Instructions whose operands are in the same order in both syntaxes. */
const sameOrder: ReadonlySet<string> = new Set(['enter', 'enterw', 'enterq', ...Object.keys(impliedRegisters)]);

const suffixes = ['b', 'w', 'd', 'q'];

/** Intel syntax without register prefixes, as after GNU as' `.intel_syntax noprefix`: `mov dword ptr [rax+rbx*4+8],1`. */
export const intelDialect: Dialect = {
  parseOperand: parseIntelOperand,
  attOrder: (name, operands) => (sameOrder.has(name) ? operands : [...operands].reverse()),
  lengthWords: { short: { branch: 8 } },
  // Memory says its size itself, so there are such names only for what has no memory operand, as for `iret`.
  sizedNames: (name, isMnemonic) => (isMnemonic(name) ? [] : suffixes.map((suffix) => `${name}${suffix}`)),
  wording: {
    register: (name) => name,
    immediate: (value) => value,
    memory: (register) => `[${register}]`,
    sized: sizedMemory,
    indirect: '',
  },
};
