import { Random } from '../random.js';
import { STRATEGY_NAMES, type StrategyName } from '../strategy/strategies.js';

/**
 * The seed of one execution of a hunt: it depends on the hunt's seed, the execution's number and its strategy alone.
 */
export function executionSeed(seed: number, execution: number, strategy: StrategyName): number {
  const mixed = [execution, Math.floor(execution / 2 ** 32), STRATEGY_NAMES.indexOf(strategy)];
  return mixed.reduce((state, word) => new Random(state ^ Math.imul(word + 1, 0x9e3779b1)).next(), seed);
}
