/** Which CPUs the IPI of sync core does not reach at once. */
export interface SyncReach {
  /** CPUs that are left out, as if they were offline: they are neither asked nor waited for. */
  readonly skip: ReadonlySet<number>;
  /**
   * CPUs that are not disturbed while they idle or are in user mode: their sync is noted as work, and done at their next
   * kernel entry. In the kernel they are asked and waited for like all others.
   */
  readonly defer: ReadonlySet<number>;
}

/** Every other CPU is asked and waited for. */
export const REACHES_ALL: SyncReach = { skip: new Set(), defer: new Set() };
