import { type InstructionFacts, instructionFacts } from '../encoder/instruction-facts.js';

/** Instructions that are remembered. */
const MOST_KNOWN = 4096;

/**
 * Which flags are undefined after instructions, one behind the other: those that the last instruction to touch them
 * leaves undefined, by iced-x86's tables.
 */
export class UndefinedFlags {
  mask = 0n;
  /** By bytes: loops come to the same instructions again and again. */
  private readonly known = new Map<string, InstructionFacts>();

  clear(): void {
    this.mask = 0n;
  }

  /** Takes note of an instruction that was executed. */
  add(bytes: Uint8Array): void {
    const facts = this.factsOf(bytes);
    const defined = mayLeaveFlags(facts) ? 0n : facts.modifiedFlags;
    this.mask = (this.mask & ~defined) | facts.undefinedFlags;
  }

  private factsOf(bytes: Uint8Array): InstructionFacts {
    const key = String.fromCharCode(...bytes);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    if (this.known.size >= MOST_KNOWN) this.known.clear();
    const facts = instructionFacts(bytes);
    this.known.set(key, facts);
    return facts;
  }
}

/**
 * With a count of 0 shifts, rotations and repeated comparisons leave the flags as they are: undefined, if they were.
 */
const BY_COUNT = /^(shl|shr|sal|sar|rol|ror|rcl|rcr|shld|shrd|cmps[bwdq]|scas[bwdq])$/;
const mayLeaveFlags = ({ mnemonic }: InstructionFacts): boolean => BY_COUNT.test(mnemonic);
