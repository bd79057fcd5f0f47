import { checkVariant } from '../judge/check/check-variant.js';
import { type CheckChoice, DEFAULT_LIMITS, ENGINES, type Engine, FINGERPRINT_BITS } from '../judge/check/choice.js';
import type { CheckProgress } from '../judge/check/progress.js';
import type { LoadedScenario } from '../scenario/load.js';
import {
  ALL_REDUCTIONS,
  NO_REDUCTIONS,
  REDUCTIONS,
  type Reduction,
  type Reductions,
} from '../search/reduction/reductions.js';
import { type CheckResult, checkResult } from './check-result.js';
import {
  type AbortOptions,
  type ProgressOptions,
  recipeOf,
  requireInteger,
  requireKnown,
  surroundingsOf,
  type VariantOptions,
} from './options.js';

/** How a variant is checked. The names are those of the flags of `xmc check`. */
export interface CheckOptions extends VariantOptions, AbortOptions, ProgressOptions<CheckProgress> {
  /** Most distinct states. Default: 20 million. */
  readonly maxStates?: number | undefined;
  /** Most memory for states, in megabytes. Default: 4096. */
  readonly maxMemory?: number | undefined;
  /** Most time, in seconds. A search that was cut short by it finds something else the next time. Default: none. */
  readonly timeout?: number | undefined;
  /** Which schedule is told of a violation. Default: of all up to twice as long as a shortest, one with the fewest preemptions. */
  readonly counterexample?: 'fewest-preemptions' | 'shortest' | undefined;
  /** Which reductions of the search are on: all of them, none, or those that are named. Default: all. */
  readonly reductions?: 'all' | 'none' | readonly Reduction[] | undefined;
  /**
   * Whether 64-bit fingerprints stand for states when memory is used up, so that the verdict is probabilistic; otherwise the
   * check ends there. Default: true.
   */
  readonly fingerprints?: boolean | undefined;
  /** `fast`, or the short and slow one that it is compared with: `plain`. Default: fast. */
  readonly engine?: Engine | undefined;
}

/**
 * Explores every schedule of one variant: verifies it, or finds a counterexample. The same search as that of `xmc check`,
 * on one thread; it lets timers and input through.
 *
 * @example
 * const result = await check(scenario, { variant: 'plain' });
 * if (result.verdict === 'violated') console.log(result.counterexample.trace());
 *
 * @throws InputError when the scenario cannot be built or an option is wrong.
 */
export async function check(scenario: LoadedScenario, options: CheckOptions = {}): Promise<CheckResult> {
  const choice = choiceOf(options);
  const recipe = recipeOf(scenario, options, choice.engine === 'plain' ? 'bigint' : 'wasm');
  return checkResult(scenario.name, await checkVariant(recipe, { choice, ...surroundingsOf(options) }));
}

/**
 * Checks one variant after another, as `xmc check` does: every variant, or the scenario as written if it has none. Each
 * result comes as soon as it is there. An aborted signal ends the variant under way, and begins no other.
 *
 * @example
 * for await (const { variant, text } of checkAll(scenario)) console.log(variant, text);
 *
 * @throws InputError before anything is checked, when any of the variants cannot be built or an option is wrong.
 */
export async function* checkAll(
  scenario: LoadedScenario,
  options: Omit<CheckOptions, 'variant'> = {},
): AsyncGenerator<CheckResult, void, void> {
  const variants = scenario.variants.length === 0 ? [undefined] : scenario.variants;
  for (const variant of variants) recipeOf(scenario, { ...options, variant });
  for (const variant of variants) {
    if (options.signal?.aborted) return;
    yield await check(scenario, { ...options, variant });
  }
}

/** How the options have a variant checked. */
export function choiceOf(options: CheckOptions): CheckChoice {
  const { maxStates = DEFAULT_LIMITS.states, maxMemory = DEFAULT_LIMITS.megabytes, timeout } = options;
  const { engine = 'fast', counterexample = 'fewest-preemptions', fingerprints = true } = options;
  requireInteger('maxStates', maxStates, 1, 1e9);
  requireInteger('maxMemory', maxMemory, 1, 1e6);
  requireInteger('timeout', timeout, 1, 1e7);
  requireKnown('engine', engine, ENGINES);
  requireKnown('counterexample', counterexample, ['fewest-preemptions', 'shortest']);
  return {
    engine,
    reductions: engine === 'plain' ? NO_REDUCTIONS : reductionsOf(options.reductions),
    limits: { states: maxStates, memory: maxMemory * 2 ** 20 },
    fingerprints: fingerprints ? { bits: FINGERPRINT_BITS, seed: 0 } : undefined,
    moveCache: true,
    timeout,
    counterexample,
    crossCheck: false,
  };
}

function reductionsOf(wanted: CheckOptions['reductions'] = 'all'): Reductions {
  if (wanted === 'all') return ALL_REDUCTIONS;
  if (wanted === 'none') return NO_REDUCTIONS;
  for (const name of wanted) requireKnown('reduction', name, Object.keys(REDUCTIONS));
  return new Set(wanted);
}
