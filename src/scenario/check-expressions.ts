import { checkNames } from './expression/check-names.js';
import type { ResolveContext } from './resolve-context.js';
import type { Checks, Scenario } from './scenario.js';
import type { SymbolNames } from './symbol-names.js';

/** Checks the form and the names of a scenario's expressions; what they say of memory is found when it is built. */
export function checkExpressions(context: ResolveContext, scenario: Scenario, symbolNames: SymbolNames): void {
  const kinds = ['always', 'sometimes', 'finally'] as const satisfies readonly (keyof Checks)[];
  const checks = kinds.flatMap((kind) =>
    scenario.check[kind].map((check) => ({ ...check, path: ['check', kind, check.name] })),
  );
  if (checks.length === 0) return;
  const tasks = new Set(scenario.tasks.map(({ name }) => name));
  const symbols = symbolNames.of(scenario);
  for (const { path, expression } of checks) context.attempt(path, () => checkNames(expression, tasks, symbols));
}
