import type { Algorithm } from './algorithm.js';
import { NAIVE_MEMCPY } from './naive-memcpy.js';
import { TEXT_POKE_BP } from './text-poke-bp.js';

/** The built-in algorithms by name. */
export const ALGORITHMS: ReadonlyMap<string, Algorithm> = new Map(
  [TEXT_POKE_BP, NAIVE_MEMCPY].map((algorithm) => [algorithm.name, algorithm]),
);
