import type { Profile } from './profile.js';

/**
 * `ideal`: memory is coherent for instruction fetch: every fetch returns current bytes (the base case of the fetch rules; what remains
 * racy is the order of events).
 */
export const IDEAL: Profile = { name: 'ideal', title: 'coherent instruction fetch', fetch: 'coherent' };

/** The named profiles. */
export const PROFILES: ReadonlyMap<string, Profile> = new Map([[IDEAL.name, IDEAL]]);
