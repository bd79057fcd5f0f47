import { prefixesOf } from '../assembler/prefixes.js';
import { type Instruction, MandatoryPrefix, OpKind, Register, RegisterExt } from '../iced.js';

const segments: ReadonlyMap<number, { readonly word: string; readonly register: Register }> = new Map([
  [0x26, { word: 'es', register: Register.ES }],
  [0x2e, { word: 'cs', register: Register.CS }],
  [0x36, { word: 'ss', register: Register.SS }],
  [0x3e, { word: 'ds', register: Register.DS }],
  [0x64, { word: 'fs', register: Register.FS }],
  [0x65, { word: 'gs', register: Register.GS }],
]);

const OPERAND_SIZE = 0x66;
const ADDRESS_SIZE = 0x67;

/**
 * Words for the size and segment prefixes that an instruction has without using them: `cs cs` of the 2E 2E 2E 31 C0
 * that a kernel writes for `return 0` (the formatter prints the third), `data16 data16` of a 11-byte NOP.
 */
export function extraPrefixes(instruction: Instruction, bytes: Uint8Array): string[] {
  const { legacy: prefixes, rex } = prefixesOf(bytes);
  const count = (byte: number) => prefixes.filter((prefix) => prefix === byte).length;
  const words: string[] = [];
  const repeat = (word: string, times: number) => {
    for (let i = 0; i < times; i++) words.push(word);
  };
  const { segmentPrefix } = instruction;
  const printed = prefixes.findLastIndex((byte) => segments.get(byte)?.register === segmentPrefix);
  for (const [index, byte] of prefixes.entries()) {
    const segment = segments.get(byte);
    if (segment !== undefined && index !== printed) words.push(segment.word);
  }
  const unusedSizes = count(OPERAND_SIZE) - (usesOperandSize(instruction) ? 1 : 0);
  repeat('data16', unusedSizes);
  repeat('addr32', count(ADDRESS_SIZE) - (usesAddressSize(instruction) ? 1 : 0));
  // It may be an unneeded REX.W that takes the effect from 66: without it, 66 48 50 would be `push %ax`.
  if (unusedSizes > 0 && (rex & 0xf8) === 0x48 && !needsRexW(instruction)) words.push('rex.w');
  return words;
}

function usesOperandSize(instruction: Instruction): boolean {
  const info = instruction.opCode;
  const uses = info.operandSize === 16 || info.mandatoryPrefix === MandatoryPrefix.P66;
  info.free();
  return uses;
}

function needsRexW(instruction: Instruction): boolean {
  const info = instruction.opCode;
  const needs = info.operandSize === 64 && !info.defaultOpSize64;
  info.free();
  return needs;
}

const narrowStrings: ReadonlySet<OpKind> = new Set([OpKind.MemorySegESI, OpKind.MemorySegEDI, OpKind.MemoryESEDI]);

function usesAddressSize(instruction: Instruction): boolean {
  const info = instruction.opCode;
  const fixed = info.addressSize === 32;
  info.free();
  if (fixed) return true;
  for (let i = 0; i < instruction.opCount; i++) {
    const kind = instruction.opKind(i);
    if (narrowStrings.has(kind)) return true;
    if (kind !== OpKind.Memory) continue;
    const { memoryBase, memoryIndex } = instruction;
    const registers = [memoryBase, memoryIndex];
    if (memoryBase === Register.EIP || registers.some((register) => RegisterExt.isGPR32(register))) return true;
  }
  return false;
}
