import { type Stats, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { escapePath, globSync } from 'tinyglobby';
import { InputError } from '../../input-error.js';

/** Where scenarios are looked for when nobody says. */
export const DEFAULT_GLOBS = ['scenarios/**/*.{yaml,yml}', '**/*.scenario.{yaml,yml}'] as const;

/** Never looked into. */
const IGNORED = ['**/.git/**', '**/__schedules__/**'];
/** Nor this, unless a pattern names it. */
const PACKAGES = 'node_modules';

/**
 * Scenario files, each once, in the order of their names.
 * @param patterns globs, files and folders; of a folder all its YAML files. None: {@link DEFAULT_GLOBS}.
 * @param root where relative ones begin; paths come back relative to it
 * @throws InputError when one of the patterns leads to no file.
 */
export function findScenarios(patterns: readonly string[], root: string): string[] {
  const groups = patterns.length === 0 ? [[...DEFAULT_GLOBS]] : patterns.map((pattern) => [pattern]);
  const found = groups.flatMap((group) => {
    const files = group.flatMap((pattern) => filesOf(pattern, root));
    if (files.length > 0) return files;
    throw new InputError(`no scenario file matches ${group.join(' or ')}`, {
      hint: 'name files, folders or globs in quotes, as in "races/**/*.yaml"',
    });
  });
  return [...new Set(found)].sort();
}

function filesOf(pattern: string, root: string): string[] {
  if (pattern === '') return [];
  const path = resolve(root, pattern);
  const named = namedAt(path);
  // A name goes before a pattern, so that files with brackets in their names can be named.
  if (named?.isFile()) return [relative(root, path)];
  const glob = named?.isDirectory() ? `${escapePath(relative(root, path) || '.')}/**/*.{yaml,yml}` : pattern;
  return globSync(glob, {
    cwd: root,
    ignore: pattern.includes(PACKAGES) ? IGNORED : [...IGNORED, `**/${PACKAGES}/**`],
    expandDirectories: false,
  });
}

/** What a pattern names when it is taken as a path. What cannot be one, as it is too long, may still be a pattern. */
function namedAt(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
