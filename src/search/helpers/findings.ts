import type { Footprint } from '../../memory/footprint.js';
import type { LearnedMoves } from '../move-cache.js';
import type { Noted } from './noted-uses.js';

/** What was found out about the moves of a CPU in a state, beside the moves: plain data. */
export interface Findings {
  /** The parts of the state that they depend on. */
  readonly parts: readonly number[];
  /** See {@link Footprint}. */
  readonly cpus: number;
  readonly fetches: boolean;
  readonly others: boolean;
  readonly lines: readonly number[];
  readonly unwritten: readonly number[];
  /** See `Moves`. */
  readonly accesses: { readonly read: readonly number[]; readonly written: readonly number[] } | undefined;
  /** Undefined: nobody wanted to know. */
  readonly noted: Noted | undefined;
}

export function findingsOf(
  { moves: { accesses }, parts, footprint }: LearnedMoves,
  noted: Noted | undefined,
): Findings {
  return {
    parts,
    cpus: footprint.cpus,
    fetches: footprint.fetches,
    others: footprint.others,
    lines: [...footprint.lines],
    unwritten: [...footprint.unwritten],
    accesses: accesses && { read: accesses.read, written: accesses.written },
    noted,
  };
}

/** Notes in a footprint what was found out elsewhere. */
export function retrace({ cpus, fetches, others, lines, unwritten }: Findings, footprint: Footprint): void {
  footprint.cpus |= cpus;
  if (fetches) footprint.fetched();
  if (others) footprint.observedOthers();
  for (const line of lines) footprint.lines.add(line);
  for (const line of unwritten) footprint.expectUnwritten(line);
}
