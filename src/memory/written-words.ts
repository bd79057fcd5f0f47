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
  private count = 0;
  /** For each slot: where the word lies in linear memory, and {@link SLOT_WORDS} words of what is known of it. */
  private offsets = new Int32Array(64);
  private table = new Int32Array(64 * SLOT_WORDS);
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
    return this.count;
  }

  /** To be called before `length` bytes at `offset` of linear memory change. */
  touch(offset: number, length: number): void {
    for (let word = offset & ~7; word < offset + length; word += 8) this.touchWord(word);
  }

  private touchWord(word: number): void {
    const mark = this.memory.u8[word >>> 3] ?? 0;
    if (mark === (MARK.dirty | MARK.written)) return;
    if ((mark & MARK.written) === 0) this.add(word);
    this.dirty.push(this.slots.get(word) ?? 0);
    this.memory.u8[word >>> 3] = MARK.dirty | MARK.written;
  }

  private add(word: number): void {
    const slot = this.count++;
    if (this.count > this.offsets.length) {
      this.offsets = grown(this.offsets);
      this.table = grown(this.table);
    }
    const [keyLow, keyHigh] = this.keyOf(word);
    const [low, high] = [this.memory.int32(word), this.memory.int32(word + 4)];
    this.slots.set(word, slot);
    this.offsets[slot] = word;
    this.table.set(
      [
        keyLow,
        keyHigh,
        low,
        high,
        mixWord(LANE_SEEDS[0], keyLow, keyHigh, low, high),
        mixWord(LANE_SEEDS[1], keyLow, keyHigh, low, high),
        0,
        0,
      ],
      slot * SLOT_WORDS,
    );
  }

  private slotWord(slot: number, word: number): number {
    return this.table[slot * SLOT_WORDS + word] ?? 0;
  }

  private offsetOf(slot: number): number {
    return this.offsets[slot] ?? 0;
  }

  /** The two lanes of the hash of memory, brought up to date. */
  hash(): readonly [number, number] {
    for (const slot of this.dirty) {
      const word = this.offsetOf(slot);
      const low = this.memory.int32(word);
      const high = this.memory.int32(word + 4);
      for (const lane of LANES) {
        const [keyLow, keyHigh] = [this.slotWord(slot, SLOT.keyLow), this.slotWord(slot, SLOT.keyHigh)];
        const mixed = mixWord(LANE_SEEDS[lane], keyLow, keyHigh, low, high);
        const term = (mixed - this.slotWord(slot, SLOT.initialMix + lane)) | 0;
        this.lanes[lane] = (this.lanes[lane] + term - this.slotWord(slot, SLOT.term + lane)) | 0;
        this.table[slot * SLOT_WORDS + SLOT.term + lane] = term;
      }
      this.memory.u8[word >>> 3] = MARK.written;
    }
    this.dirty.length = 0;
    return this.lanes;
  }

  /**
   * The contents of every written word, by slot: low, high.
   * @param reuse an array that is not needed any more, used again if it fits.
   */
  save(reuse?: Int32Array): Int32Array {
    const words = reuse?.length === 2 * this.count ? reuse : new Int32Array(2 * this.count);
    const { i32 } = this.memory;
    const { offsets, count } = this;
    for (let slot = 0; slot < count; slot++) {
      const index = (offsets[slot] ?? 0) >>> 2;
      words[2 * slot] = i32[index] ?? 0;
      words[2 * slot + 1] = i32[index + 1] ?? 0;
    }
    return words;
  }

  /** Puts back what {@link save} gave; words first written later get their initial value. `changed` hears of each. */
  restore(words: Int32Array, changed: (offset: number) => void): void {
    const { i32 } = this.memory;
    const { offsets, count } = this;
    for (let slot = 0; slot < count; slot++) {
      const word = offsets[slot] ?? 0;
      const low = words[2 * slot] ?? this.slotWord(slot, SLOT.initialLow);
      const high = words[2 * slot + 1] ?? this.slotWord(slot, SLOT.initialHigh);
      if (low === i32[word >>> 2] && high === i32[(word >>> 2) + 1]) continue;
      this.touchWord(word);
      this.memory.setInt32(word, low);
      this.memory.setInt32(word + 4, high);
      changed(word);
    }
  }

  /** Forgets every word. The words themselves are the caller's to clear. */
  clear(): void {
    for (let slot = 0; slot < this.count; slot++) this.memory.u8[this.offsetOf(slot) >>> 3] = 0;
    this.count = 0;
    this.slots.clear();
    this.dirty.length = 0;
    this.lanes.fill(0);
  }

  /** Every written word with its address and values, in order of first write. */
  *entries(): Generator<{ offset: number; address: bigint; value: bigint; initial: bigint }> {
    for (let slot = 0; slot < this.count; slot++) {
      const offset = this.offsetOf(slot);
      yield {
        offset,
        address: joinHalves(this.slotWord(slot, SLOT.keyLow), this.slotWord(slot, SLOT.keyHigh)),
        value: this.memory.uint64(offset),
        initial: joinHalves(this.slotWord(slot, SLOT.initialLow), this.slotWord(slot, SLOT.initialHigh)),
      };
    }
  }
}

/** What is known of a written word: its address, its initial value, the mixes of that, what it adds to the hash now. */
const SLOT = { keyLow: 0, keyHigh: 1, initialLow: 2, initialHigh: 3, initialMix: 4, term: 6 } as const;
const SLOT_WORDS = 8;
const LANES = [0, 1] as const;

function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * array.length);
  larger.set(array);
  return larger;
}

function joinHalves(low: number, high: number): bigint {
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}
