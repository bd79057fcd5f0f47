/** States that are to be looked at: the nearest first, and those as near in the order in which they were found. */
export class Frontier {
  /** How far away the states are that are being taken. */
  distance = 0;
  /** States were forgotten, which nobody looks at. */
  isNarrowed = false;
  private readonly buckets = new Map<number, number[]>();
  private bucket: number[] = [];
  private taken = 0;

  /** @param distance of the state, not less than that of those that are being taken */
  add(state: number, distance: number): void {
    if (distance === this.distance) {
      this.bucket.push(state);
      return;
    }
    const bucket = this.buckets.get(distance);
    if (bucket === undefined) this.buckets.set(distance, [state]);
    else bucket.push(state);
  }

  /** The next state, without taking it; {@link distance} is then its. */
  peek(): number | undefined {
    while (this.taken === this.bucket.length) {
      if (this.buckets.size === 0) return undefined;
      do this.distance++;
      while (!this.buckets.has(this.distance));
      this.bucket = this.buckets.get(this.distance) ?? [];
      this.buckets.delete(this.distance);
      this.taken = 0;
    }
    return this.bucket[this.taken];
  }

  take(): void {
    this.taken++;
  }

  /** The states that are to be taken, by how far away they are. */
  *left(): Generator<readonly [distance: number, states: readonly number[]]> {
    yield [this.distance, this.bucket.slice(this.taken)];
    yield* this.buckets;
  }

  /** Forgets states that are as near as the next one, unless some of them were taken: `width` are left, spread evenly. */
  narrow(width: number): void {
    if (this.peek() === undefined || this.taken > 0 || this.bucket.length <= width) return;
    const { bucket } = this;
    this.isNarrowed = true;
    this.bucket = Array.from({ length: width }, (_, i) => bucket[Math.floor((i * bucket.length) / width)] as number);
  }

  /** The distance, and then by distance the states that are to be taken: how far, how many, which. */
  save(): Int32Array {
    return Int32Array.from([...this.left()].flatMap(([distance, states]) => [distance, states.length, ...states]));
  }

  /** One as {@link save} has it. */
  static load(words: Int32Array): Frontier {
    const frontier = new Frontier();
    frontier.distance = words[0] ?? 0;
    for (let at = 0; at < words.length; ) {
      const [distance = 0, count = 0] = words.subarray(at, at + 2);
      for (const state of words.subarray(at + 2, at + 2 + count)) frontier.add(state, distance);
      at += 2 + count;
    }
    return frontier;
  }
}
