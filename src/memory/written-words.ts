import { ChangeList } from './change-list.js';
import { grown } from './interned-words.js';
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
  /** Slots touched since {@link settle}, each once; then those whose hash and those whose line somebody has to look at again. */
  private readonly dirty: number[] = [];
  private readonly unhashed = new ChangeList();
  private readonly changedLines = new ChangeList();
  /** Lines of 64 bytes that have such a word: numbers by offset / 64, offsets by number, and initial contents. */
  private readonly lineNumbers = new Map<number, number>();
  private readonly lines: number[] = [];
  private readonly expectedUnwritten = new Set<number>();
  /** Hears when a line is written for the first time that {@link expectUnwritten} was told of, by its pool offset. */
  onFirstWrite: ((offset: number) => void) | undefined;
  private initialLines = new Int32Array(16 * LINE_WORDS);
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
      this.offsets = grown(this.offsets, this.count);
      this.table = grown(this.table, SLOT_WORDS * this.count);
    }
    const [keyLow, keyHigh] = this.keyOf(word);
    const [low, high] = [this.memory.int32(word), this.memory.int32(word + 4)];
    this.numberLine(word);
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

  /** Tells both who want to know of the slots touched since the last time, and `hear` of their words, by pool offset. */
  private settle(hear?: (word: number) => void): void {
    for (const slot of this.dirty) {
      hear?.(this.offsetOf(slot));
      this.memory.u8[this.offsetOf(slot) >>> 3] = MARK.written;
      this.unhashed.add(slot);
      this.changedLines.add(this.lineNumbers.get(this.offsetOf(slot) >>> LINE_SHIFT) ?? 0);
    }
    this.dirty.length = 0;
  }

  /** The two lanes of the hash of memory, brought up to date. */
  hash(): readonly [number, number] {
    this.settle();
    this.unhashed.take((slot) => {
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
    });
    return this.lanes;
  }

  /** How many lines have a word that was ever written. They are numbered in the order of that. */
  get lineCount(): number {
    return this.lines.length;
  }

  /** The number of the line that a pool offset lies in; undefined when nothing there was ever written. */
  lineOf(offset: number): number | undefined {
    return this.lineNumbers.get(offset >>> LINE_SHIFT);
  }

  /** The pool offset of a line by its number. */
  offsetOfLine(line: number): number {
    return this.lines[line] ?? 0;
  }

  /** Somebody relies on a line, by the pool offset of it, never having been written. */
  expectUnwritten(offset: number): void {
    this.expectedUnwritten.add(offset >>> LINE_SHIFT);
  }

  /** Calls `hear` with every line that may have changed since the last call, and `hearWord` with the words touched. */
  takeChangedLines(hear: (line: number) => void, hearWord?: (offset: number) => void): void {
    this.settle(hearWord);
    this.changedLines.take(hear);
  }

  /** Makes every line one that may have changed. */
  allChanged(): void {
    for (let line = 0; line < this.lineCount; line++) this.changedLines.add(line);
  }

  /** What of a line differs from its initial contents, into {@link LINE_WORDS} words of `out`. */
  readLine(line: number, out: Int32Array): void {
    const { i32 } = this.memory;
    const { initialLines } = this;
    const first = (this.lines[line] ?? 0) >>> 2;
    const initial = line * LINE_WORDS;
    for (let i = 0; i < LINE_WORDS; i++) out[i] = (i32[first + i] ?? 0) ^ (initialLines[initial + i] ?? 0);
  }

  /** Puts back what {@link readLine} gave, from `words[at]` on. `changed` hears of each word that was different. */
  writeLine(line: number, words: Int32Array, at: number, changed: (offset: number) => void): void {
    const { initialLines } = this;
    const first = this.lines[line] ?? 0;
    for (let i = 0; i < LINE_WORDS; i += 2) {
      const initial = line * LINE_WORDS + i;
      const low = (words[at + i] ?? 0) ^ (initialLines[initial] ?? 0);
      const high = (words[at + i + 1] ?? 0) ^ (initialLines[initial + 1] ?? 0);
      this.put(first + 4 * i, low, high, changed);
    }
  }

  /** The number of the line that a pool offset lies in; it gets one if it was never written. */
  numberLine(offset: number): number {
    const line = offset >>> LINE_SHIFT;
    const known = this.lineNumbers.get(line);
    if (known !== undefined) return known;
    const number = this.lines.length;
    this.lineNumbers.set(line, number);
    if (this.expectedUnwritten.delete(line)) this.onFirstWrite?.(line << LINE_SHIFT);
    const first = line << LINE_SHIFT;
    const at = this.lines.length * LINE_WORDS;
    this.lines.push(first);
    if (at + LINE_WORDS > this.initialLines.length) this.initialLines = grown(this.initialLines, at + LINE_WORDS);
    this.initialLines.set(this.memory.i32.subarray(first >>> 2, (first >>> 2) + LINE_WORDS), at);
    return number;
  }

  private put(word: number, low: number, high: number, changed: (offset: number) => void): void {
    const { i32 } = this.memory;
    if (low === i32[word >>> 2] && high === i32[(word >>> 2) + 1]) return;
    this.touchWord(word);
    i32[word >>> 2] = low;
    i32[(word >>> 2) + 1] = high;
    changed(word);
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
    for (let slot = 0; slot < this.count; slot++) {
      const low = words[2 * slot] ?? this.slotWord(slot, SLOT.initialLow);
      const high = words[2 * slot + 1] ?? this.slotWord(slot, SLOT.initialHigh);
      this.put(this.offsetOf(slot), low, high, changed);
    }
  }

  /** Forgets every word. The words themselves are the caller's to clear. */
  clear(): void {
    for (let slot = 0; slot < this.count; slot++) this.memory.u8[this.offsetOf(slot) >>> 3] = 0;
    this.count = 0;
    this.slots.clear();
    this.dirty.length = 0;
    this.unhashed.clear();
    this.changedLines.clear();
    this.lineNumbers.clear();
    this.expectedUnwritten.clear();
    this.lines.length = 0;
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

const LINE_SHIFT = 6;
/** 32-bit words of a line. */
export const LINE_WORDS = 16;

function joinHalves(low: number, high: number): bigint {
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}
