/**
 * What an instruction fetch may return (semantics of instruction fetch; `floor` and `now` are text times):
 *
 * - `coherent`: every unit as of now.
 * - `torn`: floor <= t0 <= t1 <= ... <= now, the last unit as of now; the floor is now after every step of the CPU.
 * - `monotone`: floor <= t0 <= t1 <= ... <= now; afterwards the floor is the last unit's time.
 * - `per-unit`: every unit its own floor, never back in time within a unit.
 * - `any`: each unit any version since the CPU last serialised, even going back.
 * - `undefined-xmc`: as `any`; executing what another CPU modified since is undefined, but for INT3 in the first byte.
 * - `undefined-xmc-strict`: the same without the exemption.
 */
export const FETCH_RULES = [
  'coherent',
  'torn',
  'monotone',
  'per-unit',
  'any',
  'undefined-xmc',
  'undefined-xmc-strict',
] as const;
export type FetchRuleName = (typeof FETCH_RULES)[number];

/** Whether something is held back in an interrupt shadow; `optional`: both are explored. */
export type HeldInShadow = boolean | 'optional';

/** The rules of the simulated hardware that a profile decides. */
export interface Rules {
  readonly fetch: FetchRuleName;
  /** Bytes of an aligned fetch unit: 1, 2, 4, ... 64. */
  readonly unit: number;
  /** A store of up to 8 bytes is one event iff it lies inside one aligned unit of so many bytes. */
  readonly storeBoundary: number;
  readonly mfenceSerialises: boolean;
  /** A switch for negative controls: IRET is serialising on all processors. */
  readonly iretSerialises: boolean;
  readonly nmiHeldInStiShadow: HeldInShadow;
  readonly dbHeldInStiShadow: HeldInShadow;
  readonly mcHeldInStiShadow: HeldInShadow;
  readonly serialiseAtExceptionEntry: boolean;
  /** A CPU's own store to text through another linear address is seen by its later fetches. */
  readonly smcCoherentAcrossAliases: boolean;
}

/** A rule's value with where it comes from. */
export interface Cell<T> {
  readonly value: T;
  /** The manual's section, the mail, or the reason. */
  readonly source: string;
}

/** A profile as data: a cell for each rule. */
export type ProfileRow = { readonly [K in keyof Rules]: Cell<Rules[K]> };

/** The names of rules as scenarios write them. */
export const RULE_KEYS: Readonly<Record<keyof Rules, string>> = {
  fetch: 'fetch',
  unit: 'unit',
  storeBoundary: 'store-boundary',
  mfenceSerialises: 'mfence-serialises',
  iretSerialises: 'iret-serialises',
  nmiHeldInStiShadow: 'nmi-held-in-sti-shadow',
  dbHeldInStiShadow: 'db-held-in-sti-shadow',
  mcHeldInStiShadow: 'mc-held-in-sti-shadow',
  serialiseAtExceptionEntry: 'serialise-at-exception-entry',
  smcCoherentAcrossAliases: 'smc-coherent-across-aliases',
};
