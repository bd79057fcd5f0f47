import { BUDGETED } from '../machine/budgets.js';
import type { Conditions } from '../report/conditions.js';
import type { BuiltScenario } from '../scenario/build/build.js';

/** What the executions of a scenario rest on, as reports have it. */
export function conditionsOf({ scenario, rules, properties }: BuiltScenario): Conditions {
  const { name, rules: changed } = scenario.profile;
  return {
    profile: { name, changed: Object.entries(changed).map(([rule, value]) => `${rule} ${String(value)}`), rules },
    budgets: Object.fromEntries(BUDGETED.map((what) => [what, scenario.budgets[what]])),
    properties,
  };
}
