import type { Rules } from '../profile/rules.js';

/** What the executions of a variant rested on. */
export interface Conditions {
  /** The simulated hardware: the profile's name, the rules that the scenario changes, and all of them together. */
  readonly profile: { readonly name: string; readonly changed: readonly string[]; readonly rules: Rules };
  /** How often the environment may act. */
  readonly budgets: Readonly<Record<string, number>>;
  readonly properties: readonly string[];
}

/** `profile ideal with unit 4; budgets reschedule 1, nmi 0, mc 0`. */
export function conditionsText({ profile, budgets }: Conditions): string {
  const changed = profile.changed.length === 0 ? '' : ` with ${profile.changed.join(', ')}`;
  const spent = Object.entries(budgets).map(([what, count]) => `${what} ${count}`);
  return `profile ${profile.name}${changed}; budgets ${spent.join(', ')}`;
}
