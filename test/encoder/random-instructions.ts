import fc from 'fast-check';

/** Registers, by the letter of their AT&T size suffix. */
const registers = {
  b: 'al cl dl bl spl bpl sil dil r8b r9b r10b r11b r12b r13b r14b r15b ah ch dh bh',
  w: 'ax cx dx bx sp bp si di r8w r9w r10w r11w r12w r13w r14w r15w',
  l: 'eax ecx edx ebx esp ebp esi edi r8d r9d r10d r11d r12d r13d r14d r15d',
  q: 'rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15',
};
type Width = keyof typeof registers;

const oneOf = (names: string) => fc.constantFrom(...names.split(' '));
const register = (width: Width) => oneOf(registers[width]).map((name) => `%${name}`);
const indexes = (width: Width) => register(width).filter((name) => name !== '%rsp' && name !== '%esp');

const segment = fc.constantFrom('', '', '', '%fs:', '%gs:', '%cs:', '%ds:', '%es:', '%ss:');
const scale = fc.constantFrom('', ',1', ',2', ',4', ',8');
const hexNumber = (value: number) => `${value < 0 ? '-' : ''}0x${Math.abs(value).toString(16)}`;
const displacement = fc.oneof(
  fc.constant(''),
  fc.integer({ min: -130, max: 130 }).map(String),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map(hexNumber),
);

const based = (width: Width) =>
  fc.oneof(
    fc.tuple(segment, displacement, register(width)).map(([s, d, b]) => `${s}${d}(${b})`),
    fc
      .tuple(segment, displacement, register(width), indexes(width), scale)
      .map(([s, d, b, i, k]) => `${s}${d}(${b},${i}${k})`),
    fc.tuple(segment, displacement, indexes(width), scale).map(([s, d, i, k]) => `${s}${d}(,${i}${k})`),
  );

/** Memory operands of every shape there is in 64-bit mode, with numbers only. */
export const memoryOperand: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: based('q') },
  { weight: 2, arbitrary: based('l') },
  { weight: 1, arbitrary: fc.tuple(segment, displacement).map(([s, d]) => `${s}${d}(%rip)`) },
  { weight: 1, arbitrary: fc.tuple(segment, fc.nat(2 ** 31 - 1)).map(([s, d]) => `${s}${d}`) },
);

/** Immediates around the limits of every field width. */
const immediate = fc
  .oneof(
    fc.integer({ min: -129, max: 256 }).map(BigInt),
    fc.integer({ min: -(2 ** 15) - 1, max: 2 ** 16 }).map(BigInt),
    fc.bigInt({ min: -(2n ** 31n) - 1n, max: 2n ** 32n }),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
  )
  .map((value) => `$${value}`);

const arithmetic = oneOf('add or adc sbb and sub xor cmp test mov');
const pairs = oneOf('imul cmove cmovnle bsf bsr bt bts btr btc xadd cmpxchg popcnt lzcnt tzcnt xchg lea movbe');
const single = oneOf('inc dec neg not mul imul div idiv push pop shl nop bswap');
const shifts = oneOf('rol ror rcl rcr shl shr sar');

function ofWidth(width: Width): fc.Arbitrary<string> {
  const own = register(width);
  const either = fc.oneof(own, memoryOperand);
  const suffix = fc.constantFrom('', width);
  return fc.oneof(
    fc
      .tuple(fc.constantFrom('', '', 'lock '), arithmetic, suffix, fc.oneof(either, immediate), either)
      .map(([p, m, s, a, b]) => `${p}${m}${s} ${a},${b}`),
    fc.tuple(arithmetic, immediate, memoryOperand).map(([m, a, b]) => `${m}${width} ${a},${b}`),
    fc.tuple(pairs, suffix, either, either).map(([m, s, a, b]) => `${m}${s} ${a},${b}`),
    fc.tuple(oneOf('imul shld shrd'), immediate, either, either).map(([m, i, a, b]) => `${m} ${i},${a},${b}`),
    fc
      .tuple(shifts, suffix, fc.oneof(immediate, fc.constant('%cl')), either)
      .map(([m, s, i, a]) => `${m}${s} ${i},${a}`),
    fc.tuple(single, suffix, either).map(([m, s, a]) => `${m}${s} ${a}`),
    fc.tuple(oneOf('movzb movsb movzw movsw movsl'), either, either).map(([m, a, b]) => `${m}${width} ${a},${b}`),
  );
}

/** Random integer instructions in AT&T syntax, most of which exist. */
export const instructionText: fc.Arbitrary<string> = fc.oneof(
  ofWidth('b'),
  ofWidth('w'),
  ofWidth('l'),
  ofWidth('q'),
  fc.tuple(oneOf('push pushw pushq ret int'), immediate).map(([m, i]) => `${m} ${i}`),
  fc.tuple(oneOf('call jmp'), fc.oneof(register('q'), memoryOperand)).map(([m, a]) => `${m} *${a}`),
);
