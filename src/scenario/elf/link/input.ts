import { InputError, type InputErrorDetails } from '../../../input-error.js';
import { isCanonical } from '../canonical.js';
import type { ElfFile } from '../file.js';
import { hex } from '../hex.js';

/** An ELF file and where it goes. */
export interface ElfInput {
  readonly elf: ElfFile;
  /**
   * Linear address of an object's first byte, and what is added to the addresses of a position-independent program,
   * which mostly begin with 0. Programs of type ET_EXEC have their own.
   */
  readonly base?: bigint | undefined;
  /** Where the base was written down, for messages; without it they name the ELF file. */
  readonly origin?: InputErrorDetails | undefined;
}

/** Everything is mapped page by page. */
export const PAGE = 4096n;

/**
 * The base of a file that has no addresses of its own.
 *
 * @param alignment - what it must be a multiple of, a power of two
 * @throws InputError if there is none, or nothing can be there
 */
export function requireBase(input: ElfInput, alignment = PAGE): bigint {
  const { elf, base } = input;
  if (base === undefined) {
    throw baseError(input, `${elf.file} needs a base: it has no addresses of its own`, 'base: 0xffffffffa0000000');
  }
  const at = `the base of ${elf.file}, ${hex(base)}, is`;
  if (base % PAGE !== 0n) throw baseError(input, `${at} not page aligned (a multiple of 0x1000)`);
  if (base % alignment !== 0n) {
    const hint = 'link it with -z max-page-size=4096';
    throw baseError(input, `${at} not a multiple of ${hex(alignment)}, the largest p_align`, hint);
  }
  if (base < 0n || !isCanonical(base)) throw baseError(input, `${at} not a canonical address`);
  return base;
}

/** @throws InputError if `size` bytes of the file from an address would leave the canonical addresses */
export function requireRoom(input: ElfInput, address: bigint, size: bigint): void {
  if (isCanonical(address, size)) return;
  const { file } = input.elf;
  throw baseError(input, `${file} takes ${hex(size)} bytes, which from ${hex(address)} are not canonical addresses`);
}

/** @throws InputError if there is a base, because the file has its own addresses */
export function rejectBase(input: ElfInput): void {
  if (input.base === undefined) return;
  throw baseError(input, `${input.elf.file} is linked to fixed addresses (ET_EXEC); it cannot have a base`);
}

function baseError({ elf, origin }: ElfInput, message: string, hint?: string): InputError {
  const details = origin ?? { location: { file: elf.file } };
  return new InputError(message, { ...details, ...(hint === undefined ? {} : { hint }) });
}
