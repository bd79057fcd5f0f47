import { InputError } from '../../input-error.js';
import type { MemoryRange, PatchEnvironment } from '../algorithm.js';

/** The name of the text that a scenario reserves for stubs; also the name of the range that is freed and used again. */
export const STUB = 'stub';

/**
 * The text that the scenario reserves for stubs.
 * @param size bytes that are needed
 * @throws {@link InputError} when there is none, or too little
 */
export function stubText(algorithm: string, { reserved }: PatchEnvironment, size: number): MemoryRange {
  const range = reserved?.get(STUB);
  if (range !== undefined && range.size >= size) return range;
  const what = range === undefined ? 'and the scenario reserves none' : `and ${STUB} has ${range.size} only`;
  throw new InputError(`algorithm ${algorithm} needs ${size} bytes of text for its stub, ${what}`, {
    hint: `reserve them: "text: - {name: ${STUB}, base: 0xffffffff83000000, size: ${size}}"`,
  });
}
