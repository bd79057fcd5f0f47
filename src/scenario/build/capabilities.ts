import { InputError } from '../../input-error.js';
import type { Algorithm } from '../../patcher/algorithm.js';
import { ALGORITHMS } from '../../patcher/algorithms.js';
import { straightLine } from '../../patcher/straight-line.js';
import { PROFILES } from '../../profile/profiles.js';
import type { Rules } from '../../profile/rules.js';
import { PROPERTIES } from '../../property/monitors.js';
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
  rejectUnimplemented(loaded, scenario);
  return {
    algorithm: algorithmOf(loaded, scenario),
    rules: buildRules(loaded, scenario, find('profile', scenario.profile.name, PROFILES, loaded, scenario)),
    properties: propertyNames(loaded, scenario),
  };
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

function propertyNames(loaded: LoadedScenario, scenario: Scenario): readonly string[] {
  const all = [...PROPERTIES.keys()];
  const { only, enable, disable } = scenario.properties;
  for (const name of [...(only ?? []), ...enable, ...disable]) {
    if (!PROPERTIES.has(name))
      throw unknownName('property', name, all, loaded.locate(['properties'], scenario.variant));
  }
  return all.filter((name) => (only ?? all).includes(name) && !disable.includes(name));
}

/** What the schema knows and the machine does not do yet is refused, not ignored. */
function rejectUnimplemented(loaded: LoadedScenario, scenario: Scenario): void {
  const refuse = (path: readonly (string | number)[], what: string): never => {
    throw new InputError(`${what} is not implemented yet`, loaded.locate([...path], scenario.variant));
  };
  const { always, sometimes, finally: last } = scenario.check;
  if (always.length + sometimes.length + last.length > 0) refuse(['check'], 'checking expressions');
}
