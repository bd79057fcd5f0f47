import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/input-error.js';
import { type Bounds, isPlaceIn, Outcomes, withinBounds } from './within-bounds.js';

const inFile = isPlaceIn(new Map([['a.yaml', 'one\ntwo\n']]));
const TIGHT: Bounds = { milliseconds: 100, kibibytes: 64 << 10 };

const use = (action: () => void): string => withinBounds(action, inFile, TIGHT);
const refuse = (message: string, place: { file: string; line?: number; column?: number }) => (): string =>
  use(() => {
    throw new InputError(message, { location: place });
  });

describe('work on a damaged input', () => {
  it('is accepted, or refused at a place inside the file', () => {
    expect(use(() => undefined)).toBe('accepted');
    expect(refuse('too long', { file: 'a.yaml', line: 2, column: 4 })()).toBe('refused');
    expect(refuse('too long', { file: 'a.yaml' })()).toBe('refused');
  });

  it('must not end in another error', () => {
    expect(() =>
      use(() => {
        throw new TypeError('x is not a function');
      }),
    ).toThrow(TypeError);
  });

  it.each([
    ['another file', { file: 'b.yaml' }],
    ['a line behind the end', { file: 'a.yaml', line: 4 }],
    ['a column behind the end', { file: 'a.yaml', line: 1, column: 5 }],
    ['line 0', { file: 'a.yaml', line: 0 }],
  ])('must not blame %s', (_what, place) => {
    expect(refuse('wrong', place)).toThrow(/^nowhere: /);
  });

  it.each([
    ['no message', ' '],
    ['an object', 'expected [object Object]'],
    ['what is no value', 'undefined is no number'],
    ['a flood', 'x'.repeat(2000)],
  ])('must not be refused with %s', (_what, message) => {
    expect(refuse(message, { file: 'a.yaml' })).toThrow(/^unclear: /);
  });

  it('must end', () => {
    expect(() =>
      use(() => {
        for (;;);
      }),
    ).toThrow(/timed out/);
  });

  it('must not take all memory', () => {
    const bounds: Bounds = { milliseconds: 30_000, kibibytes: 64 << 10 };
    const belowPeak = process.resourceUsage().maxRSS * 1024 - process.memoryUsage.rss();
    const fill = (): void => void Buffer.alloc(belowPeak + (160 << 20), 1);
    expect(() => withinBounds(fill, inFile, bounds)).toThrow(/^the input took [0-9]+ MiB of memory$/);
  });
});

describe('outcomes', () => {
  it('have to be of both kinds', () => {
    const outcomes = new Outcomes();
    for (let i = 0; i < 99; i++) outcomes.add('refused');
    expect(() => outcomes.requireBoth(0.01)).toThrow('{"accepted":0,"refused":99}');
    outcomes.add('accepted');
    expect(() => outcomes.requireBoth(0.01)).not.toThrow();
  });
});
