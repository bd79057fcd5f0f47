/** One thing that is not as it was recorded. */
export interface Mismatch {
  /** A register, `[address]` of memory, `exception`, `error code`, `cr2`, or `end`. */
  readonly what: string;
  readonly recorded: string;
  readonly got: string;
}

/** `rax: recorded 6, got 5`. */
export function mismatchText({ what, recorded, got }: Mismatch): string {
  return `${what}: recorded ${recorded}, got ${got}`;
}
