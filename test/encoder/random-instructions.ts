import fc from 'fast-check';
import type { Syntax } from '../../src/encoder/syntax.js';

/** Registers, by the letter of their AT&T size suffix. */
const registers = {
  b: 'al cl dl bl spl bpl sil dil r8b r9b r10b r11b r12b r13b r14b r15b ah ch dh bh',
  w: 'ax cx dx bx sp bp si di r8w r9w r10w r11w r12w r13w r14w r15w',
  l: 'eax ecx edx ebx esp ebp esi edi r8d r9d r10d r11d r12d r13d r14d r15d',
  q: 'rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15',
};
type Width = keyof typeof registers;
const widths: readonly Width[] = ['b', 'w', 'l', 'q'];

/** An operand before it is written. */
export type RandomOperand =
  | { readonly kind: 'register'; readonly name: string }
  | { readonly kind: 'immediate'; readonly value: bigint }
  | {
      readonly kind: 'memory';
      readonly segment?: string | undefined;
      readonly displacement?: string | undefined;
      readonly base?: string;
      readonly index?: string;
      readonly scale?: number | undefined;
    };

/** An instruction before it is written; it may not exist. */
export interface RandomInstruction {
  readonly prefix: string;
  readonly name: Readonly<Record<Syntax, string>>;
  /** what a suffix or a size before memory says, when one is written */
  readonly width: Width | undefined;
  /** written with a star in AT&T syntax */
  readonly indirect: boolean;
  /** in AT&T order */
  readonly operands: readonly RandomOperand[];
}

const oneOf = (names: string) => fc.constantFrom(...names.split(' '));
const registerName = (width: Width) => oneOf(registers[width]);
const register = (width: Width) => registerName(width).map((name): RandomOperand => ({ kind: 'register', name }));
const indexes = (width: Width) => registerName(width).filter((name) => name !== 'rsp' && name !== 'esp');

const segment = fc.constantFrom(undefined, undefined, undefined, 'fs', 'gs', 'cs', 'ds', 'es', 'ss');
const scale = fc.constantFrom(undefined, 1, 2, 4, 8);
const hexNumber = (value: number) => `${value < 0 ? '-' : ''}0x${Math.abs(value).toString(16)}`;
const displacement = fc.oneof(
  fc.constant(undefined),
  fc.integer({ min: -130, max: 130 }).map(String),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map(hexNumber),
);

const memory = { kind: fc.constant('memory' as const), segment, displacement };
const based = (width: Width): fc.Arbitrary<RandomOperand> =>
  fc.oneof(
    fc.record({ ...memory, base: registerName(width) }),
    fc.record({ ...memory, base: registerName(width), index: indexes(width), scale }),
    fc.record({ ...memory, index: indexes(width), scale: fc.constantFrom(1, 2, 4, 8) }),
  );

/** Memory operands of every shape there is in 64-bit mode, with numbers only. */
const memoryOperand: fc.Arbitrary<RandomOperand> = fc.oneof(
  { weight: 6, arbitrary: based('q') },
  { weight: 2, arbitrary: based('l') },
  { weight: 1, arbitrary: fc.record({ ...memory, base: fc.constant('rip') }) },
  { weight: 1, arbitrary: fc.record({ ...memory, displacement: fc.nat(2 ** 31 - 1).map(hexNumber) }) },
);

/** Immediates around the limits of every field width. */
const immediate = fc
  .oneof(
    fc.integer({ min: -129, max: 256 }).map(BigInt),
    fc.integer({ min: -(2 ** 15) - 1, max: 2 ** 16 }).map(BigInt),
    fc.bigInt({ min: -(2n ** 31n) - 1n, max: 2n ** 32n }),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
  )
  .map((value): RandomOperand => ({ kind: 'immediate', value }));

const arithmetic = oneOf('add or adc sbb and sub xor cmp test mov');
const pairs = oneOf('imul cmove cmovnle bsf bsr bt bts btr btc xadd cmpxchg popcnt lzcnt tzcnt xchg lea movbe');
const single = oneOf('inc dec neg not mul imul div idiv push pop shl nop bswap');
const shifts = oneOf('rol ror rcl rcr shl shr sar');
const count: fc.Arbitrary<RandomOperand> = fc.oneof(immediate, fc.constant({ kind: 'register' as const, name: 'cl' }));

