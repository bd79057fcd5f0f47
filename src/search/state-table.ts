import { hashWords, placeByHash } from '../memory/word-hash.js';

/** States in a chunk of vectors: chunks, unlike one array, never have to be copied to grow. */
const CHUNK_SHIFT = 14;
const CHUNK_STATES = 1 << CHUNK_SHIFT;
const NO_WORDS = new Int32Array();

/** How a state was reached first. */
export interface Origin {
  /** The number of the state before; -1 of the first. */
  readonly from: number;
  readonly cpu: number;
  /** Which of the steps that were enabled on the CPU. */
  readonly choice: number;
}

/** The same, and how many steps it is from the first state. */
export interface Arrival extends Origin {
  readonly distance: number;
}

/**
 * The states that were found, as vectors of numbers, each once and in the order in which they were found, with the step
 * that found them. Vectors are compared word by word; numbers that are left out at the end are 0.
 */
export class StateTable {
  /** How many states there are. */
  count = 0;
  private stride: number;
  private chunks: Int32Array[] = [];
  private parents = new Int32Array(CHUNK_STATES);
  /** CPU and choice: a fetch may have very many results. */
  private steps = new Uint32Array(CHUNK_STATES);
  private hashes = new Int32Array(CHUNK_STATES);
  /** Steps from the first state, as far as is known. */
  private distances = new Int32Array(CHUNK_STATES);
  /** Open addressing: number + 1, or 0. A power of two long and at most half full. */
  private table = new Int32Array(4 * CHUNK_STATES);

  /** @param length how long vectors are likely to become. */
  constructor(length: number) {
    this.stride = length;
  }

  /**
   * Finds a vector, or adds it as the next state.
   * @returns its number; it is new if that was {@link count}.
   */
  insert(vector: Int32Array, length: number, { from, cpu, choice, distance }: Arrival): number {
    const end = lengthWithoutZeros(vector, length);
    if (end > this.stride) this.widen(end);
    const hash = hashWords(vector, end);
    const at = this.placeOf(hash, vector, end);
    const entry = this.table[at] ?? 0;
    if (entry !== 0) return entry - 1;
    const state = this.add(vector, end);
    this.table[at] = state + 1;
    this.hashes[state] = hash;
    this.parents[state] = from;
    this.steps[state] = (choice << 3) | cpu;
    this.distances[state] = distance;
    if (2 * this.count > this.table.length) this.rehash();
    return state;
  }

  /** The number of a vector; undefined when it is not there. */
  find(vector: Int32Array, length: number): number | undefined {
    const end = lengthWithoutZeros(vector, length);
    if (end > this.stride) return undefined;
    const entry = this.table[this.placeOf(hashWords(vector, end), vector, end)] ?? 0;
    return entry === 0 ? undefined : entry - 1;
  }

  /** Where in the table a vector stands, or would. */
  private placeOf(hash: number, vector: Int32Array, end: number): number {
    const mask = this.table.length - 1;
    let at = hash & mask;
    for (let entry = this.table[at] ?? 0; entry !== 0; entry = this.table[at] ?? 0) {
      if (this.hashes[entry - 1] === hash && this.equals(entry - 1, vector, end)) break;
      at = (at + 1) & mask;
    }
    return at;
  }

  /** Copies the vector of a state to the beginning of `out`. */
  read(state: number, out: Int32Array): void {
    const chunk = this.chunks[state >>> CHUNK_SHIFT];
    const start = (state & (CHUNK_STATES - 1)) * this.stride;
    for (let i = 0; i < this.stride; i++) out[i] = chunk?.[start + i] ?? 0;
  }

  /** How many words {@link read} copies. */
  get length(): number {
    return this.stride;
  }

