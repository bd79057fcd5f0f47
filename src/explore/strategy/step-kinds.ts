import type { Step } from '../../machine/step.js';
import { OWN_STEPS } from '../../machine/step-kinds.js';

/** What the environment does within a budget. */
export const ENVIRONMENT = ['nmi', 'mc', 'switch'] as const;
export type Environment = (typeof ENVIRONMENT)[number];

/** The steps of a CPU, those of the environment apart. */
export interface SplitSteps {
  readonly own: readonly Step[];
  readonly environment: readonly Step[];
}

/** Taking a task off is the environment's doing; putting one on a CPU that has nothing else to do is the CPU's own. */
export function splitSteps(steps: readonly Step[]): SplitSteps {
  const hasTask = steps.some(({ kind }) => OWN_STEPS.has(kind));
  const isOfEnvironment = ({ kind }: Step): boolean =>
    kind === 'nmi' || kind === 'mc' || (kind === 'switch' && hasTask);
  return { own: steps.filter((step) => !isOfEnvironment(step)), environment: steps.filter(isOfEnvironment) };
}
