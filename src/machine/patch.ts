/** One change of one site: what the patch API is asked for. */
export interface Patch {
  /** The site's symbol, for people. */
  readonly site: string;
  readonly address: bigint;
  /** The new instruction, as long as the old one. */
  readonly bytes: Uint8Array;
  /** What the int3 handler emulates when it is not the new instruction (the kernel's `emulate` argument). */
  readonly emulate: Uint8Array | undefined;
}
