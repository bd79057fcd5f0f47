import type { Machine } from '../../machine/machine.js';
import type { Renaming } from '../../machine/renaming.js';
import type { StateVector } from '../../machine/state-vector.js';
import { LINE_SIZE } from '../../memory/layout.js';
import { LINE_WORDS } from '../../memory/written-words.js';

/** A word of 8 bytes: the line it lies in, as an index of {@link NamedWords.parts}, and where in that, in words of 4 bytes. */
interface Place {
  readonly line: number;
  readonly at: number;
  /** The CPU that it is of; undefined of a single word. */
  readonly cpu: number | undefined;
  readonly cpuSet: boolean;
  /** Its declaration, and the pool offset / 8. */
  readonly of: number;
  readonly word: number;
}

/** The lines of the simulated kernel's data in which words name CPUs. */
export class NamedWords {
  /** Their parts of the state's vector. */
  readonly parts: readonly number[];
  private readonly places: readonly Place[];
  private readonly tuple: Int32Array;

  constructor(
    { memory, kernel, cpuCount }: Machine,
    private readonly vector: StateVector,
  ) {
    const lines: number[] = [];
    const places: Place[] = [];
    kernel.naming.words.forEach(({ address, perCpu, cpuSet }, of) => {
      for (let row = 0; row < (perCpu ? cpuCount : 1); row++) {
        const offset = memory.offsetOf(address + 8n * BigInt(row));
        const part = vector.partOfLine(memory.written.numberLine(offset));
        if (!lines.includes(part)) lines.push(part);
        const at = (offset % LINE_SIZE) / 4;
        places.push({ line: lines.indexOf(part), at, cpu: perCpu ? row : undefined, cpuSet, of, word: offset >>> 3 });
      }
    });
    this.parts = lines;
    this.places = places;
    this.tuple = new Int32Array(lines.length);
  }

  /** One number for the numbers of the lines in a state. */
  tupleOf(state: Int32Array): number {
    const { parts, tuple } = this;
    for (let i = 0; i < parts.length; i++) tuple[i] = state[parts[i] ?? 0] ?? 0;
    return this.vector.words.intern(tuple, parts.length);
  }

  /** The numbers of the lines of a tuple when CPUs are renamed. */
  renamed(tuple: number, renaming: Renaming): readonly number[] {
    const { words } = this.vector;
    const start = words.start(tuple);
    const before = Array.from(words.words.subarray(start, start + this.parts.length), (id) =>
      words.words.slice(words.start(id), words.start(id) + LINE_WORDS),
    );
    const after = before.map((line) => line.slice());
    for (const place of this.places) {
      const from = before[place.line];
      const to = this.imageOf(place, renaming);
      const line = after[to.line];
      if (from === undefined || line === undefined) continue;
      const low = from[place.at] ?? 0;
      line[to.at] = place.cpuSet ? renaming.cpuSet(low) : low;
      line[to.at + 1] = from[place.at + 1] ?? 0;
    }
    return after.map((line) => words.intern(line, LINE_WORDS));
  }

  /** The word that has a word's role when CPUs are renamed; words by pool offset / 8. */
  imageOfWord(word: number, renaming: Renaming): number {
    const place = this.places.find((one) => one.word === word);
    return place === undefined ? word : this.imageOf(place, renaming).word;
  }

  private imageOf(place: Place, renaming: Renaming): Place {
    if (place.cpu === undefined) return place;
    const cpu = renaming.cpu(place.cpu);
    return this.places.find((other) => other.of === place.of && other.cpu === cpu) ?? place;
  }
}
