import { assemble } from '../dist/encoder/assemble.js';
import { Random } from '../dist/explore/random.js';

export const TEXT_BASE = 0xffffffff81000000n;
export const DATA_BASE = 0xffffffff82000000n;

/** A short loop of the instructions that compiled code consists of: 26 of them. */
const LOOP = `
loop:   add %rbx, %rax
        mov (%rdi), %rcx
        xor %rcx, %rdx
        lea 8(%rdi,%rbx,2), %rsi
        mov %rdx, 8(%rdi)
        shl $3, %r8
        sub $5, %r9
        cmp %r9, %rax
        jne 1f
        inc %r10
1:      push %rax
        pop %r11
        and $0xff, %r11d
        movzbl %al, %r12d
        imul %r12, %r13
        or %r13, %rbp
        mov 16(%rdi), %r14d
        add %r14d, 24(%rdi)
        test %rax, %rax
        js 2f
        rol $7, %r15
2:      call 3f
        dec %rbx
        jmp loop
3:      adc $1, %rdx
        ret
`;

export function shortLoop() {
  return assemble([{ base: TEXT_BASE, source: LOOP }]).blocks[0].bytes;
}

const SAFE = [
  '%rax',
  '%rbx',
  '%rcx',
  '%rdx',
  '%rsi',
  '%rbp',
  '%r8',
  '%r9',
  '%r10',
  '%r11',
  '%r12',
  '%r13',
  '%r14',
  '%r15',
];

const ALL = 'OSZ';
/** The flags of OF, SF and ZF that a branch reads; all read CF or nothing beside them. */
const READ_BY = { je: 'Z', jne: 'Z', jb: '', jge: 'OS', js: 'S', jg: 'OSZ' };

/**
 * About a thousand random instructions of the same mix in one 4 KiB page, ending in a jump to the start. No branch
 * reads a flag that the manuals leave undefined, so that whatever executes the program does the same.
 */
export function randomProgram(seed) {
  const random = new Random(seed);
  const pick = (list) => list[random.below(list.length)];
  const reg = () => pick(SAFE);
  const cell = () => `${8 * random.below(64)}(%rdi)`;
  /** Which of OF, SF and ZF are undefined here; at the start all, as the jump there may come from anywhere. */
  let undefinedFlags = ALL;
  const leaves = (flags, text) => {
    undefinedFlags = flags;
    return text;
  };
  const alu = (name, operands) =>
    leaves(name === 'mov' ? undefinedFlags : name === 'imul' ? 'SZ' : '', `${name} ${operands}`);
  const shift = (name, count) => {
    const others = name.startsWith('ro') ? undefinedFlags.replace('O', '') : '';
    return leaves(count > 1 ? `O${others}` : others, `${name} $${count}, ${reg()}`);
  };
  const branches = () =>
    Object.keys(READ_BY).filter((name) => ![...READ_BY[name]].some((flag) => undefinedFlags.includes(flag)));
  const make = [
    () =>
      alu(pick(['add', 'sub', 'and', 'or', 'xor', 'cmp', 'test', 'adc', 'sbb', 'mov', 'imul']), `${reg()}, ${reg()}`),
    () => alu(pick(['add', 'sub', 'and', 'or', 'xor', 'cmp', 'mov']), `$${random.below(0x7fff)}, ${reg()}`),
    () => alu(pick(['add', 'sub', 'xor', 'mov', 'cmp', 'imul']), `${cell()}, ${reg()}`),
    () => alu(pick(['add', 'xor', 'mov', 'or']), `${reg()}, ${cell()}`),
    () => `lea ${random.below(128)}(${reg()},${reg()},4), ${reg()}`,
    () => shift(pick(['shl', 'shr', 'sar', 'rol', 'ror']), 1 + random.below(31)),
    () => {
      const name = pick(['inc', 'dec', 'neg', 'not']);
      return leaves(name === 'not' ? undefinedFlags : '', `${name} ${reg()}`);
    },
    () => `push ${reg()}\n pop ${reg()}`,
    // The instruction that may be skipped defines flags, but not where it is skipped.
    () => `${pick(branches())}.rel8 1f\n ${pick(['inc', 'dec'])} ${reg()}\n1:`,
  ];
  const lines = ['start:'];
  for (let bytes = 0; bytes < 3900; ) {
    const line = pick(make)();
    lines.push(line);
    bytes += 3.45 * line.split('\n').length;
  }
  lines.push('jmp.rel32 start');
  const { bytes } = assemble([{ base: TEXT_BASE, source: lines.join('\n') }]).blocks[0];
  return bytes.length <= 4096 ? bytes : shorter(lines);
}

/** Drops instructions until the program fits the page. */
function shorter(lines) {
  for (let drop = 10; ; drop += 10) {
    const source = [...lines.slice(0, -1 - drop), '1:', lines.at(-1)].join('\n');
    const { bytes } = assemble([{ base: TEXT_BASE, source }]).blocks[0];
    if (bytes.length <= 4096) return bytes;
  }
}
