import type { Dialect } from '../dialect.js';
import { registerSourceAliases } from '../mnemonic-aliases.js';
import { parseAttOperand } from './parse-att-operand.js';

const suffixes = ['b', 'w', 'l', 'q', 's', 't', 'll'];

/** AT&T syntax: `movl $1,8(%rax,%rbx,4)`. */
export const attDialect: Dialect = {
  parseOperand: parseAttOperand,
  attOrder: (_, operands) => operands,
  lengthWords: {},
  sizedNames: (name) => {
    const sources = Object.hasOwn(registerSourceAliases, name) ? registerSourceAliases[name] : undefined;
    // Not movzxw, which nobody writes.
    return sources?.filter((source) => !source.includes('x')) ?? suffixes.map((suffix) => `${name}${suffix}`);
  },
  wording: {
    register: (name) => `%${name}`,
    immediate: (value) => `$${value}`,
    memory: (register) => `(${register})`,
    sized: (memory) => memory,
    indirect: '*',
  },
};
