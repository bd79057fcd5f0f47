import { PROPERTIES } from '../property/properties.js';
import { didYouMean } from '../suggest.js';
import type { ResolveContext } from './resolve-context.js';
import type { Expectation } from './scenario.js';
import type { ScenarioFile } from './schema.js';

/** What a violation may be of, as verdicts name it: a property, or a check of the scenario that can be false. */
function violable({ check }: ScenarioFile): string[] {
  const named = (kind: 'always' | 'finally'): string[] =>
    Object.keys(check?.[kind] ?? {}).map((name) => `${kind} ${name}`);
  return [...PROPERTIES.keys(), ...named('always'), ...named('finally')];
}

/** How to put right a name that nothing violable has. */
function hintFor(name: string, file: ScenarioFile): string {
  if (Object.keys(file.check?.sometimes ?? {}).includes(name))
    return `'sometimes ${name}' is a goal: it is reached, or not`;
  const known = violable(file);
  const check = known.find((other) => other.endsWith(` ${name}`));
  if (check !== undefined) return `did you mean '${check}'?`;
  return [didYouMean(name, known), `known: ${known.join(', ')}`].filter((hint) => hint !== undefined).join(' ');
}

/** The expected verdict, whose property must be one that a violation can be of. */
export function resolveExpectation(context: ResolveContext, file: ScenarioFile): Expectation | undefined {
  const { expect } = file;
  if (expect === undefined) return undefined;
  if (expect === 'verified') return { verdict: 'verified' };
  if (expect === 'violated') return { verdict: 'violated', property: undefined };
  const { violated } = expect;
  if (!violable(file).includes(violated)) {
    context.problem(['expect', 'violated'], `unknown property "${violated}"`, () => hintFor(violated, file));
  }
  return { verdict: 'violated', property: violated };
}
