import type { InputError } from '../../input-error.js';
import { hex } from './hex.js';
import type { ElfSource } from './source.js';

/** Where each field of a fixed-size record is, in bytes from its start, and how many bytes wide it is. */
export type Layout<Field extends string> = Readonly<Record<Field, readonly [offset: number, width: 1 | 2 | 4 | 8]>>;

/** A range of bytes of the file; `end` is exclusive. */
export interface FileRange {
  readonly start: number;
  readonly end: number;
}

/** One header or table entry of an ELF file: its fields by name, and errors that say which field is wrong. */
export class ElfRecord<Field extends string> {
  readonly #source: ElfSource;
  readonly #title: string;
  readonly #start: number;
  readonly #layout: Layout<Field>;

  /** @param start - offset in the file; the caller has made sure that the whole record is inside */
  constructor(source: ElfSource, title: string, start: number, layout: Layout<Field>) {
    this.#source = source;
    this.#title = title;
    this.#start = start;
    this.#layout = layout;
  }

  /** The value of a field, unsigned. */
  get(field: Field): bigint {
    const [offset, width] = this.#layout[field];
    return this.#source.littleEndian(this.#start + offset, width);
  }

  /** The value of a field of at most 4 bytes. */
  number(field: Field): number {
    return Number(this.get(field));
  }

  /**
   * Where the `size` bytes are whose offset in the file a field gives; anywhere if there are none.
   *
   * @param sizeName - where the size comes from, for the message
   * @throws InputError if they are not wholly inside the file
   */
  range(field: Field, size: bigint, sizeName: string): FileRange {
    if (size === 0n) return { start: 0, end: 0 };
    const start = this.get(field);
    const end = start + size;
    const length = this.#source.bytes.length;
    if (end > BigInt(length)) {
      const problem = `with ${hex(size)} bytes (${sizeName}) it ends at ${hex(end)}, but the file ends at ${hex(length)}`;
      throw this.error(field, problem, 'is the file truncated?');
    }
    return { start: Number(start), end: Number(end) };
  }

  /** The mistake `problem` in a field, such as `ELF header: e_machine at offset 0x12 is 0x28: not EM_X86_64`. */
  error(field: Field, problem: string, hint?: string): InputError {
    const at = hex(this.#start + this.#layout[field][0]);
    return this.#source.error(`${this.#title}: ${field} at offset ${at} is ${hex(this.get(field))}: ${problem}`, hint);
  }
}
