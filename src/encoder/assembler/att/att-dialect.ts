import type { Dialect } from '../dialect.js';
import { parseAttOperand } from './parse-att-operand.js';

/** AT&T syntax: `movl $1,8(%rax,%rbx,4)`. */
export const attDialect: Dialect = {
  parseOperand: parseAttOperand,
  attOrder: (_, operands) => operands,
  lengthWords: {},
  sizeSuffixes: ['b', 'w', 'l', 'q', 's', 't', 'll'],
  wording: {
    register: (name) => `%${name}`,
    immediate: (value) => `$${value}`,
    memory: (register) => `(${register})`,
    sized: (memory) => memory,
    indirect: '*',
  },
};