  /** All vectors, one after the other, each as long as {@link length} says: some thousand of them at a time. */
  *vectors(): Generator<Int32Array> {
    for (let first = 0; first < this.count; first += CHUNK_STATES) {
      const vectors = Math.min(CHUNK_STATES, this.count - first);
      yield (this.chunks[first >>> CHUNK_SHIFT] ?? NO_WORDS).subarray(0, vectors * this.stride);
    }
  }

  /** Of each state the one before, the step as {@link stepOf} reads it, and how far it is. */
  get columns(): { readonly parents: Int32Array; readonly steps: Uint32Array; readonly distances: Int32Array } {
    const { parents, steps, distances, count } = this;
    return {
      parents: parents.subarray(0, count),
      steps: steps.subarray(0, count),
      distances: distances.subarray(0, count),
    };
  }

  static stepOf(step: number): Pick<Origin, 'cpu' | 'choice'> {
    return { cpu: step & 7, choice: step >>> 3 };
  }

  distanceOf(state: number): number {
    return this.distances[state] ?? 0;
  }

  /** A nearer way to a state was found. */
  approach(state: number, { from, cpu, choice, distance }: Arrival): void {
    this.parents[state] = from;
    this.steps[state] = (choice << 3) | cpu;
    this.distances[state] = distance;
  }

  originOf(state: number): Origin {
    return { from: this.parents[state] ?? -1, ...StateTable.stepOf(this.steps[state] ?? 0) };
  }

  /** Bytes of memory in use. */
  get bytes(): number {
    const perState =
      this.parents.byteLength + this.steps.byteLength + this.hashes.byteLength + this.distances.byteLength;
    return this.chunks.length * CHUNK_STATES * this.stride * 4 + perState + this.table.byteLength;
  }

  private equals(state: number, vector: Int32Array, end: number): boolean {
    const chunk = this.chunks[state >>> CHUNK_SHIFT];
    if (chunk === undefined) return false;
    const { stride } = this;
    const start = (state & (CHUNK_STATES - 1)) * stride;
    for (let i = 0; i < end; i++) if (chunk[start + i] !== vector[i]) return false;
    for (let i = end; i < stride; i++) if (chunk[start + i] !== 0) return false;
    return true;
  }

  private add(vector: Int32Array, end: number): number {
    const state = this.count++;
    if (state >= this.parents.length) this.grow();
    let chunk = this.chunks[state >>> CHUNK_SHIFT];
    if (chunk === undefined) {
      chunk = new Int32Array(CHUNK_STATES * this.stride);
      this.chunks.push(chunk);
    }
    const start = (state & (CHUNK_STATES - 1)) * this.stride;
    for (let i = 0; i < end; i++) chunk[start + i] = vector[i] ?? 0;
    return state;
  }

  private grow(): void {
    const [parents, steps, hashes] = [this.parents, this.steps, this.hashes];
    this.parents = new Int32Array(2 * parents.length);
    this.parents.set(parents);
    this.steps = new Uint32Array(2 * steps.length);
    this.steps.set(steps);
    const { distances } = this;
    this.distances = new Int32Array(2 * distances.length);
    this.distances.set(distances);
    this.hashes = new Int32Array(2 * hashes.length);
    this.hashes.set(hashes);
  }

  private rehash(): void {
    const table = new Int32Array(2 * this.table.length);
    for (let state = 0; state < this.count; state++) placeByHash(table, this.hashes[state] ?? 0, state);
    this.table = table;
  }

  /** Makes room for longer vectors. */
  private widen(length: number): void {
    const [old, wider] = [this.stride, Math.max(length, this.stride + 8)];
    this.chunks = this.chunks.map((chunk) => {
      const copy = new Int32Array(CHUNK_STATES * wider);
      for (let i = 0; i < CHUNK_STATES; i++) copy.set(chunk.subarray(i * old, (i + 1) * old), i * wider);
      return copy;
    });
    this.stride = wider;
  }
}

function lengthWithoutZeros(vector: Int32Array, length: number): number {
  let end = length;
  while (end > 0 && vector[end - 1] === 0) end--;
  return end;
}
