import { statSync } from 'node:fs';
import { MAX_INSTRUCTION_LENGTH } from '../../cpu/decoded-instruction.js';
import { type DisassembleOptions, disassemble } from '../../encoder/disassemble.js';
import { SymbolTable } from '../../encoder/symbols.js';
import { InputError } from '../../input-error.js';
import { insnLines, labelLine } from '../../report/listing.js';
import { readElf } from '../../scenario/elf.js';
import { EXIT } from '../exit-code.js';
import { type Output, StandardOutput } from '../io/output.js';
import { decodeText, displayName, readBytes, STDIN } from '../io/read-input.js';
import { looksLikeText, parseHexText } from './hex-text.js';

/** Flags of `xmc disasm`. */
export interface DisasmOptions {
  readonly base?: bigint;
  readonly syntax: 'att' | 'intel';
  readonly format: 'auto' | 'hex' | 'binary' | 'elf';
}

/** Bytes of input that are read. */
const INPUT_BYTES = 1 << 30;
/** Bytes that are disassembled at once, so that a kernel's text does not pile up in memory. */
const CHUNK = 1 << 16;
/** The name of hex text on the command line, in messages. */
const COMMAND_LINE = '<command line>';

/** `xmc disasm`: disassembles a file, standard input, or bytes on the command line. */
export async function disasmCommand(input: readonly string[], options: DisasmOptions): Promise<number> {
  const { syntax, base = 0n } = options;
  const output = new StandardOutput();
  const path = fileAmong(input);
  if (path === undefined) {
    await printCode(spelledOut(input, options), base, { syntax }, output);
  } else {
    const bytes = await readBytes(path, INPUT_BYTES);
    const file = displayName(path);
    const format = options.format === 'auto' ? guessFormat(bytes) : options.format;
    if (format === 'elf') await printElf(bytes, file, options, output);
    else
      await printCode(format === 'hex' ? parseHexText(decodeText(bytes, file), file) : bytes, base, { syntax }, output);
  }
  await output.finish();
  return EXIT.ok;
}

/** The file that the input names; undefined when it is bytes. A file goes before bytes that are written like its name. */
function fileAmong(input: readonly string[]): string | undefined {
  const [path = STDIN, second] = input;
  const isFile = second === undefined && (path === STDIN || statSync(path, { throwIfNoEntry: false }) !== undefined);
  return isFile ? path : undefined;
}

/** The bytes that the command line spells out. */
function spelledOut(input: readonly string[], { format }: DisasmOptions): Uint8Array {
  const text = input.join(' ');
  if (format !== 'auto' && format !== 'hex') throw new InputError('no such file', { location: { file: text } });
  try {
    return parseHexText(text, COMMAND_LINE);
  } catch (error) {
    if (!(error instanceof InputError) || input.length > 1) throw error;
    throw new InputError(`'${text}' is neither a file nor bytes in hex`);
  }
}

function guessFormat(bytes: Uint8Array): 'elf' | 'hex' | 'binary' {
  if (bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46) return 'elf';
  return looksLikeText(bytes) ? 'hex' : 'binary';
}

async function printCode(
  bytes: Uint8Array,
  address: bigint,
  options: DisassembleOptions,
  output: Output,
): Promise<void> {
  for (let start = 0; start < bytes.length; ) {
    const part = bytes.subarray(start, start + CHUNK);
    const insns = disassemble(part, BigInt.asUintN(64, address + BigInt(start)), options);
    // What the end of the part may have cut off is looked at again with the next one.
    const whole = start + part.length === bytes.length ? insns : insns.slice(0, -MAX_INSTRUCTION_LENGTH);
    for (const insn of whole) output.write(`${insnLines(insn).join('\n')}\n`);
    start += whole.reduce((sum, { length }) => sum + length, 0);
    await output.flush();
  }
}

/** The executable segments of a program; every symbol begins anew, as in objdump's output. */
async function printElf(bytes: Uint8Array, file: string, options: DisasmOptions, output: Output): Promise<void> {
  if (options.base !== undefined)
    throw new InputError('--base has no meaning for an ELF file: it has its own addresses');
  const { segments, symbols } = readElf(bytes, file);
  const names = new Map<bigint, string[]>();
  for (const { name, address } of symbols) names.set(address, [...(names.get(address) ?? []), name]);
  const starts = [...names.keys()].sort((a, b) => (a < b ? -1 : 1));
  const table = new SymbolTable(symbols.map(({ name, address }) => [name, address] as const));
  for (const { address, bytes: code } of segments.filter(({ flags }) => flags.execute)) {
    const end = address + BigInt(code.length);
    const bounds = [address, ...starts.filter((start) => start > address && start < end), end];
    for (const [index, start] of bounds.slice(0, -1).entries()) {
      for (const name of names.get(start) ?? []) output.write(`${labelLine(start, name)}\n`);
      const part = code.subarray(Number(start - address), Number((bounds[index + 1] ?? end) - address));
      await printCode(part, start, { syntax: options.syntax, symbols: table }, output);
    }
  }
}
