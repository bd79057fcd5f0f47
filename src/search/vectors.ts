/** States in a chunk, as a power of two: chunks, unlike one array, never have to be copied to grow, and can be dropped. */
const CHUNK_SHIFT = 14;
const NO_WORDS = new Int32Array();

/** Vectors of states by number, all of the same length: numbers that are left out at the end are 0. */
export class Vectors {
  private chunks: (Int32Array | undefined)[] = [];
  /** By chunk: how many of its states are still to be looked at. Kept once vectors may be dropped. */
  private waiting: number[] | undefined;
  /** How many chunks there are. */
  private kept = 0;

  private readonly size: number;

  /**
   * @param stride how many words a vector has
   * @param shift vectors are kept and dropped in chunks of so many, as a power of two
   */
  constructor(
    public stride: number,
    readonly shift = CHUNK_SHIFT,
  ) {
    this.size = 1 << shift;
  }

  /** Makes room for the vector of the next state. */
  add(state: number, vector: Int32Array, end: number): void {
    const chunk = state >>> this.shift;
    if (chunk >= this.chunks.length) this.put(state);
    this.replace(state, vector, end);
    if (this.waiting !== undefined) this.waiting[chunk] = (this.waiting[chunk] ?? 0) + 1;
  }

  replace(state: number, vector: Int32Array, end: number): void {
    const chunk = this.chunks[state >>> this.shift] ?? NO_WORDS;
    const start = (state & (this.size - 1)) * this.stride;
    for (let i = 0; i < end; i++) chunk[start + i] = vector[i] ?? 0;
    chunk.fill(0, start + end, start + this.stride);
  }

  /** Whether the vector of a state was not dropped. */
  has(state: number): boolean {
    return this.chunks[state >>> this.shift] !== undefined;
  }

  /** Copies a vector to the beginning of `out`. */
  read(state: number, out: Int32Array): void {
    const chunk = this.chunks[state >>> this.shift];
    const start = (state & (this.size - 1)) * this.stride;
    for (let i = 0; i < this.stride; i++) out[i] = chunk?.[start + i] ?? 0;
  }

  equals(state: number, vector: Int32Array, end: number): boolean {
    const chunk = this.chunks[state >>> this.shift];
    if (chunk === undefined) return false;
    const { stride } = this;
    const start = (state & (this.size - 1)) * stride;
    for (let i = 0; i < end; i++) if (chunk[start + i] !== vector[i]) return false;
    for (let i = end; i < stride; i++) if (chunk[start + i] !== 0) return false;
    return true;
  }

  /** Makes room for longer vectors. */
  widen(length: number): void {
    const [old, wider] = [this.stride, Math.max(length, this.stride + 8)];
    this.chunks = this.chunks.map((chunk) => {
      if (chunk === undefined) return undefined;
      const copy = new Int32Array(this.size * wider);
      for (let i = 0; i < this.size; i++) copy.set(chunk.subarray(i * old, (i + 1) * old), i * wider);
      return copy;
    });
    this.stride = wider;
  }

  /** From now on vectors are dropped by chunks, once all states of one were looked at. `waits`: 1 for each that was not. */
  dropLooked(waits: Uint8Array): void {
    const numbers = this.chunks.map(() => 0);
    waits.forEach((wait, state) => {
      numbers[state >>> this.shift] = (numbers[state >>> this.shift] ?? 0) + wait;
    });
    this.waiting = numbers;
    for (let chunk = 0; chunk < this.chunks.length; chunk++) this.dropIfLooked(chunk, waits.length);
  }

  /**
   * A state was looked at.
   * @param count how many states there are
   * @returns whether vectors were dropped
   */
  looked(state: number, count: number): boolean {
    if (this.waiting === undefined) return false;
    const chunk = state >>> this.shift;
    this.waiting[chunk] = (this.waiting[chunk] ?? 0) - 1;
    return this.dropIfLooked(chunk, count);
  }

  private dropIfLooked(chunk: number, count: number): boolean {
    const isFull = (chunk + 1) << this.shift <= count;
    if (!isFull || this.waiting?.[chunk] !== 0 || this.chunks[chunk] === undefined) return false;
    this.chunks[chunk] = undefined;
    this.kept--;
    return true;
  }

  /** All states before it have lost their vectors. */
  get firstKept(): number {
    const chunk = this.chunks.findIndex((each) => each !== undefined);
    return (chunk < 0 ? this.chunks.length : chunk) << this.shift;
  }

  /** The vectors that are there, one after the other: some thousand of them at a time, and the state that they begin with. */
  *all(count: number): Generator<readonly [first: number, vectors: Int32Array]> {
    for (const [i, chunk] of this.chunks.entries()) {
      const first = i << this.shift;
      if (chunk === undefined || first >= count) continue;
      yield [first, chunk.subarray(0, Math.min(this.size, count - first) * this.stride)];
    }
  }

  /** Makes room for a state and those after it, which have these vectors; what lies before has none, unless it was put. */
  put(first: number, vectors: Int32Array = NO_WORDS): void {
    while (this.chunks.length < first >>> this.shift) this.chunks.push(undefined);
    const chunk = new Int32Array(this.size * this.stride);
    chunk.set(vectors);
    this.chunks.push(chunk);
    this.kept++;
  }

  /** Bytes of memory in use. */
  get bytes(): number {
    return this.kept * this.size * this.stride * 4;
  }
}

/** How many numbers of a vector there are before those at its end that are 0. */
export function lengthWithoutZeros(vector: Int32Array, length: number): number {
  let end = length;
  while (end > 0 && vector[end - 1] === 0) end--;
  return end;
}
