import { InputError } from '../../src/input-error.js';
import type { CaseReport } from '../../src/report/case-report.js';

const HEAD = { scenario: 'swap', file: 'races/swap.yaml', settled: [], unwritten: undefined } as const;
const place = (line: number): CaseReport['place'] => ({ file: HEAD.file, line, column: 3 });
const VERIFIED = { verdict: 'verified', property: undefined } as const;

/** One of each kind, and in texts what formats have to escape. */
export const REPORTS: readonly CaseReport[] = [
  {
    ...HEAD,
    variant: 'fine',
    place: place(40),
    outcome: {
      kind: 'passed',
      expected: VERIFIED,
      verdict: { kind: 'verified' },
      states: 1153,
      counterexample: undefined,
    },
  },
  {
    ...HEAD,
    variant: 'broken',
    place: place(41),
    outcome: {
      kind: 'failed',
      expected: VERIFIED,
      verdict: { kind: 'violated', property: 'no-torn-instruction' },
      states: 23,
      counterexample: {
        property: 'no-torn-instruction',
        steps: 3,
        violation: undefined,
        trace: () => ['step  CPU 0', '   1  <a> & "b"  100%, \u0007\ud800'],
        flow: [
          { step: 1, cpu: 1, text: 'site: call old', place: place(7) },
          { step: 2, cpu: 0, text: 'memcpy: store one byte', place: place(28) },
          { step: 3, cpu: 1, text: 'site: call old+0x3a', place: { file: HEAD.file } },
        ],
        kept: { file: 'races/__schedules__/swap.yaml.broken.schedule', replay: 'xmc replay it' },
      },
    },
  },
  {
    ...HEAD,
    variant: 'large',
    place: place(42),
    outcome: { kind: 'inconclusive', reason: 'limit of 5 states', details: ['2 states were left'] },
  },
  {
    ...HEAD,
    scenario: 'races/bad one.yaml',
    file: 'races/bad one.yaml',
    variant: undefined,
    place: { file: 'races/bad one.yaml' },
    outcome: {
      kind: 'invalid',
      error: new InputError('unknown key: "cpu"', { location: { file: 'races/bad one.yaml', line: 2, column: 1 } }),
    },
  },
];

const [passed] = REPORTS;
if (passed === undefined) throw new Error('no report');

/** It passed, but what is kept of it could not be renewed. */
export const UNWRITTEN: CaseReport = { ...passed, unwritten: new InputError('cannot write kept: permission denied') };
