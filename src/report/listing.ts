import type { AsmLine } from '../encoder/assemble.js';
import type { DisassembledInstruction } from '../encoder/disassemble.js';
import { hex } from '../property/monitor.js';
import { clip, safeText } from './safe-text.js';

/** Bytes in a line; further ones follow in lines of their own. */
const BYTES_IN_LINE = 7;
/** Bytes of data that one statement shows; the rest is counted. */
const LONGEST_DATA = 64;
const BYTES_WIDTH = 3 * BYTES_IN_LINE - 1;

/** `ffffffff8100c0bc <site>:`, as objdump begins a function. */
export function labelLine(address: bigint, name: string): string {
  return `${address.toString(16).padStart(16, '0')} <${safeText(name)}>:`;
}

/** The lines of some bytes and their text: `ffffffff8100c0bc:  e8 3f 3f ff 00        call old`. */
export function codeLines(address: bigint, bytes: Uint8Array, text: string): string[] {
  const shown = bytes.subarray(0, LONGEST_DATA);
  const lines: string[] = [];
  for (let at = 0; at < Math.max(1, shown.length); at += BYTES_IN_LINE) {
    const place = (address + BigInt(at)).toString(16).padStart(16, '0');
    const part = hex(shown.subarray(at, at + BYTES_IN_LINE));
    lines.push(`${place}:  ${at === 0 ? `${part.padEnd(BYTES_WIDTH)}  ${clip(safeText(text), 200)}` : part}`.trimEnd());
  }
  const left = bytes.length - shown.length;
  return left === 0 ? lines : [...lines, `${' '.repeat(17)}  ... and ${left} more bytes`];
}

/** One disassembled instruction. */
export function insnLines({ address, bytes, text }: DisassembledInstruction): string[] {
  return codeLines(address, bytes, text);
}

/** A listing of assembled code: every statement with its address and bytes, labels above them. */
export function* assemblyListing(
  base: bigint,
  bytes: Uint8Array,
  lines: readonly AsmLine[],
  symbols: ReadonlyMap<string, bigint>,
): Generator<string> {
  const labels = new Map<bigint, string[]>();
  for (const [name, address] of symbols) labels.set(address, [...(labels.get(address) ?? []), name]);
  for (const { address, length, text } of lines) {
    for (const name of labels.get(address) ?? []) yield labelLine(address, name);
    const start = Number(BigInt.asUintN(64, address - base));
    yield* codeLines(address, bytes.subarray(start, start + length), text);
  }
  const end = base + BigInt(bytes.length);
  for (const name of labels.get(BigInt.asUintN(64, end)) ?? []) yield labelLine(BigInt.asUintN(64, end), name);
}

/** Bytes in hex, 16 to a line. */
export function* hexLines(bytes: Uint8Array): Generator<string> {
  for (let at = 0; at < bytes.length; at += 16) yield hex(bytes.subarray(at, at + 16));
}
