import { InputError } from '../input-error.js';
import { didYouMean } from '../suggest.js';
import { describeIssue, issueProblems } from './issues.js';
import { limits } from './limits.js';
import { firstProblem, type Problem, type VariantPlace } from './problem.js';
import { resolveScenario } from './resolve.js';
import { ResolveContext } from './resolve-context.js';
import type { Scenario } from './scenario.js';
import { originOf, type ScenarioSource } from './scenario-source.js';
import { scenarioFileSchema } from './schema.js';
import {
  countNodes,
  plainValue,
  type SourceEntry,
  type SourceMap,
  type SourceNode,
  type SourcePath,
} from './source-node.js';
import type { Origin } from './source-text.js';
import { SymbolNames } from './symbol-names.js';
import { applyVariant } from './variant.js';
import { parseYaml } from './yaml-source.js';

/** A scenario file that was read, validated and resolved in all its variants. */
export interface LoadedScenario {
  readonly name: string;
  readonly file: string;
  /** The YAML as given. */
  readonly text: string;
  /** Names of the variants, in the order of the file. */
  readonly variants: readonly string[];
  /**
   * The scenario with a variant's overrides applied; without a name, as written. The same object on every call.
   * @throws InputError when there is no such variant.
   */
  variant(name?: string): Scenario;
  /**
   * Where the value at a path of the file stands (`['profile', 'fetch']`), in the given variant: for errors about
   * names that only later stages know. Leads to the nearest enclosing value when the path does not exist.
   */
  locate(path: SourcePath, variant?: string): Origin;
}

interface Resolved {
  readonly scenario: Scenario;
  readonly root: SourceNode;
}

function fail(source: ScenarioSource, root: SourceNode, problems: readonly Problem[], variant?: VariantPlace): void {
  const error = firstProblem(problems, source, root, variant);
  if (error !== undefined) throw error;
}

/** Validates and resolves one tree; `variant` says whose. */
function resolveTree(
  source: ScenarioSource,
  root: SourceNode,
  symbolNames: SymbolNames,
  variant?: VariantPlace,
): Resolved {
  const parsed = scenarioFileSchema.safeParse(plainValue(root), { error: describeIssue });
  if (!parsed.success) {
    fail(
      source,
      root,
      parsed.error.issues.flatMap((issue) => issueProblems(issue, root)),
      variant,
    );
    throw new Error('a scenario is invalid for no reason');
  }
  const context = new ResolveContext(source, root);
  const scenario = resolveScenario(context, parsed.data, variant?.name, symbolNames);
  fail(source, root, context.problems, variant);
  return { scenario, root };
}

function resolveVariant(
  source: ScenarioSource,
  base: SourceMap,
  symbolNames: SymbolNames,
  [name, entry]: readonly [string, SourceEntry],
): Resolved {
  const place = { name, offset: entry.keyOffset, end: entry.value.end };
  if (entry.value.kind !== 'map') throw new Error(`variant ${name} is not a map`);
  const { root, problems } = applyVariant(base, entry.value, name);
  fail(source, source.root, problems, place);
  return resolveTree(source, root, symbolNames, place);
}

/** The variants that the tree names, in its order. The schema has established that they form a map. */
function variantEntries(source: ScenarioSource, root: SourceMap): readonly (readonly [string, SourceEntry])[] {
  const variants = root.entries.get('variants');
  const entries = variants?.value.kind === 'map' ? [...variants.value.entries] : [];
  const nodes = countNodes(root) * entries.length;
  if (variants !== undefined && entries.length > limits.variants) {
    throw new InputError(`more than ${limits.variants} variants`, source.originAt(variants.keyOffset));
  }
  if (variants !== undefined && nodes > limits.variantNodes) {
    const message = `too large: ${entries.length} variants of ${countNodes(root)} YAML nodes`;
    throw new InputError(message, source.originAt(variants.keyOffset));
  }
  return entries;
}

/**
 * Reads a scenario: YAML 1.2 text to a validated, typed object, in all its variants.
 * @param text the YAML
 * @param file its name, for messages; nothing is read from it
 * @throws InputError with file, line and column for the first problem: of the scenario as written, or, if that is
 * valid, of its first variant that is not.
 */
export function loadScenario(text: string, file: string): LoadedScenario {
  return loadSource(parseYaml(text, file));
}

/** Validates and resolves a scenario in all its variants, whatever it is read from. */
export function loadSource(source: ScenarioSource): LoadedScenario {
  const { file, text } = source;
  const symbolNames = new SymbolNames();
  const base = resolveTree(source, source.root, symbolNames);
  if (source.root.kind !== 'map') throw new Error('a valid scenario is not a map');
  const entries = variantEntries(source, source.root);
  const withoutVariants = { ...source.root, entries: new Map(source.root.entries) };
  withoutVariants.entries.delete('variants');
  const variants = new Map(
    entries.map((entry) => [entry[0], resolveVariant(source, withoutVariants, symbolNames, entry)]),
  );
  const resolved = (name: string | undefined): Resolved => {
    const found = name === undefined ? base : variants.get(name);
    if (found !== undefined) return found;
    const unknown = String(name);
    const all = variants.size === 0 ? 'it has no variants' : `its variants: ${[...variants.keys()].join(', ')}`;
    const hint = didYouMean(unknown, variants.keys()) ?? all;
    throw new InputError(`scenario '${base.scenario.name}' has no variant '${unknown}'`, { location: { file }, hint });
  };
  return {
    name: base.scenario.name,
    file,
    text,
    variants: [...variants.keys()],
    variant: (name) => resolved(name).scenario,
    locate: (path, variant) => originOf(source, resolved(variant).root, path),
  };
}
