import { describe, expect, it } from 'vitest';
import { PLAIN } from '../../src/report/paint.js';
import { variantJson } from '../../src/report/run-json.js';
import { isExpected, type VariantReport } from '../../src/report/run-report.js';
import { summaryText, variantText } from '../../src/report/run-text.js';
import { OLD, SITE, SUBJECT } from './subject.js';

const quiet: VariantReport = {
  variant: 'plain',
  verdict: { kind: 'no-bug-found' },
  expected: undefined,
  scheduler: 'random seed 1',
  executions: 1,
  steps: 20_000,
  end: 'limit',
  hash: '0123456789abcdef',
  goalsNotReached: [],
  details: [],
  violation: undefined,
  schedule: undefined,
};
const verified = { verdict: 'verified', property: undefined } as const;
const text = (change: Partial<VariantReport>): string => variantText({ ...quiet, ...change }, 8, PLAIN).join('\n');

describe('the line about a variant', () => {
  it('says what was executed', () => {
    expect(text({})).toBe('plain     NO BUG FOUND  1 execution (random seed 1), 20,000 steps, limit reached');
    expect(text({ variant: undefined, end: 'finished', steps: 1 })).toBe(
      'NO BUG FOUND  1 execution (random seed 1), 1 step, all finished',
    );
    expect(text({ executions: 1000, scheduler: 'random seed 1000' })).toContain(
      '1,000 executions (the last: random seed 1000)',
    );
  });

  it('says whether that was expected', () => {
    expect(text({ expected: verified })).toMatch(/; as expected$/);
    expect(text({ expected: { verdict: 'violated', property: 'int3-handled' } })).toMatch(
      /; EXPECTED violated int3-handled$/,
    );
  });

  it('says what stood in the way of a verdict', () => {
    const verdict = { kind: 'inconclusive', reason: 'deadlock' } as const;
    expect(text({ verdict, end: 'finished', details: ['CPU 0 waits'] })).toBe(
      'plain     INCONCLUSIVE deadlock  1 execution (random seed 1), 20,000 steps\n\n  CPU 0 waits\n',
    );
  });
});

describe('goals that were not reached', () => {
  it('are told below the verdict, except after a violation', () => {
    const goalsNotReached = ['sometimes both', 'finally joined'];
    expect(text({ goalsNotReached }).split('\n').slice(1)).toEqual([
      '  goal not reached: sometimes both',
      '  goal not reached: finally joined',
    ]);
    expect(variantJson({ ...quiet, goalsNotReached }).goalsNotReached).toEqual(goalsNotReached);
  });
});

describe('an expectation', () => {
  const violated = { kind: 'violated', property: 'int3-handled' } as const;

  it('is met by a verdict, or not, or nothing can be said', () => {
    expect(isExpected({ kind: 'no-bug-found' }, verified)).toBe(true);
    expect(isExpected(violated, verified)).toBe(false);
    expect(isExpected({ kind: 'no-bug-found' }, { verdict: 'violated', property: undefined })).toBe(false);
    expect(isExpected(violated, { verdict: 'violated', property: undefined })).toBe(true);
    expect(isExpected(violated, { verdict: 'violated', property: 'int3-handled' })).toBe(true);
    expect(isExpected(violated, { verdict: 'violated', property: 'site-effect' })).toBe(false);
    expect(isExpected({ kind: 'inconclusive', reason: 'interrupted' }, verified)).toBeUndefined();
    expect(isExpected(violated, undefined)).toBeUndefined();
  });
});

describe('the summary', () => {
  it('counts variants', () => {
    expect(summaryText([quiet], PLAIN)).toBeUndefined();
    expect(summaryText([quiet, quiet], PLAIN)).toBe('2 variants, 0 violated');
    const met = { ...quiet, expected: verified };
    expect(summaryText([met, met], PLAIN)).toBe('2 of 2 variants as expected');
    const missed = { ...quiet, expected: { verdict: 'violated', property: undefined } } as const;
    expect(summaryText([met, missed, quiet], PLAIN)).toBe('1 of 2 variants as expected');
  });
});

describe('the object about a variant', () => {
  it('has addresses and bytes as hex strings', () => {
    const violation = { property: 'p', cpu: 1, step: 2, address: SITE, bytes: OLD, message: 'm', events: [] };
    const json = variantJson({ ...quiet, violation: { violation, story: [], subject: SUBJECT } });
    expect(json).toMatchObject({
      variant: 'plain',
      verdict: 'NO BUG FOUND',
      expected: null,
      violation: {
        address: '0xffffffff8100c0bc',
        symbol: 'site',
        bytes: 'e8 3f 3f ff 00',
        text: 'call 0xffffffff82000000 <old>',
        sites: [{ symbol: 'site', versions: [{ bytes: 'e8 3f 3f ff 00' }, { bytes: 'e8 79 51 ff 00' }] }],
      },
    });
    expect(() => JSON.stringify(json)).not.toThrow();
  });
});
