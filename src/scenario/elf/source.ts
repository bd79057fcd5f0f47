import type { InputError } from '../../input-error.js';
import { elfError } from './error.js';

/** The bytes of an ELF file together with its name. */
export class ElfSource {
  readonly bytes: Uint8Array;
  readonly file: string;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, file: string) {
    this.bytes = bytes;
    this.file = file;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The unsigned number of `width` bytes at `offset`, which the caller knows to be inside the file. */
  littleEndian(offset: number, width: 1 | 2 | 4 | 8): bigint {
    switch (width) {
      case 1:
        return BigInt(this.#view.getUint8(offset));
      case 2:
        return BigInt(this.#view.getUint16(offset, true));
      case 4:
        return BigInt(this.#view.getUint32(offset, true));
      case 8:
        return this.#view.getBigUint64(offset, true);
    }
  }

  /** A mistake in this file. */
  error(message: string, hint?: string): InputError {
    return elfError(this.file, message, hint);
  }
}
