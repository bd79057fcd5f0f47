import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { destinations, pathInWorkspace, wholeReport } from '../../../src/cli/test/reporters.js';

describe('reporters and their files', () => {
  it('are text on standard output when nothing is said', () => {
    expect(destinations([], [])).toEqual([{ reporter: 'text', file: undefined }]);
  });

  it('one has the file that is named', () => {
    expect(destinations(['junit'], ['a=b.xml'])).toEqual([{ reporter: 'junit', file: 'a=b.xml' }]);
    expect(destinations(['junit'], ['junit=b.xml'])).toEqual([{ reporter: 'junit', file: 'b.xml' }]);
  });

  it('several have the files that name them', () => {
    expect(destinations(['text', 'sarif', 'github'], ['sarif=x'])).toEqual([
      { reporter: 'text', file: undefined },
      { reporter: 'sarif', file: 'x' },
      { reporter: 'github', file: undefined },
    ]);
  });

  it.each([
    [['junit', 'text'], [], 'the reporters junit, text cannot all write to standard output'],
    [['junit', 'sarif'], ['junit=x', 'sarif=x'], 'the reporters junit and sarif cannot share a file'],
    [['text', 'junit'], ['x'], '--output-file x: there are several reporters, and it names none of them'],
    [['text', 'junit'], ['junt=x'], 'it names none of them'],
    [['junit'], ['x', 'y'], 'two files for the reporter junit'],
    [['junit'], [''], '--output-file needs the name of a file'],
    [['junit', 'junit'], [], '--reporter junit is given twice'],
  ] as const)('%j with %j are refused', (reporters, files, message) => {
    expect(() => destinations(reporters, files)).toThrow(message);
  });
});

it.each(['junit', 'github', 'sarif'] as const)(
  'the report %s of an interrupted test says what is missing',
  (reporter) => {
    expect(wholeReport(reporter, [], 3)).toContain('interrupted: 3 files not tested to the end');
    expect(wholeReport(reporter, [], 0)).not.toContain('interrupted');
  },
);

it('files are named from the root of the repository that GitHub Actions has checked out', () => {
  const here = resolve('.');
  expect(pathInWorkspace('races/swap.yaml', join(here, '..'))).toMatch(/^[^/]+\/races\/swap\.yaml$/);
  expect(pathInWorkspace(join(here, 'races/swap.yaml'), here)).toBe('races/swap.yaml');
  expect(pathInWorkspace('../elsewhere/swap.yaml', here)).toBe('../elsewhere/swap.yaml');
  expect(pathInWorkspace('races/swap.yaml', undefined)).toBe('races/swap.yaml');
});
