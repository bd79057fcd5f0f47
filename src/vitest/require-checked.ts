import { prepare, type Recipe } from '../judge/prepare.js';
import { PROPERTIES } from '../property/properties.js';
import { didYouMean } from '../suggest.js';
import { failure } from './failure.js';

/**
 * Makes sure that a scenario is checked for a property: nothing can be said of one that nobody watches.
 * @throws Error
 */
export function requireChecked(recipe: Recipe, property: string): void {
  const { scenario, properties } = prepare(recipe).built;
  const { always, finally: last } = scenario.check;
  const known = [
    ...properties,
    ...always.map(({ name }) => `always ${name}`),
    ...last.map(({ name }) => `finally ${name}`),
  ];
  if (known.includes(property)) return;
  if (PROPERTIES.has(property)) {
    throw failure(`the scenario is not checked for ${property}: properties: {enable: [${property}]} asks for it`);
  }
  const hint = didYouMean(property, known) ?? `checked: ${known.join(', ')}`;
  throw failure(`no property is called "${property}"; ${hint}`);
}
