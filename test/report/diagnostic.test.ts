import { describe, expect, it } from 'vitest';
import { InputError, type InputErrorDetails } from '../../src/input-error.js';
import { diagnosticText } from '../../src/report/diagnostic.js';
import { PLAIN } from '../../src/report/paint.js';

const text = (message: string, details?: InputErrorDetails): string =>
  diagnosticText(new InputError(message, details), PLAIN).join('\n');

describe('a diagnostic', () => {
  it('has the place, the message, the line with a caret, and a hint', () => {
    expect(
      text("unknown key 'cpsu'", {
        location: { file: 'a.yaml', line: 23, column: 3 },
        excerpt: '  cpsu: 3',
        hint: "did you mean 'cpus'?",
      }),
    ).toBe(`a.yaml:23:3: error: unknown key 'cpsu'
   23 |   cpsu: 3
      |   ^
hint: did you mean 'cpus'?`);
  });

  it('says what it knows', () => {
    expect(text('wrong')).toBe('xmc: error: wrong');
    expect(text('wrong', { location: { file: 'a' } })).toBe('a: error: wrong');
    expect(text('wrong', { location: { file: 'a', line: 2 }, excerpt: 'x y' })).toBe('a:2: error: wrong\n    2 | x y');
  });

  it('keeps the caret under its column behind tabs', () => {
    const lines = text('wrong', { location: { file: 'a', line: 1, column: 3 }, excerpt: '\tabc' }).split('\n');
    expect(lines[2]).toBe('      | \t ^');
  });

  it('shows the part of a long line around the column', () => {
    const lines = text('wrong', {
      location: { file: 'a', line: 1, column: 301 },
      excerpt: `${'x'.repeat(300)}Y${'z'.repeat(300)}`,
    }).split('\n');
    expect(lines[1]?.indexOf('Y')).toBe(lines[2]?.indexOf('^'));
    expect(lines[1]?.length).toBeLessThanOrEqual(100);
  });

  it('prints no control characters', () => {
    const hostile = '\u001b[31m\u0007';
    const all = text(hostile, { location: { file: hostile, line: 1, column: 1 }, excerpt: hostile, hint: hostile });
    expect([all.includes('\u001b'), all.includes('\u0007')]).toEqual([false, false]);
  });
});
