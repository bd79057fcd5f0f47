import { isAbsolute, relative, resolve, sep } from 'node:path';
import { InputError } from '../../input-error.js';
import type { CaseReport } from '../../report/case-report.js';
import { githubText } from '../../report/github.js';
import { junitText } from '../../report/junit.js';
import { sarifText } from '../../report/sarif.js';
import { didYouMean } from '../../suggest.js';
import { packageVersion } from '../package-version.js';
import type { Reporter } from './options.js';

/** Reporters that tell everything when it is over. `text` tells each case as it comes. */
const WHOLE: Readonly<Record<Exclude<Reporter, 'text'>, (reports: readonly CaseReport[], left: number) => string>> = {
  junit: junitText,
  github: (reports, left) => githubText(reports, left, (file) => pathInWorkspace(file, process.env.GITHUB_WORKSPACE)),
  sarif: (reports, left) => sarifText(reports, packageVersion(), left),
};

/** The path of a file from the folder that GitHub Actions has checked the repository out to; elsewhere its own. */
export function pathInWorkspace(file: string, workspace: string | undefined): string {
  if (workspace === undefined || workspace === '') return file;
  const path = relative(workspace, resolve(file));
  return path.startsWith('..') || isAbsolute(path) ? file : path.split(sep).join('/');
}

/** Formats of which a stream or file may hold nothing else. */
const ALONE: ReadonlySet<string> = new Set(['junit', 'sarif']);

/** A reporter and where it writes; undefined: standard output. */
export interface Destination {
  readonly reporter: Reporter;
  readonly file: string | undefined;
}

/** What a reporter that tells everything at the end says. @param left how many files were not come to */
export function wholeReport(reporter: Exclude<Reporter, 'text'>, reports: readonly CaseReport[], left: number): string {
  return WHOLE[reporter](reports, left);
}

/**
 * Which reporter writes where.
 * @param reporters names given with `--reporter`; none: text
 * @param files given with `--output-file`: FILE where there is one reporter, NAME=FILE where there are several
 * @throws InputError for whatever does not go together.
 */
export function destinations(reporters: readonly Reporter[], files: readonly string[]): Destination[] {
  const names: readonly Reporter[] = reporters.length === 0 ? ['text'] : reporters;
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new InputError(`--reporter ${twice} is given twice`);
  const byName = new Map<string, string>();
  for (const given of files) {
    const [name, file] = namedFile(given, names);
    if (byName.has(name)) throw new InputError(`--output-file: two files for the reporter ${name}`);
    if (file === '') throw new InputError('--output-file needs the name of a file');
    byName.set(name, file);
  }
  const wanted = names.map((reporter) => ({ reporter, file: byName.get(reporter) }));
  const [one, two] = [...new Set(byName.values())].length < byName.size ? [...byName.keys()] : [];
  if (one !== undefined) throw new InputError(`--output-file: the reporters ${one} and ${two} cannot share a file`);
  const printed = wanted.filter(({ file }) => file === undefined).map(({ reporter }) => reporter);
  const alone = printed.find((reporter) => ALONE.has(reporter));
  if (alone !== undefined && printed.length > 1) {
    throw new InputError(`the reporters ${printed.join(', ')} cannot all write to standard output`, {
      hint: `give one a file: --output-file ${alone}=FILE`,
    });
  }
  return wanted;
}

function namedFile(given: string, names: readonly string[]): readonly [string, string] {
  const [, name, file] = /^([a-z]+)=(.*)$/s.exec(given) ?? [];
  if (name !== undefined && file !== undefined && names.includes(name)) return [name, file];
  const [only] = names;
  if (only !== undefined && names.length === 1) return [only, given];
  throw new InputError(`--output-file ${given}: there are several reporters, and it names none of them`, {
    hint: (name && didYouMean(name, names)) ?? `as in --output-file ${names[0]}=FILE`,
  });
}
