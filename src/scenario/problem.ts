import { InputError } from '../input-error.js';
import { placeText, type ScenarioSource } from './scenario-source.js';
import { followPath, type SourceNode, type SourcePath } from './source-node.js';
import { type Origin, printable } from './source-text.js';

/** Something wrong in a scenario, by its path in the YAML tree. */
export interface Problem {
  readonly path: SourcePath;
  /** Whether the key at the end of the path is wrong, or what stands behind it. Default: value. */
  readonly at?: 'key' | 'value';
  readonly message: string;
  /** The exact place, where it is inside the value. */
  readonly origin?: Origin;
  /** A key that is not there has no place of its own: it is reported when nothing else is wrong. */
  readonly missing?: true;
  /** A function where the hint takes work: only the first problem is ever shown. */
  readonly hint?: string | (() => string | undefined);
}

/** A variant as it stands in the file; a problem of a variant is reported inside it. */
export interface VariantPlace {
  readonly name: string;
  readonly offset: number;
  readonly end: number;
}

function offsetOf(problem: Problem, root: SourceNode): number {
  const target = followPath(root, problem.path);
  return problem.at === 'key' || !target.found ? target.keyOffset : target.value.offset;
}

/**
 * The error for the first of several problems, by position in the file. In a variant only its overrides can be at
 * fault, since the base was valid: a problem that shows up elsewhere is reported at the variant, with the line where
 * it shows.
 */
export function firstProblem(
  problems: readonly Problem[],
  source: ScenarioSource,
  root: SourceNode,
  variant?: VariantPlace,
): InputError | undefined {
  const found = problems.map((problem) => {
    const offset = offsetOf(problem, root);
    const inside = variant === undefined || (offset >= variant.offset && offset < variant.end);
    return { problem, offset: inside ? offset : variant.offset, elsewhere: inside ? undefined : offset };
  });
  const rank = ({ problem, elsewhere }: (typeof found)[number]) =>
    (problem.missing ? 2 : 0) + (elsewhere === undefined ? 0 : 1);
  found.sort((a, b) => rank(a) - rank(b) || a.offset - b.offset);
  const [first] = found;
  if (first === undefined) return undefined;
  const prefix = variant === undefined ? '' : `variant '${variant.name}': `;
  const shows = first.elsewhere === undefined ? '' : ` (${placeText(source.originAt(first.elsewhere))})`;
  const { message, hint: given, origin } = first.problem;
  const hint = typeof given === 'function' ? given() : given;
  const place = first.elsewhere === undefined && origin !== undefined ? origin : source.originAt(first.offset);
  const details = { ...place, ...(hint === undefined ? {} : { hint }) };
  return new InputError(printable(`${prefix}${message}${shows}`), details);
}
