/**
 * Bytes of memory that a word before `ptr` stands for. `far` is a selector with a 32-bit offset, as without a size;
 * `near` is the 64-bit target of a branch.
 */
export const sizeWords: Readonly<Record<string, number>> = {
  byte: 1,
  word: 2,
  dword: 4,
  fword: 6,
  far: 6,
  qword: 8,
  mmword: 8,
  near: 8,
  tbyte: 10,
  oword: 16,
  xmmword: 16,
  ymmword: 32,
  zmmword: 64,
};

/** `dword ptr` and what memory it is about; just that when there is no word for so many bytes. */
export function sizedMemory(memory: string, bytes: number): string {
  const word = Object.keys(sizeWords).find((other) => sizeWords[other] === bytes);
  return word === undefined ? memory : `${word} ptr ${memory}`;
}
