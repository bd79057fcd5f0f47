import { checkExpressions } from './check-expressions.js';
import { checkRanges } from './check-ranges.js';
import { resolveAlgorithm } from './resolve-algorithm.js';
import type { ResolveContext } from './resolve-context.js';
import { resolveExpectation } from './resolve-expectation.js';
import { resolveGoals } from './resolve-goals.js';
import { resolveHandlers } from './resolve-handlers.js';
import { resolvePatchPlan } from './resolve-patch.js';
import { resolveRegions } from './resolve-regions.js';
import { resolveSync } from './resolve-sync.js';
import { resolveTasks } from './resolve-tasks.js';
import type { Checks, NamedExpression, ProfileChoice, PropertyChoice, Scenario, Site } from './scenario.js';
import type { ScenarioFile } from './schema.js';
import { statusFlags } from './schema-values.js';
import type { SymbolNames } from './symbol-names.js';

function resolveSites(context: ResolveContext, file: ScenarioFile): readonly Site[] {
  return Object.entries(file.sites ?? {}).map(([symbol, entry]) => {
    const flags = entry['flag-clobbers'] ?? [];
    return {
      symbol,
      clobbers: entry.clobbers ?? [],
      flagClobbers: flags === 'all' ? statusFlags : flags,
      length: entry.length,
      origin: context.origin(['sites', symbol]),
    };
  });
}

function resolveProfile(profile: ScenarioFile['profile']): ProfileChoice {
  if (typeof profile !== 'object') return { name: profile ?? 'ideal', rules: {} };
  const { name = 'ideal', ...rules } = profile;
  return { name, rules };
}

function resolveProperties(properties: ScenarioFile['properties']): PropertyChoice {
  if (Array.isArray(properties)) return { only: properties, enable: [], disable: [] };
  return { only: undefined, enable: properties?.enable ?? [], disable: properties?.disable ?? [] };
}

function resolveChecks(context: ResolveContext, check: ScenarioFile['check']): Checks {
  const named = (kind: keyof Checks): readonly NamedExpression[] =>
    Object.keys(check?.[kind] ?? {}).map((name) => ({ name, expression: context.text(['check', kind, name]) }));
  return { always: named('always'), sometimes: named('sometimes'), finally: named('finally') };
}

/**
 * The scenario that a valid file describes: defaults filled in, short forms spelt out. What is wrong in spite of a
 * valid form goes to `context.problems`; with any, the result is not to be used.
 * @param symbolNames which symbols the variants of the file have
 */
export function resolveScenario(
  context: ResolveContext,
  file: ScenarioFile,
  variant: string | undefined,
  symbolNames: SymbolNames,
): Scenario {
  const { text, data } = resolveRegions(context, file);
  const tasks = resolveTasks(context, file);
  // Its paths count regions, so it needs them all.
  if (context.problems.length === 0) checkRanges(context, text, data, tasks);
  const scenario: Scenario = {
    name: file.scenario,
    variant,
    title: file.title,
    refs: file.refs ?? [],
    syntax: file.syntax ?? 'att',
    cpus: file.cpus,
    text,
    data,
    sites: resolveSites(context, file),
    tasks,
    handlers: resolveHandlers(context, file),
    nmiStack: file.nmi?.stack ?? 'linux',
    patch: resolvePatchPlan(context, file),
    algorithm: resolveAlgorithm(context, file),
    sync: resolveSync(context, file, tasks),
    shadowStack: file['shadow-stack'] ?? false,
    profile: resolveProfile(file.profile),
    budgets: {
      reschedule: file.budgets?.reschedule ?? 1,
      nmi: file.budgets?.nmi ?? 0,
      mc: file.budgets?.mc ?? 0,
    },
    steps: file.steps,
    properties: resolveProperties(file.properties),
    check: resolveChecks(context, file.check),
    goals: resolveGoals(context, file),
    expect: resolveExpectation(context, file),
  };
  // With a task that could not be read, names would be about its absence.
  if (context.problems.length === 0) checkExpressions(context, scenario, symbolNames);
  return scenario;
}
