import { FLAG, STATUS_FLAGS } from './machine-state.mjs';

const SHIFTS = /^(Shl|Sal|Shr|Sar|Rol|Ror|Rcl|Rcr|Shld|Shrd)$/;
const AFTER_SHIFT = FLAG.of | FLAG.af | FLAG.cf;

/**
 * Which status flags are undefined along a program: no instruction may read one, else registers would be undefined too.
 * Where it depends on values (counts, paths), flags are taken for undefined.
 */
export class UndefinedFlags {
  mask = 0n;

  mayExecute({ readFlags }) {
    return (readFlags & this.mask) === 0n;
  }

  /** Flags that are undefined if the instruction faults. */
  duringFault({ undefinedFlags }) {
    return this.mask | undefinedFlags;
  }

  execute({ mnemonic, modifiedFlags, undefinedFlags }) {
    // With a count of 0 the flags stay as they are.
    if (SHIFTS.test(mnemonic)) this.mask |= AFTER_SHIFT | undefinedFlags;
    else this.mask = (this.mask & ~modifiedFlags) | undefinedFlags;
  }

  /** Another path leads here. */
  join(mask) {
    this.mask |= mask;
  }

  /** A loop begins: nothing is known of what its end leaves. */
  forget() {
    this.mask = STATUS_FLAGS;
  }
}
