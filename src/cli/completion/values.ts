import type { Candidate } from './candidate.js';
import { commandCandidates, type Line } from './line.js';

/**
 * What the value of an option or argument may be where commander's table has no choices. What is needed to know it is
 * imported here, so that help stays fast.
 * @returns in the order in which they are defined
 */
type Values = (line: Line) => Promise<readonly Candidate[]>;

/** The arguments that are scenario files, or may be. */
const HOLDS_VARIANTS: ReadonlySet<string> = new Set(['scenario', 'file']);

/** By the option's long name, in any command. */
export const OPTION_VALUES: Readonly<Record<string, Values>> = {
  '--variant': async ({ command, args }) => {
    const scenario = args[command.registeredArguments.findIndex((argument) => HOLDS_VARIANTS.has(argument.name()))];
    if (scenario === undefined) return [];
    const { variantNames } = await import('./variant-names.js');
    return variantNames(scenario).map(plain);
  },
  '--profile': async () => {
    const { PROFILES } = await import('../../profile/profiles.js');
    return [...PROFILES.values()].map(({ name, title }) => ({ value: name, description: title }));
  },
  '--strategy': async () => {
    const { HUNT_STRATEGIES } = await import('../../explore/strategy/strategies.js');
    return HUNT_STRATEGIES.map(plain);
  },
  '--only': async () => {
    const { EVENT_GROUPS } = await import('../../report/trace/event-groups.js');
    return Object.entries(EVENT_GROUPS).map(([value, { about }]) => ({ value, description: about }));
  },
  '--reporter': async () => {
    const { REPORTERS } = await import('../test/options.js');
    return REPORTERS.map(plain);
  },
  '--no-reduction': async () => {
    const { REDUCTIONS } = await import('../../search/reduction/reductions.js');
    const all = { value: 'all', description: 'all of them' };
    return [...Object.entries(REDUCTIONS).map(([value, description]) => ({ value, description })), all];
  },
};

/** By the argument's name. */
export const ARGUMENT_VALUES: Readonly<Record<string, Values>> = {
  command: async ({ program }) => commandCandidates(program),
};

function plain(value: string): Candidate {
  return { value, description: '' };
}
