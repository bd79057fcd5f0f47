import { BEGIN, type GprName, SELECTOR } from '../../src/cpu/cells.js';
import type { DecodedInstruction } from '../../src/cpu/decoded-instruction.js';
import { aim, setCell } from './aim.js';
import { AT, RSP } from './machine-with.js';
import type { Random } from './random.js';

const SELECTORS = [0n, 0x10n, 0x18n, 0x23n, 0x2bn, 0x33n, 0x40n, 0x48n] as const;
const MSR_NUMBERS = [
  0x10n,
  0xe1n,
  0xc0000080n,
  0xc0000081n,
  0xc0000082n,
  0xc0000084n,
  0xc0000100n,
  0xc0000102n,
] as const;
/** What MOV to a control or debug register may write. */
const CONTROL_VALUES: Readonly<Record<string, bigint>> = {
  cr0: BEGIN.cr0,
  cr4: BEGIN.cr4,
  cr8: 0n,
  dr6: 0xffff4ff1n,
  dr7: 0xf0000400n,
};

/** Gives system instructions what they do not refuse: numbers of registers that exist, their values, selectors. */
export function suitSystem(
  instruction: DecodedInstruction,
  registers: Map<GprName, bigint>,
  words: Map<bigint, bigint>,
  segmentBase: bigint,
  random: Random,
): void {
  const { handler, src, dest, memory } = instruction;
  const control = CONTROL_VALUES[/^mov to (\w+)/.exec(handler)?.[1] ?? ''];
  if (control !== undefined) setCell(registers, src, random, control);
  if (/^(rd|wr)msr/.test(handler)) {
    registers.set('rcx', random.pick(MSR_NUMBERS));
    if (random.oneIn(2)) registers.set('rdx', 0n).set('rax', 0xd01n ^ BigInt(random.below(2)));
  }
  if (/^(monitor|mwait)/.test(handler)) registers.set('rcx', 0n).set('rax', AT.data + BigInt(random.below(0x1ff0)));
  if (handler.startsWith('umonitor')) setCell(registers, dest, random, AT.data + BigInt(random.below(0x1ff0)));
  if (/^(umwait|tpause)/.test(handler)) setCell(registers, dest, random, BigInt(random.below(3)));
  if (/^(lar|lsl|verr|verw)\/r/.test(handler)) {
    setCell(registers, handler.startsWith('l') ? src : dest, random, random.pick(SELECTORS));
  }
  if (/^(retf|iretd?)( imm16)?\//.test(handler)) farFrame(handler, instruction, registers, words, random);
  if (/^((call|jmp) far|l[sfg]s|lar|lsl|verr|verw)\/r?m/.test(handler) && memory !== undefined) {
    const at = AT.data + 8n * BigInt(random.below(0x300));
    aim(instruction, memory, registers, at, segmentBase, random);
    farPointer(sizeOf(handler), at, words, random);
  }
  if (/^(cmp\w+xadd|aadd|aand|aor|axor)\//.test(handler) && memory !== undefined) {
    aim(instruction, memory, registers, AT.data + 8n * BigInt(random.below(0x300)), segmentBase, random);
  }
  if (handler.startsWith('movdir64b') && memory !== undefined) {
    aim(instruction, memory, registers, AT.data + BigInt(random.below(0x1f00)), segmentBase, random);
    const to = random.oneIn(4) ? AT.code + 0x1000n : AT.data;
    setCell(registers, dest, random, to + (random.oneIn(4) ? 8n : 64n) * BigInt(random.below(0x20)));
  }
  if (handler.startsWith('pop ')) {
    registers.set('rsp', RSP);
    words.set(RSP, random.pick(SELECTORS));
  }
  if (!/^(mov to [d-gs]s|l[gil]dt|ltr|invpcid)\//.test(handler)) return;
  const isInvpcid = handler.startsWith('invpcid');
  const word = isInvpcid ? 0n : random.oneIn(3) ? SELECTOR.tss : random.pick(SELECTORS);
  setCell(registers, handler.startsWith('mov') ? src : dest, random, isInvpcid ? BigInt(random.below(4)) : word);
  if (memory === undefined) return;
  const at = AT.data + BigInt(random.below(0x1ff0));
  aim(instruction, memory, registers, at, segmentBase, random);
  words.set(at, word).set(at + 8n, 0n);
}

/** Bytes of the operand: the end of a handler's key. */
function sizeOf(handler: string): bigint {
  return handler.startsWith('iret') ? (handler.startsWith('iretd') ? 4n : 2n) : BigInt(handler.slice(-1));
}

/** An offset near the beginning of the code, as far as it has the bits, and a selector behind it. */
function farPointer(size: bigint, at: bigint, words: Map<bigint, bigint>, random: Random): void {
  const offset = (AT.code + BigInt(random.below(64))) & ((1n << (8n * size)) - 1n);
  const selector = random.pick([SELECTOR.kernelCode, SELECTOR.kernelData, random.pick(SELECTORS)]);
  if (size === 8n) words.set(at, offset).set(at + 8n, selector);
  else words.set(at, offset | (selector << (8n * size)));
}

/** What RETF and IRET pop: RIP, CS; with IRET RFLAGS; RSP, SS, which lie above what `retf imm16` releases. */
function farFrame(
  handler: string,
  { dest }: DecodedInstruction,
  registers: Map<GprName, bigint>,
  words: Map<bigint, bigint>,
  random: Random,
): void {
  const size = sizeOf(handler);
  const user = random.oneIn(2);
  const { kernelCode, kernelData, userCode, userData } = SELECTOR;
  const head = [AT.code, user ? userCode : kernelCode, ...(handler.startsWith('iret') ? [0x202n] : [])];
  const tail = [RSP, user ? userData : kernelData];
  if (random.oneIn(6)) tail[1] = random.pick(SELECTORS);
  const release = dest.kind === 'immediate' ? dest.value & 0xffffn : 0n;
  const place = (values: readonly bigint[], from: bigint): void => {
    values.forEach((value, i) => {
      const at = from + size * BigInt(i);
      const [word, shift] = [at & ~7n, 8n * (at & 7n)];
      const mask = ((1n << (8n * size)) - 1n) << shift;
      words.set(word, ((words.get(word) ?? 0n) & ~mask) | ((value << shift) & mask));
    });
  };
  registers.set('rsp', RSP);
  place(head, RSP);
  if (release < 0xf00n) place(tail, RSP + size * BigInt(head.length) + (release & ~7n));
}
