/** Exception vectors (SDM Vol. 3A, table "Protected-Mode Exceptions and Interrupts"). */
export const VECTOR = {
  de: 0,
  db: 1,
  nmi: 2,
  bp: 3,
  of: 4,
  ud: 6,
  nm: 7,
  df: 8,
  ss: 12,
  gp: 13,
  pf: 14,
  ac: 17,
  mc: 18,
} as const;

const NAMES: Readonly<Record<number, string>> = {
  0: '#DE',
  1: '#DB',
  2: 'NMI',
  3: '#BP',
  4: '#OF',
  6: '#UD',
  7: '#NM',
  8: '#DF',
  12: '#SS',
  13: '#GP',
  14: '#PF',
  17: '#AC',
  18: '#MC',
};

/** How the manuals write a vector: `#PF`, or `0xfb` for an interrupt. */
export function vectorName(vector: number): string {
  return NAMES[vector] ?? `0x${vector.toString(16)}`;
}

/** Vectors that push an error code. */
export function hasErrorCode(vector: number): boolean {
  return vector === VECTOR.df || (vector >= 10 && vector <= 14) || vector === VECTOR.ac;
}
