/** States in a chunk of vectors: chunks, unlike one array, never have to be copied to grow, and can be dropped. */
const CHUNK_SHIFT = 14;
const CHUNK_STATES = 1 << CHUNK_SHIFT;
const NO_WORDS = new Int32Array();

/** Vectors of states by number, all of the same length: numbers that are left out at the end are 0. */
export class Vectors {
  private chunks: (Int32Array | undefined)[] = [];
  /** By chunk: how many of its states are still to be looked at. Kept once vectors may be dropped. */
  private waiting: number[] | undefined;
  /** How many chunks there are. */
  private kept = 0;

  /** @param stride how many words a vector has */
  constructor(public stride: number) {}

  /** Makes room for the vector of the next state. */
  add(state: number, vector: Int32Array, end: number): void {
    const chunk = state >>> CHUNK_SHIFT;
    if (chunk >= this.chunks.length) this.put(state);
    this.replace(state, vector, end);
    if (this.waiting !== undefined) this.waiting[chunk] = (this.waiting[chunk] ?? 0) + 1;
  }

  replace(state: number, vector: Int32Array, end: number): void {
    const chunk = this.chunks[state >>> CHUNK_SHIFT] ?? NO_WORDS;
    const start = (state & (CHUNK_STATES - 1)) * this.stride;
    for (let i = 0; i < end; i++) chunk[start + i] = vector[i] ?? 0;
    chunk.fill(0, start + end, start + this.stride);
  }

  /** Whether the vector of a state was not dropped. */
  has(state: number): boolean {
    return this.chunks[state >>> CHUNK_SHIFT] !== undefined;
  }

  /** Copies a vector to the beginning of `out`. */
  read(state: number, out: Int32Array): void {
    const chunk = this.chunks[state >>> CHUNK_SHIFT];
    const start = (state & (CHUNK_STATES - 1)) * this.stride;
    for (let i = 0; i < this.stride; i++) out[i] = chunk?.[start + i] ?? 0;
  }

  equals(state: number, vector: Int32Array, end: number): boolean {
    const chunk = this.chunks[state >>> CHUNK_SHIFT];
    if (chunk === undefined) return false;
    const { stride } = this;
    const start = (state & (CHUNK_STATES - 1)) * stride;
    for (let i = 0; i < end; i++) if (chunk[start + i] !== vector[i]) return false;
    for (let i = end; i < stride; i++) if (chunk[start + i] !== 0) return false;
    return true;
  }

  /** Makes room for longer vectors. */
  widen(length: number): void {
    const [old, wider] = [this.stride, Math.max(length, this.stride + 8)];
    this.chunks = this.chunks.map((chunk) => {
      if (chunk === undefined) return undefined;
      const copy = new Int32Array(CHUNK_STATES * wider);
      for (let i = 0; i < CHUNK_STATES; i++) copy.set(chunk.subarray(i * old, (i + 1) * old), i * wider);
      return copy;
    });
    this.stride = wider;
  }

  /** From now on vectors are dropped by chunks, once all states of one were looked at. `waits`: 1 for each that was not. */
  dropLooked(waits: Uint8Array): void {
    const numbers = this.chunks.map(() => 0);
    waits.forEach((wait, state) => {
      numbers[state >>> CHUNK_SHIFT] = (numbers[state >>> CHUNK_SHIFT] ?? 0) + wait;
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
    const chunk = state >>> CHUNK_SHIFT;
    this.waiting[chunk] = (this.waiting[chunk] ?? 0) - 1;
    return this.dropIfLooked(chunk, count);
  }

  private dropIfLooked(chunk: number, count: number): boolean {
    const isFull = (chunk + 1) << CHUNK_SHIFT <= count;
    if (!isFull || this.waiting?.[chunk] !== 0 || this.chunks[chunk] === undefined) return false;
    this.chunks[chunk] = undefined;
    this.kept--;
    return true;
  }

  /** All states before it have lost their vectors. */
  get firstKept(): number {
    const chunk = this.chunks.findIndex((each) => each !== undefined);
    return (chunk < 0 ? this.chunks.length : chunk) << CHUNK_SHIFT;
  }

  /** The vectors that are there, one after the other: some thousand of them at a time, and the state that they begin with. */
  *all(count: number): Generator<readonly [first: number, vectors: Int32Array]> {
    for (const [i, chunk] of this.chunks.entries()) {
      const first = i << CHUNK_SHIFT;
      if (chunk === undefined || first >= count) continue;
      yield [first, chunk.subarray(0, Math.min(CHUNK_STATES, count - first) * this.stride)];
    }
  }

  /** Makes room for a state and those after it, which have these vectors; what lies before has none, unless it was put. */
  put(first: number, vectors: Int32Array = NO_WORDS): void {
    while (this.chunks.length < first >>> CHUNK_SHIFT) this.chunks.push(undefined);
    const chunk = new Int32Array(CHUNK_STATES * this.stride);
    chunk.set(vectors);
    this.chunks.push(chunk);
    this.kept++;
  }

  /** Bytes of memory in use. */
  get bytes(): number {
    return this.kept * CHUNK_STATES * this.stride * 4;
  }
}

/** How many numbers of a vector there are before those at its end that are 0. */
export function lengthWithoutZeros(vector: Int32Array, length: number): number {
  let end = length;
  while (end > 0 && vector[end - 1] === 0) end--;
  return end;
}
