import { Code, FormatMnemonicOptions, type Instruction, MemorySize, Mnemonic } from '../iced.js';
import { intelMnemonic } from '../intel-mnemonic.js';
import { formatterFor } from './formatter.js';

/** An instruction as GNU tools write it in AT&T syntax. */
export function attText(instruction: Instruction): string {
  const text = formatterFor('att').format(instruction);
  // `0x0(%rax,%rax,1)`, as NOPs are known, where iced leaves a scale of 1 out, and no comma where there is no index.
  return text.replace(/\((%\w+)?,(%\w+)\)/, '($1,$2,1)').replace(/\((%\w+),\)/, '($1)');
}

/** An instruction as GNU tools write it in Intel syntax; iced's formatter writes for MASM. */
export function intelText(instruction: Instruction): string {
  const formatter = formatterFor('intel');
  const prefixes = formatter.formatMnemonicOptions(instruction, FormatMnemonicOptions.NoMnemonic);
  const name =
    intelMnemonic(instruction.code) ?? formatter.formatMnemonicOptions(instruction, FormatMnemonicOptions.NoPrefixes);
  const operands = intelOperands(instruction);
  // `monitor eax,rcx,rdx` says itself how wide the address is, `clzero` does not.
  const addressSize = operands === '' && hasNarrowAddress(instruction) ? 'addr32' : '';
  const parts = [addressSize, prefixes.replace(/\bhn?t\b/, (hint) => hints[hint] ?? hint), name, operands];
  const text = parts.filter((part) => part !== '').join(' ');
  // That `maskmovq` writes to [rdi] is implied, so what says more about it is a prefix.
  return text.replace(/^(v?maskmov\w+) (?:(\w\w):)?\[([er])di\],/, (_, mask, segment, width) => {
    const words = [width === 'e' ? 'addr32 ' : '', segment === undefined ? '' : `${segment} `];
    return `${words.join('')}${mask} `;
  });
}

function hasNarrowAddress(instruction: Instruction): boolean {
  const info = instruction.opCode;
  const { addressSize } = info;
  info.free();
  return addressSize === 32;
}

/** Branch hints are segment prefixes. */
const hints: Readonly<Record<string, string>> = { ht: 'ds', hnt: 'cs' };

function intelOperands(instruction: Instruction): string {
  const formatter = formatterFor('intel');
  // `int 3` is two bytes long for GNU tools.
  if (instruction.code === Code.Int3) return '';
  const isSwapped = instruction.mnemonic === Mnemonic.Xchg && formatter.getInstructionOperand(instruction, 0) === 1;
  if (isSwapped) return [1, 0].map((i) => formatter.formatOperand(instruction, i)).join(',');
  const size = gnuSizes.get(instruction.memorySize);
  const text = formatter.formatAllOperands(instruction);
  return size === undefined ? text : text.replace(/\b\w+ ptr /, size);
}

/** Sizes that GNU as has not, where MASM has them: `lgdt` and its like read 10 bytes, `movdir64b` 64; REX.W is no size. */
const gnuSizes: ReadonlyMap<MemorySize, string> = new Map([
  [MemorySize.Fword10, ''],
  [MemorySize.FpuEnv14, ''],
  [MemorySize.FpuEnv28, ''],
  [MemorySize.FpuState94, ''],
  [MemorySize.FpuState108, ''],
  [MemorySize.UInt512, ''],
  [MemorySize.Tilecfg, ''],
  [MemorySize.KLHandleAes256, ''],
  [MemorySize.SegPtr64, 'fword ptr '],
]);
