import type { CaseOutcome, CaseReport } from './case-report.js';

/** What a case counts as. `unwritten`: it passed, but what is kept of it could not be renewed. */
export type CaseKind = CaseOutcome['kind'] | 'unwritten';

export function caseKind({ outcome, unwritten }: CaseReport): CaseKind {
  return outcome.kind === 'passed' && unwritten !== undefined ? 'unwritten' : outcome.kind;
}

/** What is to be said of files that were not come to. @param left how many */
export function interruptedText(left: number): string {
  return `interrupted: ${left} ${left === 1 ? 'file' : 'files'} not tested to the end`;
}
