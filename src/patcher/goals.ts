/**
 * What a run may have to reach for its verdict not to be vacuous, by name: an algorithm declares which of these its
 * verdict rests on.
 */
export const GOALS = {
  'int3-executed': "a CPU executed a patcher's INT3",
  'half-written-fetched': 'a CPU fetched the site while some, not all, of its new bytes were written',
  'ipi-waited-for-if': "a patcher's IPI was pending on a CPU with IF=0",
  'old-and-new-executed': 'CPUs executed the old and the new instruction before the patch API returned',
  'cpus-stopped': 'all other CPUs were in multi_cpu_stop when text was written',
  'stub-executed': 'a CPU executed in the stub',
  'grace-period-ended': 'a grace period that had to wait for somebody ended',
  'ipi-waited-for-stub': 'an IPI was pending on a CPU that was in the stub',
} as const satisfies Readonly<Record<string, string>>;

export type Goal = keyof typeof GOALS;
