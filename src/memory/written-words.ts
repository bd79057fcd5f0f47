import { MARK } from './layout.js';
import type { LinearMemory } from './linear-memory.js';
import { LANE_SEEDS, mixWord } from './word-hash.js';

/**
 * The directory of aligned 8-byte words that were ever written, in order of their first write, and the incremental hash
 * of memory over them.
 *
 * The hash is, for each lane, the sum over these words of `mix(address, now) - mix(address, initial)`. A word that has
 * its initial value adds nothing, so the hash depends on contents alone, never on history.
 */
export class WrittenWords {
  private readonly memory: LinearMemory;
  /** For each slot: where the word lies in linear memory. */
  private readonly offsets: number[] = [];
  private readonly keys: number[] = []; // low, high half of the word's linear address
  private readonly initial: number[] = []; // low, high
  private readonly terms: number[] = []; // lane 0, lane 1: what the slot adds to the hash now
  private readonly dirty: number[] = [];
  private readonly slots = new Map<number, number>();
  private readonly lanes: [number, number] = [0, 0];

  constructor(
    memory: LinearMemory,
    /** Low and high half of the linear address that a word of the pool is known by. */
    private readonly keyOf: (offset: number) => readonly [number, number],
  ) {
    this.memory = memory;
  }

  /** How many words were ever written. */
  get size(): number {
    return this.offsets.length;
  }

  /** To be called before `length` bytes at `offset` of linear memory change. */
  touch(offset: number, length: number): void {
    for (let word = offset & ~7; word < offset + length; word += 8) this.touchWord(word);
  }

  private touchWord(word: number): void {
    const mark = this.memory.u8[word >>> 3] ?? 0;
    if (mark === (MARK.dirty | MARK.written)) return;
    if ((mark & MARK.written) === 0) {
      const [keyLow, keyHigh] = this.keyOf(word);
      this.slots.set(word, this.offsets.length);
      this.offsets.push(word);
      this.keys.push(keyLow, keyHigh);
      this.initial.push(this.memory.int32(word), this.memory.int32(word + 4));
      this.terms.push(0, 0);
    }
    this.dirty.push(this.slots.get(word) ?? 0);
    this.memory.u8[word >>> 3] = MARK.dirty | MARK.written;
  }

  /** The two lanes of the hash of memory, brought up to date. */
  hash(): readonly [number, number] {
    for (const slot of this.dirty) {
      const word = this.offsets[slot] ?? 0;
      const low = this.memory.int32(word);
      const high = this.memory.int32(word + 4);
      for (let lane = 0; lane < 2; lane++) {
        const term = this.term(lane, slot, low, high);
        this.lanes[lane] = ((this.lanes[lane] ?? 0) + term - (this.terms[2 * slot + lane] ?? 0)) | 0;
        this.terms[2 * slot + lane] = term;
      }
      this.memory.u8[word >>> 3] = MARK.written;
    }
    this.dirty.length = 0;
    return this.lanes;
  }

  private term(lane: number, slot: number, low: number, high: number): number {
    const seed = LANE_SEEDS[lane] ?? 0;
    const keyLow = this.keys[2 * slot] ?? 0;
    const keyHigh = this.keys[2 * slot + 1] ?? 0;
    const initial = mixWord(seed, keyLow, keyHigh, this.initial[2 * slot] ?? 0, this.initial[2 * slot + 1] ?? 0);
    return (mixWord(seed, keyLow, keyHigh, low, high) - initial) | 0;
  }

  /** Forgets every word; what they hold is their initial value from now on. */
  clear(): void {
    for (const word of this.offsets) this.memory.u8[word >>> 3] = 0;
    for (const list of [this.offsets, this.keys, this.initial, this.terms, this.dirty]) list.length = 0;
    this.slots.clear();
    this.lanes.fill(0);
  }

  /** The contents of every written word, by slot: low, high. */
  save(): Int32Array {
    const words = new Int32Array(2 * this.offsets.length);
    for (let slot = 0; slot < this.offsets.length; slot++) {
      const word = this.offsets[slot] ?? 0;
      words[2 * slot] = this.memory.int32(word);
      words[2 * slot + 1] = this.memory.int32(word + 4);
    }
    return words;
  }

  /** Puts back what {@link save} gave; words first written later get their initial value. `changed` hears of each. */
  restore(words: Int32Array, changed: (offset: number) => void): void {
    for (let slot = 0; slot < this.offsets.length; slot++) {
      const word = this.offsets[slot] ?? 0;
      const low = words[2 * slot] ?? this.initial[2 * slot] ?? 0;
      const high = words[2 * slot + 1] ?? this.initial[2 * slot + 1] ?? 0;
      if (low === this.memory.int32(word) && high === this.memory.int32(word + 4)) continue;
      this.touchWord(word);
      this.memory.setInt32(word, low);
      this.memory.setInt32(word + 4, high);
      changed(word);
    }
  }

  /** Every written word with its address halves and value, in order of first write. */
  *entries(): Generator<{ offset: number; address: bigint; value: bigint; initial: bigint }> {
    for (let slot = 0; slot < this.offsets.length; slot++) {
      const offset = this.offsets[slot] ?? 0;
      yield {
        offset,
        address: joinHalves(this.keys[2 * slot] ?? 0, this.keys[2 * slot + 1] ?? 0),
        value: this.memory.uint64(offset),
        initial: joinHalves(this.initial[2 * slot] ?? 0, this.initial[2 * slot + 1] ?? 0),
      };
    }
  }
}

function joinHalves(low: number, high: number): bigint {
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}
