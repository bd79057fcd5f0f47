import { expect, it } from 'vitest';
import { githubText } from '../../src/report/github.js';
import { REPORTS, UNWRITTEN } from './case-reports.js';

it('annotates every variant that did not pass at its line, and an invalid file where the error is', () => {
  const lines = githubText(REPORTS).split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[0]).toBe(
    '::error file=races/swap.yaml,line=41,col=3,title=swap broken%3A VIOLATED no-torn-instruction%2C 3 steps; expected verified' +
      '::VIOLATED no-torn-instruction, 3 steps; expected verified%0A%0Astep  CPU 0%0A   1  <a> & "b"  100%25, \u0007\ud800%0A' +
      '  schedule  races/__schedules__/swap.yaml.broken.schedule%0A  replay    xmc replay it',
  );
  expect(lines[1]).toBe(
    '::error file=races/swap.yaml,line=42,col=3,title=swap large%3A INCONCLUSIVE limit of 5 states' +
      '::INCONCLUSIVE limit of 5 states%0A%0A  2 states were left',
  );
  expect(lines[2]).toMatch(
    /^::error file=races\/bad one\.yaml,line=2,col=1,title=[^:]*::races\/bad one\.yaml:2:1: error: /,
  );
  expect(lines[3]).toBe('');
});

it('names files as it is told to', () => {
  const [line] = githubText(REPORTS, 0, (file) => `below/${file}`).split('\n');
  expect(line).toMatch(/^::error file=below\/races\/swap\.yaml,line=41,/);
});

it('says nothing when everything passed', () => {
  expect(githubText(REPORTS.slice(0, 1))).toBe('');
});

it('annotates what could not be written, and an interruption', () => {
  expect(githubText([UNWRITTEN], 1)).toBe(
    '::error file=races/swap.yaml,line=40,col=3,title=swap fine%3A VERIFIED exhaustive%2C 1%2C153 states; what is kept of it could not be renewed' +
      '::VERIFIED exhaustive, 1,153 states; what is kept of it could not be renewed%0A%0Axmc: error: cannot write kept: permission denied\n' +
      '::error title=xmc test::interrupted: 1 file not tested to the end\n',
  );
});
