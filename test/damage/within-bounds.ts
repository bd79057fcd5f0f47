import { Script } from 'node:vm';
import { InputError } from '../../src/input-error.js';

/** What an input may cost. */
export interface Bounds {
  /** After so many milliseconds it counts as endless. A slow machine under load needs some 50. */
  readonly milliseconds: number;
  /** How far it may drive the process's peak of memory, in KiB. */
  readonly kibibytes: number;
}

const BOUNDS: Bounds = { milliseconds: 30_000, kibibytes: 512 << 10 };
/** Characters of a message that a person still reads. */
const LONGEST_MESSAGE = 1000;

/** What became of a damaged input. */
export type Outcome = 'accepted' | 'refused';

let work: () => void = () => undefined;
Object.defineProperty(globalThis, 'damagedInputWork', { value: () => work() });
const script = new Script('damagedInputWork()');

/**
 * Does what a program does with an input, and cuts it off if it never ends.
 * @param isPlace whether an InputError's location is where something can be wrong
 * @throws whatever `use` throws that is no clear InputError, and Errors for work that is endless or takes all memory
 */
export function withinBounds(
  use: () => void,
  isPlace: (error: InputError) => boolean,
  { milliseconds, kibibytes }: Bounds = BOUNDS,
): Outcome {
  const peak = process.resourceUsage().maxRSS;
  let outcome: Outcome = 'accepted';
  work = () => {
    try {
      use();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      requireClear(error, isPlace);
      outcome = 'refused';
    }
  };
  script.runInThisContext({ timeout: milliseconds });
  const grown = process.resourceUsage().maxRSS - peak;
  if (grown > kibibytes) throw new Error(`the input took ${grown >> 10} MiB of memory`);
  return outcome;
}

function requireClear(error: InputError, isPlace: (error: InputError) => boolean): void {
  const { message } = error;
  if (message.trim() === '' || message.length > LONGEST_MESSAGE || /undefined is|NaN|\[object/.test(message)) {
    throw new Error(`unclear: ${JSON.stringify(message)}`);
  }
  if (!isPlace(error)) throw new Error(`nowhere: ${JSON.stringify(error.location)}: ${message}`);
}

/** Whether an error names a file, and, where it names a line and a column, ones that the file has. */
export function isPlaceIn(texts: ReadonlyMap<string, string>): (error: InputError) => boolean {
  return ({ location }) => {
    const text = location === undefined ? undefined : texts.get(location.file);
    if (text === undefined || location === undefined) return false;
    const { line, column } = location;
    if (line === undefined) return column === undefined;
    const length = text.split('\n')[line - 1]?.length;
    // The end of a line is a place too, and so is the line break behind it.
    return line > 0 && length !== undefined && (column === undefined || (column > 0 && column <= length + 1));
  };
}

/** Counts outcomes, to see that both ends of the road were gone. */
export class Outcomes {
  readonly counts: Record<Outcome, number> = { accepted: 0, refused: 0 };

  add(outcome: Outcome): void {
    this.counts[outcome]++;
  }

  /** @throws Error when less than a share (0 to 1) of all inputs had one of the two outcomes. */
  requireBoth(least: number): void {
    const { accepted, refused } = this.counts;
    if (Math.min(accepted, refused) < least * (accepted + refused)) throw new Error(JSON.stringify(this.counts));
  }
}
