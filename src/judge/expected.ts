import type { Expected } from '../report/run-report.js';
import type { Expectation } from '../scenario/scenario.js';

/** What a scenario expects, as reports compare it with a verdict. */
export function expectedOf(expect: Expectation | undefined): Expected | undefined {
  if (expect === undefined) return undefined;
  return { verdict: expect.verdict, property: expect.verdict === 'violated' ? expect.property : undefined };
}
