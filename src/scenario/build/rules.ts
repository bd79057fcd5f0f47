import { InputError } from '../../input-error.js';
import type { Profile } from '../../profile/profiles.js';
import { FETCH_RULES, RULE_KEYS, type Rules } from '../../profile/rules.js';
import { didYouMean } from '../../suggest.js';
import type { LoadedScenario } from '../load.js';
import type { Scenario } from '../scenario.js';

type RuleValue = string | number | boolean;

/** What a rule's value may be, and how an error says so. */
interface RuleType {
  readonly accepts: (value: RuleValue) => boolean;
  readonly wanted: string;
}

const SWITCH: RuleType = { accepts: (value) => typeof value === 'boolean', wanted: 'yes or no' };
const HELD: RuleType = {
  accepts: (value) => typeof value === 'boolean' || value === 'optional',
  wanted: 'yes, no or optional',
};
const SIZE: RuleType = {
  accepts: (value) => typeof value === 'number' && [1, 2, 4, 8, 16, 32, 64].includes(value),
  wanted: '1, 2, 4, 8, 16, 32 or 64',
};
const FETCH: RuleType = {
  accepts: (value) => FETCH_RULES.some((name) => name === value),
  wanted: FETCH_RULES.join(', '),
};

const RULE_TYPES: Readonly<Record<keyof Rules, RuleType>> = {
  fetch: FETCH,
  unit: SIZE,
  storeBoundary: SIZE,
  mfenceSerialises: SWITCH,
  iretSerialises: SWITCH,
  nmiHeldInStiShadow: HELD,
  dbHeldInStiShadow: HELD,
  mcHeldInStiShadow: HELD,
  serialiseAtExceptionEntry: SWITCH,
  smcCoherentAcrossAliases: SWITCH,
};

/**
 * The rules of a scenario: its profile's, with the scenario's own changes.
 * @throws {@link InputError} for an unknown rule or a value that it cannot have.
 */
export function buildRules(loaded: LoadedScenario, scenario: Scenario, profile: Profile): Rules {
  const changes = Object.entries(scenario.profile.rules).map(([key, value]) => {
    const origin = loaded.locate(['profile', key], scenario.variant);
    const rule = ruleNamed(key);
    if (rule === undefined) {
      const known = Object.values(RULE_KEYS);
      const hints = [didYouMean(key, known), `known: ${known.join(', ')}`].filter((hint) => hint !== undefined);
      throw new InputError(`unknown profile rule "${key}"`, { ...origin, hint: hints.join(' ') });
    }
    const { accepts, wanted } = RULE_TYPES[rule];
    if (!accepts(value)) throw new InputError(`profile.${key}: ${value} is not ${wanted}`, origin);
    return [rule, value] as const;
  });
  // Every value was checked against the type of its rule above.
  return { ...profile.rules, ...(Object.fromEntries(changes) as Partial<Rules>) };
}

function ruleNamed(key: string): keyof Rules | undefined {
  const entry = Object.entries(RULE_KEYS).find(([, name]) => name === key);
  return entry?.[0] as keyof Rules | undefined;
}
