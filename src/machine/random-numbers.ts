import type { Machine } from './machine.js';

/** A CPU's first counter of a seed: odd, so that it is not 0. */
const first = (seed: number, cpu: number): bigint => (BigInt(seed) << 8n) | BigInt(2 * cpu + 1);

/**
 * Gives each CPU a sequence of numbers for RDRAND and RDSEED; without, they always read the same number.
 * @param seed 0 to 2^32 - 1
 */
export function seedRandomNumbers(machine: Machine, seed: number): void {
  machine.cpus.forEach((state, cpu) => {
    state.setCell('random', first(seed, cpu));
  });
}

/** Whether some CPU of a machine with that seed has drawn a number: what the machine did may depend on the seed. */
export function hasDrawn(machine: Machine, seed: number): boolean {
  return machine.cpus.some((state, cpu) => state.cell('random') !== first(seed, cpu));
}
