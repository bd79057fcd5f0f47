import { expect, it } from 'vitest';
import { caseLines, totalText } from '../../src/report/case-listing.js';
import { CASE_LAYOUT } from '../../src/report/case-text.js';
import { PLAIN } from '../../src/report/paint.js';
import { REPORTS, UNWRITTEN } from './case-reports.js';

it('does not count a variant as expected whose schedule could not be written', () => {
  expect(totalText([...REPORTS, UNWRITTEN], PLAIN)).toBe(
    '1 variant as expected, 1 failed, 1 inconclusive, 1 invalid, 1 unwritten',
  );
  const [line, ...rest] = caseLines(UNWRITTEN, 4, PLAIN, CASE_LAYOUT);
  expect(line).toMatch(/^ {2}! {5}fine {2}VERIFIED exhaustive, 1,153 states; what is kept/);
  expect(rest).toContainEqual(expect.stringMatching(/xmc: error: cannot write kept: permission denied/));
});
