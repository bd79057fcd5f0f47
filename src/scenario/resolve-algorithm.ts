import { InputError } from '../input-error.js';
import { parseStep } from '../patcher/vocabulary.js';
import type { ResolveContext } from './resolve-context.js';
import type { Scenario } from './scenario.js';
import type { ScenarioFile } from './schema.js';

/** The algorithm: the name of a built-in one, or steps, each of which must be a known one. */
export function resolveAlgorithm(context: ResolveContext, file: ScenarioFile): Scenario['algorithm'] {
  const { algorithm = 'text-poke-bp' } = file;
  if (typeof algorithm === 'string') return algorithm;
  const { handler = 'emulate', steps } = algorithm;
  steps.forEach((step, index) => {
    try {
      parseStep(step);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const { message, hint } = error;
      context.problem(['algorithm', 'steps', index], message, hint === undefined ? undefined : () => hint);
    }
  });
  return { handler, steps };
}
