/** A range of memory that is used again: a stub, a slot, a descriptor. */
export interface ReusedRange {
  readonly address: bigint;
  /** In bytes. */
  readonly size: number;
  /**
   * Of data that code reads, with that code's address and size: who has entered it stays until it leaves the code. Default: a
   * context of guest code that is not in the range itself is out of it.
   */
  readonly usedBy?: Omit<ReusedRange, 'usedBy'>;
}

/** Whether [address, address + length) overlaps a range. */
export function touches(range: ReusedRange, address: bigint, length: number): boolean {
  return address < range.address + BigInt(range.size) && range.address < address + BigInt(length);
}

/** Whether an address lies in a range. */
export function isInside(range: ReusedRange, address: bigint): boolean {
  return touches(range, address, 1);
}
