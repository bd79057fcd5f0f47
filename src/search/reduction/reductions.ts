/** Ways to look at fewer states that lose no verdict; `docs/soundness/` has the argument of each. */
export const REDUCTIONS = {
  fusion: 'steps that nobody else can see are done together with the step that follows them',
  'race-freedom':
    'accesses of memory that tasks take turns with, without a race, are fused like those of private memory',
  'interrupt-points': 'an interrupt that looks at nothing is accepted before such steps, not in their middle',
  'idle-interrupts': 'an NMI or #MC after whose handler all is as before is left out',
  await: 'a step that changes nothing is left out',
  'fetch-floors': 'how old the text is that a CPU may fetch is forgotten if it executes none',
  'silent-stores': 'a byte of a poke that changes nothing is stored after the others',
  'dead-stack': 'what lies below RSP on a private stack is forgotten',
  symmetry: 'of states that differ only in the numbers of CPUs which do the same work one is kept',
  subsumption:
    'of states that differ only in how old the text is that may be fetched, the one that allows more is kept',
} as const;

/** The name of a reduction. */
export type Reduction = keyof typeof REDUCTIONS;
export type Reductions = ReadonlySet<Reduction>;

/** The reductions of a search, and of them those that could not be used, with the reason. */
export interface AppliedReductions {
  readonly on: readonly Reduction[];
  readonly unused: ReadonlyMap<Reduction, string>;
}

export const NONE_APPLIED: AppliedReductions = { on: [], unused: new Map() };

export const ALL_REDUCTIONS: Reductions = new Set(Object.keys(REDUCTIONS) as Reduction[]);
export const NO_REDUCTIONS: Reductions = new Set();
