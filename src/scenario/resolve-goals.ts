import { GOALS } from '../patcher/goals.js';
import { didYouMean } from '../suggest.js';
import type { ResolveContext } from './resolve-context.js';
import type { GoalChoice } from './scenario.js';
import type { ScenarioFile } from './schema.js';

/** The goals that a scenario adds and waives; each must be one that there is. */
export function resolveGoals(context: ResolveContext, { goals, check }: ScenarioFile): GoalChoice {
  const { add = [], waive = [] } = goals ?? {};
  const known = Object.keys(GOALS);
  const judged = Object.keys(check?.finally ?? {}).map((name) => `finally ${name}`);
  const require = (list: 'add' | 'waive', names: readonly string[], allowed: readonly string[]): void =>
    names.forEach((name, index) => {
      if (allowed.includes(name)) return;
      const hint = () =>
        [didYouMean(name, allowed), `known: ${allowed.join(', ')}`].filter((part) => part !== undefined).join(' ');
      context.problem(['goals', list, index], `unknown goal "${name}"`, hint);
    });
  // Each `finally` is a goal of its own accord.
  require('add', add, known);
  require('waive', waive, [...known, ...judged]);
  waive.forEach((name, index) => {
    if (add.includes(name)) context.problem(['goals', 'waive', index], `goal "${name}" is added and waived`);
  });
  return { add, waive };
}
