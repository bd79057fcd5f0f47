import { BEGIN, type GprName, SELECTOR } from '../../src/cpu/cells.js';
import type { DecodedInstruction } from '../../src/cpu/decoded-instruction.js';
import { aim, setCell } from './aim.js';
import { AT, RSP } from './machine-with.js';
import type { Random } from './random.js';

const SELECTORS = [0n, 0x10n, 0x18n, 0x23n, 0x2bn, 0x33n, 0x40n, 0x48n] as const;
const MSR_NUMBERS = [0x10n, 0xc0000080n, 0xc0000081n, 0xc0000082n, 0xc0000084n, 0xc0000100n, 0xc0000102n] as const;
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
