import type { Verdict } from '../explore/verdict.js';
import { type Expected, isExpected } from '../report/run-report.js';

/** What the program's exit code says. With `expect:` in a scenario, 0 and 1 speak of the expectation. */
export const EXIT = {
  /** Holds; as expected; reproduced. */
  ok: 0,
  /** A property was violated, or a verdict is not the expected one. */
  violation: 1,
  /** Wrong usage or invalid input. */
  usage: 2,
  /** Nothing can be said: see {@link EXIT_HELP}. */
  inconclusive: 3,
  /** A bug of this program. */
  internal: 4,
  /** 128 and the number of the signal. */
  interrupted: 130,
  terminated: 143,
  brokenPipe: 141,
} as const;

/** 1 when some verdict is not the wanted one, else 3 when nothing can be said of some variant, else 0. */
export function exitCodeOf(
  reports: readonly { readonly verdict: Verdict; readonly expected: Expected | undefined }[],
): number {
  const isWrong = ({ verdict, expected }: (typeof reports)[number]): boolean =>
    expected === undefined ? verdict.kind === 'violated' : isExpected(verdict, expected) === false;
  if (reports.some(isWrong)) return EXIT.violation;
  return reports.some(({ verdict }) => verdict.kind === 'inconclusive') ? EXIT.inconclusive : EXIT.ok;
}

/** The worse the earlier. */
const BY_SEVERITY = [EXIT.internal, EXIT.usage, EXIT.violation, EXIT.inconclusive];

/** The one of several exit codes that a whole command ends with. */
export function worstOf(codes: readonly number[]): number {
  return BY_SEVERITY.find((code) => codes.includes(code)) ?? EXIT.ok;
}

/** The lines about exit codes in every command's help. */
export const EXIT_HELP = `
Exit codes:
  0  holds; with "expect:" in the scenario, every variant is as expected
  1  a property is violated; with "expect:", some variant is not as expected
  2  wrong usage or invalid input
  3  inconclusive: unsupported instruction, deadlock, a CPU that stopped, a limit, goals not reached,
     a replay that diverged
  4  a bug in xmc
  130  interrupted by Ctrl-C: what was found so far has been told`;
