import type { z } from 'zod';
import { didYouMean } from '../suggest.js';
import { knownKeys } from './known-keys.js';
import type { Problem } from './problem.js';
import { followPath, pathText, type SourceNode, type SourcePath, showNode } from './source-node.js';

type Issue = z.core.$ZodIssue;

/** What zod calls the kinds of values, in the words of a YAML file. */
const kindNames: Readonly<Record<string, string>> = {
  string: 'text',
  bigint: 'an integer',
  boolean: 'yes or no',
  array: 'a list',
  object: 'a map',
  record: 'a map',
};

/** Zod's error map: the message of an issue whose schema states none of its own. */
export function describeIssue(issue: z.core.$ZodRawIssue): string | undefined {
  return issue.code === 'invalid_type' ? `expected ${kindNames[issue.expected] ?? issue.expected}` : undefined;
}

function withPath(path: SourcePath, message: string): string {
  return path.length === 0 ? message : `${pathText(path)}: ${message}`;
}

/** Whether a branch of a union accepts this kind of value and only finds fault with what is in it. */
function fitsKind(branch: readonly Issue[]): boolean {
  return branch.every((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys');
}

function valueProblem(issue: Issue, path: SourcePath, root: SourceNode): Problem {
  const { found, value } = followPath(root, path);
  if (!found) {
    return { path, message: withPath(path.slice(0, -1), `'${path.at(-1)}' is missing`), missing: true };
  }
  const instead = issue.message.startsWith('expected ') ? `, not ${showNode(value)}` : '';
  return { path, message: withPath(path, `${issue.message}${instead}`) };
}

/**
 * Turns an issue of zod into problems of a scenario.
 * @param root the tree that was validated
 * @param within the path that the issue's own path is relative to
 */
export function issueProblems(issue: Issue, root: SourceNode, within: SourcePath = []): readonly Problem[] {
  const steps = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  const path = [...within, ...steps];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...path, key],
        at: 'key',
        message: withPath(path, `unknown key '${key}'`),
        hint: () => didYouMean(key, knownKeys(path)),
      }));
    case 'invalid_key': {
      const key = String(path.at(-1));
      const message = withPath(
        path.slice(0, -1),
        `${issue.issues[0]?.message ?? 'bad key'}, not ${JSON.stringify(key)}`,
      );
      return [{ path, at: 'key', message }];
    }
    case 'invalid_union': {
      const [branch, ...others] = issue.errors.filter(fitsKind);
      if (branch === undefined || others.length > 0) return [valueProblem(issue, path, root)];
      return branch.flatMap((inner) => issueProblems(inner, root, path));
    }
    default:
      return [valueProblem(issue, path, root)];
  }
}
