import type { Handler } from '../definition.js';

/** What compiled code mostly consists of, by the sizes of operands. */
const COMMON: readonly { readonly sizes: readonly number[]; readonly names: string }[] = [
  { sizes: [1, 4, 8], names: 'mov cmp test' },
  { sizes: [4, 8], names: 'movzx movsxd lea add sub and or xor adc sbb inc dec neg not imul imul3' },
  { sizes: [4, 8], names: 'shl shr sar rol ror' },
  { sizes: [4, 8], names: 'nop push pop call ret jmp' },
  { sizes: [8], names: 'jo jno jb jae je jne jbe ja js jns jp jnp jl jge jle jg' },
];
const IN_LOOP = new Set(
  COMMON.flatMap(({ sizes, names }) => names.split(' ').flatMap((name) => sizes.map((size) => `${name} ${size}`))),
);

/**
 * Whether a handler's code is part of the interpreter's loop. The others are called from there: V8 allocates registers
 * well only to functions with up to 8,192 virtual ones, which 160 handlers stay below and 350 do not.
 */
export function isInLoop({ definition, size }: Handler): boolean {
  return IN_LOOP.has(`${definition.name} ${size}`);
}
