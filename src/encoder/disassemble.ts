import { annotation, branchSymbol } from './disassembler/annotation.js';
import { extraPrefixes } from './disassembler/extra-prefixes.js';
import { attText, intelText } from './disassembler/instruction-text.js';
import { Decoder, DecoderOptions, Instruction } from './iced.js';
import type { SymbolLookup } from './symbols.js';
import type { Syntax } from './syntax.js';

/** One instruction in text, or one byte that begins none. */
export interface DisassembledInstruction {
  readonly address: bigint;
  /** in bytes */
  readonly length: number;
  readonly bytes: Uint8Array;
  /** `call 0xffffffff82000000 <old>`; `(bad)` for a byte that begins no instruction */
  readonly text: string;
}

/** How to disassemble. */
export interface DisassembleOptions {
  /** @defaultValue `'att'` */
  readonly syntax?: Syntax;
  /** names for branch targets and addresses */
  readonly symbols?: SymbolLookup;
}

/**
 * All instructions of 64-bit code. Branch targets are addresses followed by `<symbol>`; what a %rip-relative or
 * absolute operand refers to follows behind `#`. Prefixes that have no effect are shown (`cs cs cs xor %eax,%eax`). A
 * byte with which no instruction begins, or one that is cut off, is a `(bad)` of its own. The text assembles again
 * in the same syntax.
 *
 * @param address of the first byte
 */
export function disassemble(
  bytes: Uint8Array,
  address: bigint,
  options: DisassembleOptions = {},
): DisassembledInstruction[] {
  const decoder = new Decoder(64, bytes, DecoderOptions.None);
  const instruction = new Instruction();
  try {
    const all: DisassembledInstruction[] = [];
    for (let offset = 0; offset < bytes.length; ) {
      const next = decodeAt(decoder, instruction, bytes, offset, address, options);
      all.push(next);
      offset += next.length;
    }
    return all;
  } finally {
    decoder.free();
    instruction.free();
  }
}

/**
 * The first instruction of 64-bit code; what follows it is not looked at. See {@link disassemble} for the text.
 *
 * @throws RangeError when there are no bytes.
 */
export function disassembleOne(
  bytes: Uint8Array,
  address: bigint,
  options: DisassembleOptions = {},
): DisassembledInstruction {
  if (bytes.length === 0) throw new RangeError('there are no bytes to disassemble');
  const decoder = new Decoder(64, bytes, DecoderOptions.None);
  const instruction = new Instruction();
  try {
    return decodeAt(decoder, instruction, bytes, 0, address, options);
  } finally {
    decoder.free();
    instruction.free();
  }
}

function decodeAt(
  decoder: Decoder,
  instruction: Instruction,
  bytes: Uint8Array,
  offset: number,
  start: bigint,
  options: DisassembleOptions,
): DisassembledInstruction {
  const address = BigInt.asUintN(64, start + BigInt(offset));
  decoder.position = offset;
  decoder.ip = address;
  decoder.decodeOut(instruction);
  const length = instruction.isInvalid ? 1 : instruction.length;
  const own = bytes.slice(offset, offset + length);
  const text = instruction.isInvalid ? '(bad)' : textOf(instruction, own, options);
  return { address, length, bytes: own, text };
}

function textOf(instruction: Instruction, bytes: Uint8Array, { syntax = 'att', symbols }: DisassembleOptions): string {
  const plain = syntax === 'att' ? attText(instruction) : intelText(instruction);
  // With useless prefixes shown, iced prints the byte of a transaction hint twice.
  const once = plain.replace(/\b(xacquire|xrelease) (lock )?(repne|rep) /, '$1 $2');
  const words = [...extraPrefixes(instruction, bytes), `${once}${branchSymbol(instruction, symbols)}`];
  const note = annotation(instruction, symbols);
  return words.join(' ') + (note === undefined ? '' : `  # ${note}`);
}
