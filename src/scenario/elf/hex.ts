/** A number as messages about ELF files write it: `0x3e`. */
export function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}
