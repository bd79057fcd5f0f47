/** Words of memory that something looks at and writes, by pool offset / 8, in ascending order. Equal ones are one object. */
export interface Accesses {
  readonly index: number;
  readonly read: readonly number[];
  readonly written: readonly number[];
}

/** Sets of accesses, each kept once, so that what is asked of two of them is found out once. */
export class AccessSets {
  private readonly byWords = new Map<string, Accesses>();
  private readonly unions = new Map<number, Accesses>();
  private readonly overlaps = new Map<number, readonly number[]>();

  readonly none = this.of([], []);

  of(read: Iterable<number>, written: Iterable<number>): Accesses {
    const [reads, writes] = [ascending(read), ascending(written)];
    const key = `${reads.join()}|${writes.join()}`;
    const known = this.byWords.get(key);
    if (known !== undefined) return known;
    const made = { index: this.byWords.size, read: reads, written: writes };
    this.byWords.set(key, made);
    return made;
  }

  union(one: Accesses, other: Accesses): Accesses {
    if (one === other || other === this.none) return one;
    const key = keyOf(one, other);
    let union = this.unions.get(key);
    if (union === undefined) {
      union = this.of([...one.read, ...other.read], [...one.written, ...other.written]);
      this.unions.set(key, union);
    }
    return union;
  }

  /** The words that both access and one of them writes. */
  conflicts(one: Accesses, other: Accesses): readonly number[] {
    const key = keyOf(one, other);
    let words = this.overlaps.get(key);
    if (words === undefined) {
      words = [
        ...common(one.written, other.written),
        ...common(one.written, other.read),
        ...common(one.read, other.written),
      ];
      this.overlaps.set(key, words);
    }
    return words;
  }
}

const ascending = (words: Iterable<number>): readonly number[] => [...new Set(words)].sort((a, b) => a - b);

const keyOf = (one: Accesses, other: Accesses): number => one.index * 2 ** 26 + other.index;

function common(some: readonly number[], others: readonly number[]): number[] {
  const set = new Set(others);
  return some.filter((word) => set.has(word));
}
