import { InputError } from '../input-error.js';

/** Somebody accessed an address where nothing is mapped, without asking before. */
export class NotMapped extends InputError {
  constructor(address: bigint) {
    super(`nothing is mapped at 0x${address.toString(16)}`);
  }
}
