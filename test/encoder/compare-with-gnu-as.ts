import type { Syntax } from '../../src/encoder/syntax.js';
import { InputError } from '../../src/input-error.js';
import { gnuAssembleLines } from './gnu-as.js';
import { assembledHex } from './hex.js';

/** Lines by how they begin, and why they are treated differently. */
export type Exceptions = readonly (readonly [start: RegExp, reason: string])[];

/** What came of the lines. */
export interface Comparison {
  /** lines with the same bytes */
  same: number;
  /** lines refused by both */
  refused: number;
  /** lines refused here only, on purpose */
  stricter: number;
  /** what should not be */
  readonly differences: string[];
}

/**
 * Assembles lines here and with GNU as.
 *
 * @param refused what GNU as takes and we do not, on purpose; where it warns, or cuts a number off, we may always.
 * @param accepted what we take and GNU as does not.
 */
export function compareWithGnuAs(
  lines: readonly string[],
  syntax: Syntax,
  { refused = [], accepted = [] }: { refused?: Exceptions; accepted?: Exceptions } = {},
): Comparison {
  const result: Comparison = { same: 0, refused: 0, stricter: 0, differences: [] };
  const ours = outcomes(lines, syntax);
  for (const [i, theirs] of gnuAssembleLines(lines, syntax).entries()) {
    const line = lines[i] ?? '';
    const { bytes: mine, problem = '' } = ours[i] ?? {};
    const mayRefuse = theirs.warning !== undefined || problem.startsWith('immediate out of range');
    if (mine === theirs.hex) {
      result[mine === undefined ? 'refused' : 'same']++;
    } else if (mine === undefined && (mayRefuse || isListed(line, refused))) {
      result.stricter++;
    } else if (theirs.hex !== undefined || !isListed(line, accepted)) {
      result.differences.push(`${line}: ${mine ?? problem} here, ${theirs.hex ?? theirs.error} from GNU as`);
    }
  }
  return result;
}

interface Outcome {
  readonly bytes?: string;
  /** why we refuse it */
  readonly problem?: string;
}

function outcomes(lines: readonly string[], syntax: Syntax): Outcome[] {
  // Most lines are refused, and what costs most then is the stack in the error.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return lines.map((line) => outcome(line, syntax));
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function outcome(line: string, syntax: Syntax): Outcome {
  try {
    return { bytes: assembledHex(line, 0n, new Map(), syntax) };
  } catch (error) {
    if (error instanceof InputError) return { problem: error.message };
    throw error;
  }
}

const isListed = (line: string, list: Exceptions) => list.some(([start]) => start.test(line));
