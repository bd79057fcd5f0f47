/** A generator of small numbers: the same for the same seed (xorshift32). */
export function numbers(seed: number): (below: number) => number {
  let x = (Math.imul(seed + 1, 0x9e3779b1) | 1) >>> 0;
  return (below) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    x >>>= 0;
    return x % below;
  };
}

const ALGORITHMS = [
  'text-poke-bp',
  'memcpy',
  'aligned-store',
  'aligned-store-sync',
  'stop-machine',
  'text-poke-bp-no-sync',
  'text-poke-bp-no-sync1',
  'text-poke-bp-no-sync3',
  'int3-skips',
  'int3-retries',
  'stub-plain',
  'stub-sti',
  '{steps: [poke, sync-self]}',
  '{steps: [publish, write-int3, sync, write-tail, write-first-byte, forget]}',
];
/** Those of few steps. */
const SHORT_ALGORITHMS = [
  'memcpy',
  'aligned-store',
  'aligned-store-sync',
  '{steps: [poke, sync-self]}',
  'stop-machine',
];
const FETCH_RULES = ['coherent', 'torn', 'monotone', 'per-unit', 'any', 'undefined-xmc'];
/** What a worker does beside its site: registers, its stack, and data that others read and write too. */
const PIECES = [
  'nop',
  'xor %ebx, %ebx',
  'mov counter(%rip), %ebx',
  'movl $1, counter(%rip)',
  'movl $0, counter(%rip)',
  'xorb $1, counter+4(%rip)',
  'lock xorl $3, far(%rip)',
  'movb $2, far+1(%rip)',
  'cmpl $0, far(%rip)',
  'push %rbx; pop %rdx; xor %edx, %edx',
  'cli; nop; sti',
  'cpuid; xor %eax, %eax; xor %ebx, %ebx; xor %ecx, %ecx; xor %edx, %edx',
  'mfence',
  'movw $0x9090, pad(%rip)',
  'movw $0x9066, pad(%rip)',
];
const PATCHES: readonly (readonly [from: string, to: string])[] = [
  ['call.rel32 old', 'call.rel32 new'],
  ['.nops 5', 'call.rel32 new'],
  ['call.rel32 new', '.nops 5'],
  ['data16 nop', 'jmp.rel8 on'],
];

const INTERRUPTS = ['nmi: 1', 'nmi: 2', 'mc: 1', 'nmi: 1, mc: 1'];

/** What a generated scenario has beside its code. */
export interface Extras {
  /** Expressions, which some reductions would hide states from. Default: yes. */
  readonly checks?: boolean;
  /** Two workers that begin alike and stay on their CPUs. Default: no. */
  readonly alike?: boolean;
  /** Coherent text, and one or two NMIs or machine checks. Default: no. */
  readonly interrupts?: boolean;
}

/**
 * A small scenario as YAML: 2 or 3 CPUs, short loops, one site that is patched once or twice. One in three is tiny, so that
 * all of its states can be looked at.
 */
export function randomScenario(
  seed: number,
  { checks = true, alike = false, interrupts = false }: Extras = {},
): string {
  const number = numbers(seed);
  const isTiny = number(3) === 0;
  const few = (below: number): number => (isTiny ? 0 : number(below));
  const pick = <T>(list: readonly [T, ...T[]] | readonly T[]): T => list[number(list.length)] as T;
  const [from, to] = pick(PATCHES);
  const isStub = (algorithm: string): boolean => algorithm.startsWith('stub');
  const algorithms = isTiny ? SHORT_ALGORITHMS : ALGORITHMS;
  let algorithm = pick(algorithms);
  while (isStub(algorithm) && !to.startsWith('call')) algorithm = pick(algorithms);
  const cpus = alike ? 3 : 2 + few(2);
  const pieces = Array.from({ length: few(3) }, () => pick(PIECES));
  const ends = pick([['jmp.rel8 worker'], ['jmp.rel8 worker'], ['hlt', 'jmp.rel8 worker']]);
  const asm = [
    ...(number(2) === 0 ? ['worker:'] : ['nop', 'worker:']),
    `site: ${from}`,
    'on:',
    ...(pieces.some((piece) => piece.includes('pad')) ? ['pad: data16 nop'] : []),
    ...pieces.flatMap((piece) => piece.split('; ')),
    ...ends,
  ];
  const fetch = pick(interrupts ? (['coherent'] as const) : FETCH_RULES);
  const unit = 2 ** number(4);
  const list = [`    - {site: site, new: "${to}"}`, ...(few(3) === 1 ? [`    - {site: site, new: "${from}"}`] : [])];
  const base = pick(['0xffffffff8100c0bc', '0xffffffff8100c0be', '0xffffffff8100c0c0', '0xffffffff8100cffd']);
  const seconds = few(4) === 1 && !alike ? ['  second:  {cpu: 1, entry: worker, stack: {private: 4096}}'] : [];
  return `scenario: random
text:
  - base: ${base}
    writable: yes
    asm: |
${asm.map((line) => `      ${line}`).join('\n')}
  - base: 0xffffffff82000000
    asm: |
      old:    mov $1, %eax
              ret
              .skip 0x1234
      new:    mov $2, %eax
              ret
  - {name: stub, base: 0xffffffff83000000, size: 33}
data:
  - {name: counter, base: 0xffffffff83800000, size: 8}
  - {name: far, base: 0xffffffff83800100, size: 8}
sites:
  site: {clobbers: [rax, rcx, rdx, rsi, rdi, r8, r9, r10, r11], flag-clobbers: all}
cpus: ${cpus}
tasks:
  patcher: {cpu: 0, procedure: patch}
  worker:  {cpu: ${cpus === 2 ? '[1]' : alike ? '[1, 2]' : pick(['[1]', '[1, 2]'])}, entry: worker, if: ${isTiny ? number(2) : 1}, stack: {private: 4096}}
${seconds.join('\n')}
patch:
  list:
${list.join('\n')}
algorithm: ${algorithm}
profile: {name: ${pick(['ideal', 'amd-apm', 'intel-practice'])}, fetch: ${fetch}, unit: ${unit}}
budgets: {reschedule: ${alike ? 0 : few(2)}, ${interrupts ? pick(INTERRUPTS) : `nmi: ${few(2)}`}}
properties: {enable: [no-old-after-sync1]${number(3) === 0 ? ', disable: [no-torn-instruction, site-effect]' : ''}}
${checks ? expressions(number) : ''}goals: {add: [ipi-waited-for-stub, old-and-new-executed]}
`;
}

function expressions(number: (below: number) => number): string {
  return `check:
  always: {stack: "worker@1.rsp"${number(2) === 0 ? ', word: "u32[counter] <= 1"' : ''}}
  sometimes: {moved: "worker@1.rip == on and [far]"${number(2) === 0 ? ', pushed: "[worker@1.rsp - 8]"' : ''}}
  finally: {over: "patcher.rip"}
`;
}
