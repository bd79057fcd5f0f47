import { InputError } from '../../input-error.js';
import type { Algorithm } from '../../patcher/algorithm.js';
import { ALGORITHMS } from '../../patcher/algorithms.js';
import { straightLine } from '../../patcher/straight-line.js';
import { PROFILES } from '../../profile/profiles.js';
import type { Rules } from '../../profile/rules.js';
import { defaultProperties, PROPERTIES } from '../../property/properties.js';
import { didYouMean } from '../../suggest.js';
import type { LoadedScenario } from '../load.js';
import type { Scenario } from '../scenario.js';
import { at } from './placement.js';
import { buildRules } from './rules.js';

/** Looks up the names that a scenario uses; an unknown one is an error at its place in the file, never passed over. */
export function lookUp(
  loaded: LoadedScenario,
  scenario: Scenario,
): { algorithm: Algorithm; rules: Rules; properties: readonly string[] } {
  const rules = buildRules(loaded, scenario, find('profile', scenario.profile.name, PROFILES, loaded, scenario));
  const algorithm = algorithmOf(loaded, scenario);
  const properties = propertyNames(loaded, scenario, rules);
  requireChecked(loaded, scenario, properties);
  return { algorithm, rules, properties };
}

/** Refuses to expect a violation of a property that is not checked: no verdict would be as expected. */
function requireChecked(loaded: LoadedScenario, scenario: Scenario, properties: readonly string[]): void {
  const { expect, variant } = scenario;
  const property = expect?.verdict === 'violated' ? expect.property : undefined;
  if (property === undefined || !PROPERTIES.has(property) || properties.includes(property)) return;
  throw new InputError(`property "${property}" is expected to be violated, but is not checked`, {
    ...loaded.locate(['expect', 'violated'], variant),
    hint: `checked: ${properties.join(', ')}`,
  });
}

function algorithmOf(loaded: LoadedScenario, scenario: Scenario): Algorithm {
  const { algorithm, variant } = scenario;
  if (typeof algorithm === 'string') return find('algorithm', algorithm, ALGORITHMS, loaded, scenario);
  return at(loaded.locate(['algorithm', 'steps'], variant), () =>
    straightLine('straight-line', algorithm.handler, algorithm.steps),
  );
}

function find<T>(
  what: 'algorithm' | 'profile',
  name: string,
  known: ReadonlyMap<string, T>,
  loaded: LoadedScenario,
  scenario: Scenario,
): T {
  const found = known.get(name);
  if (found !== undefined) return found;
  throw unknownName(what, name, [...known.keys()], loaded.locate([what], scenario.variant));
}

function unknownName(what: string, name: string, known: readonly string[], origin: object): InputError {
  const hints = [didYouMean(name, known), `known: ${known.join(', ')}`].filter((hint) => hint !== undefined);
  return new InputError(`unknown ${what} "${name}"`, { ...origin, hint: hints.join(' ') });
}

/** Exactly `only`, or the default set with `enable` added and `disable` removed; in the order of the table. */
function propertyNames(loaded: LoadedScenario, scenario: Scenario, rules: Rules): readonly string[] {
  const all = [...PROPERTIES.keys()];
  const { shadowStack } = scenario;
  const { only, enable, disable } = scenario.properties;
  const origin = loaded.locate(['properties'], scenario.variant);
  for (const name of [...(only ?? []), ...enable, ...disable]) {
    if (!PROPERTIES.has(name)) throw unknownName('property', name, all, origin);
  }
  for (const name of [...(only ?? []), ...enable]) {
    const reason = PROPERTIES.get(name)?.meaningless?.({ rules, shadowStack });
    if (reason !== undefined) throw new InputError(`property "${name}" ${reason}`, origin);
  }
  const wanted = new Set([...(only ?? defaultProperties(rules, shadowStack)), ...enable]);
  return all.filter((name) => wanted.has(name) && !disable.includes(name));
}
