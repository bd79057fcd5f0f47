import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { findScenarios } from '../../../src/cli/test/find-scenarios.js';
import { Workshop } from '../xmc.js';

const workshop = new Workshop();
const FILES = [
  'a.scenario.yaml',
  'b.yaml',
  'c [1].yaml',
  'node_modules/x/d.scenario.yaml',
  'scenarios/e.yml',
  'scenarios/f/g.yaml',
];

const found = (...patterns: string[]): string[] => findScenarios(patterns, workshop.path);

beforeAll(() => {
  for (const folder of ['node_modules/x', 'scenarios/f/__schedules__', 'empty'])
    mkdirSync(join(workshop.path, folder), { recursive: true });
  for (const name of [...FILES, 'scenarios/notes.txt', 'scenarios/f/__schedules__/g.yaml']) workshop.write(name, '');
});

describe('scenario files', () => {
  it('are looked for below scenarios, and by their names, when nothing is said', () => {
    expect(found()).toEqual(['a.scenario.yaml', 'scenarios/e.yml', 'scenarios/f/g.yaml']);
  });

  it('are named by globs, folders and files, each once and in order', () => {
    expect(found('scenarios/f/*.yaml', 'scenarios', './b.yaml')).toEqual([
      'b.yaml',
      'scenarios/e.yml',
      'scenarios/f/g.yaml',
    ]);
    expect(found('.')).toEqual(FILES.filter((file) => !file.startsWith('node_modules')));
    expect(found('node_modules/x')).toEqual(['node_modules/x/d.scenario.yaml']);
    expect(found('c [1].yaml')).toEqual(['c [1].yaml']);
    expect(found('{a,b}*.yaml')).toEqual(['a.scenario.yaml', 'b.yaml']);
  });

  it('may be named by absolute paths, and are told relative to the root', () => {
    expect(findScenarios([join(workshop.path, 'b.yaml')], workshop.path)).toEqual(['b.yaml']);
  });

  it.each(['nowhere/**', 'nowhere.yaml', 'empty', ''])('"%s" leads to none, which is refused', (pattern) => {
    expect(() => found('b.yaml', pattern)).toThrow(`no scenario file matches ${pattern}`);
  });

  it('are looked for by a pattern that is too long for a name', () => {
    expect(found(`{${'x'.repeat(300)},b}.yaml`)).toEqual(['b.yaml']);
  });

  it('of which there are none by default are refused as well', () => {
    expect(() => findScenarios([], join(workshop.path, 'empty'))).toThrow(
      'no scenario file matches scenarios/**/*.{yaml,yml} or **/*.scenario.{yaml,yml}',
    );
  });
});