function instruction(
  names: fc.Arbitrary<string>,
  width: fc.Arbitrary<Width | undefined>,
  operands: readonly fc.Arbitrary<RandomOperand>[],
  prefix: fc.Arbitrary<string> = fc.constant(''),
): fc.Arbitrary<RandomInstruction> {
  const name = names.map((both) => ({ att: both, intel: both }));
  return fc.record({ prefix, name, width, indirect: fc.constant(false), operands: fc.tuple(...operands) });
}

function ofWidth(own: Width): fc.Arbitrary<RandomInstruction> {
  const either = fc.oneof(register(own), memoryOperand);
  const width = fc.constantFrom(undefined, own);
  const lock = fc.constantFrom('', '', 'lock ');
  return fc.oneof(
    instruction(arithmetic, width, [fc.oneof(either, immediate), either], lock),
    instruction(arithmetic, fc.constant(own), [immediate, memoryOperand]),
    instruction(pairs, width, [either, either]),
    instruction(oneOf('imul shld shrd'), fc.constant(undefined), [immediate, either, either]),
    instruction(shifts, width, [count, either]),
    instruction(single, width, [either]),
  );
}

/** `movzbl` and `movzx` with a source and a destination of these widths. */
const extension: fc.Arbitrary<RandomInstruction> = fc
  .tuple(fc.constantFrom('z', 's'), fc.constantFrom<Width>('b', 'w'), fc.constantFrom<Width>('w', 'l', 'q'))
  .filter(([, from, to]) => from !== to)
  .chain(([kind, from, to]) =>
    fc.record({
      prefix: fc.constant(''),
      name: fc.constant({ att: `mov${kind}${from}${to}`, intel: `mov${kind}x` }),
      width: fc.constant(from),
      indirect: fc.constant(false),
      operands: fc.tuple(fc.oneof(register(from), memoryOperand), register(to)),
    }),
  );

/** Random integer instructions, most of which exist. */
export const randomInstruction: fc.Arbitrary<RandomInstruction> = fc.oneof(
  ...widths.map((width) => ({ weight: 4, arbitrary: ofWidth(width) })),
  { weight: 1, arbitrary: extension },
  { weight: 1, arbitrary: instruction(oneOf('push pushw pushq ret int'), fc.constant(undefined), [immediate]) },
  {
    weight: 1,
    arbitrary: instruction(oneOf('call jmp'), fc.constant(undefined), [fc.oneof(register('q'), memoryOperand)]).map(
      (branch) => ({ ...branch, indirect: true }),
    ),
  },
);

const intelSizes: Readonly<Record<Width, string>> = {
  b: 'byte ptr ',
  w: 'word ptr ',
  l: 'dword ptr ',
  q: 'qword ptr ',
};

/** The instruction in a syntax. */
export function textOf({ prefix, name, width, indirect, operands }: RandomInstruction, syntax: Syntax): string {
  if (syntax === 'att') {
    const suffix = width === undefined || name.att !== name.intel ? '' : width;
    return `${prefix}${name.att}${suffix} ${operands.map((operand) => attOperand(operand, indirect)).join(',')}`;
  }
  const size = width === undefined ? '' : intelSizes[width];
  const written = operands.map((operand) => intelOperand(operand, size)).reverse();
  return `${prefix}${name.intel} ${written.join(',')}`;
}

function attOperand(operand: RandomOperand, indirect: boolean): string {
  if (operand.kind === 'immediate') return `$${operand.value}`;
  const star = indirect ? '*' : '';
  if (operand.kind === 'register') return `${star}%${operand.name}`;
  const { segment: override, displacement: number = '', base, index, scale: factor } = operand;
  const indexText = index === undefined ? '' : `,%${index}${factor === undefined ? '' : `,${factor}`}`;
  const inner =
    base === undefined && index === undefined ? '' : `(${base === undefined ? '' : `%${base}`}${indexText})`;
  return `${star}${override === undefined ? '' : `%${override}:`}${number}${inner}`;
}

function intelOperand(operand: RandomOperand, size: string): string {
  if (operand.kind === 'immediate') return String(operand.value);
  if (operand.kind === 'register') return operand.name;
  const { segment: override, displacement: number, base, index, scale: factor } = operand;
  const scaled = index === undefined ? undefined : `${index}${factor === undefined ? '' : `*${factor}`}`;
  const terms = [base, scaled, number].filter((term) => term !== undefined);
  return `${size}${override === undefined ? '' : `${override}:`}[${terms.join('+')}]`;
}
