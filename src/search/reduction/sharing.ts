import type { Moves } from '../move.js';
import { AccessSets } from './accesses.js';
import type { Locality } from './locality.js';
import type { UsedWord } from './symmetry.js';

/** How a step is nobody else's concern: its memory is its own, or nobody races with it. */
export type Concern = 'private' | 'race-free' | 'shared';

/** Who hears of the memory that steps use. */
export interface Noting {
  /** For sets of words. */
  readonly sets: AccessSets;
  /** A step of a task, or of an idle CPU, used words, and wrote some of them; by pool offset / 8. */
  note(owner: number, used: Iterable<number>, written: Iterable<number>): void;
  /** A byte of text was stored to, by its pool offset. */
  textStored(offset: number): void;
}

/**
 * Which memory is whose, as far as the search has seen, and what was concluded from that. Steps on memory that one task
 * alone uses, or that nobody writes, are nobody else's concern; nor are those on memory that tasks take turns with. When
 * a step shows that a conclusion was wrong the search has to begin anew, with what it has learned.
 */
export class Sharing implements Noting {
  readonly sets = new AccessSets();
  /** A conclusion was wrong. */
  isBroken = false;
  /** By word: who looked at it, and who wrote it, as bits. */
  private readonly users = new Map<number, number>();
  private readonly writers = new Map<number, number>();
  /** By word: those of whom it was concluded that nobody else writes it, and that nobody else uses it. */
  private readonly unwritten = new Map<number, number>();
  private readonly own = new Map<number, number>();
  /** Words that tasks race for. */
  private readonly raced = new Set<number>();
  /** Words that steps wrote that are put off. */
  private readonly delayed = new Set<number>();
  /** Bytes of text that were ever written, and those of which it was concluded that they are not. */
  private readonly changed = new Set<number>();
  private readonly constant = new Set<number>();

  /**
   * @param trustsTurns whether it may be concluded that nobody races for a word
   * @param images what a task and a word that it uses may be called in states that are represented by others
   */
  constructor(
    private readonly trustsTurns = true,
    private readonly images: (owner: number, word: number) => readonly UsedWord[] | undefined = () => undefined,
  ) {}

  note(owner: number, used: Iterable<number>, written: Iterable<number>): void {
    for (const word of used) for (const image of this.imagesOf(owner, word)) this.use(image.owner, image.word);
    for (const word of written) for (const image of this.imagesOf(owner, word)) this.write(image.owner, image.word);
  }

  private imagesOf(owner: number, word: number): readonly UsedWord[] {
    return this.images(owner, word) ?? [{ owner, word }];
  }

  private write(owner: number, word: number): void {
    this.use(owner, word);
    add(this.writers, word, owner);
    if (others(this.unwritten.get(word), owner)) this.isBroken = true;
  }

  private use(owner: number, word: number): void {
    add(this.users, word, owner);
    if (others(this.own.get(word), owner)) this.isBroken = true;
  }

  textStored(offset: number): void {
    this.changed.add(offset);
    if (this.constant.has(offset)) this.isBroken = true;
  }

  /** Whether what a step did is anybody else's concern; if not, that is a conclusion. */
  concernOf({ owner, read, written, text, interruptible }: Locality): Concern {
    if (text.some((offset) => this.changed.has(offset))) return 'shared';
    const isPrivate =
      read.every((word) => !others(this.writers.get(word), owner)) &&
      written.every((word) => !others(this.users.get(word), owner));
    // An interrupt would put the step off further, behind steps of its handler.
    const takesTurns = this.trustsTurns && !interruptible;
    if (!isPrivate && !(takesTurns && [...read, ...written].every((word) => !this.raced.has(word)))) return 'shared';
    for (const offset of text) this.constant.add(offset);
    for (const word of written) this.delayed.add(word);
    if (!isPrivate) return 'race-free';
    for (const word of read) add(this.unwritten, word, owner);
    for (const word of written) add(this.own, word, owner);
    return 'private';
  }

  /** Whether nobody else uses words, and none of them is text that is stored to; if so, that is a conclusion. */
  areOwn(owner: number, words: readonly number[]): boolean {
    const isOwn = (word: number): boolean =>
      !others(this.users.get(word), owner) && !BYTES.some((byte) => this.changed.has(8 * word + byte));
    if (!words.every(isOwn)) return false;
    for (const word of words) add(this.own, word, owner);
    return true;
  }

  /** Looks at what CPUs do next in one state: whether somebody races with a step that is put off. */
  meet(cpus: readonly Moves[]): void {
    for (const own of cpus) {
      if (own.delayed === undefined) continue;
      for (const other of cpus) {
        if (other === own || other.accesses === undefined) continue;
        for (const word of this.sets.conflicts(own.delayed, other.accesses)) {
          for (const image of this.imagesOf(NOBODY, word)) this.raced.add(image.word);
          this.isBroken = true;
        }
      }
    }
  }

  /**
   * Pool offsets of the words that several tasks use and somebody writes, but no step that is put off, and of those with
   * text that was stored to.
   */
  get words(): readonly number[] {
    const used = [...this.writers.keys()].filter(
      (word) => isSeveral(this.users.get(word) ?? 0) && !this.delayed.has(word),
    );
    const text = [...this.changed].map((offset) => offset >>> 3);
    return [...new Set([...used, ...text])].sort((a, b) => a - b).map((word) => word << 3);
  }

  /** What was seen and concluded, as numbers that mean something to {@link load}. */
  save(): readonly (readonly number[])[] {
    return [...this.maps.map((map) => [...map].flat()), ...this.wordSets.map((set) => [...set])];
  }

  load(lists: readonly (readonly number[])[]): void {
    this.maps.forEach((map, i) => {
      const list = lists[i] ?? [];
      for (let at = 0; at < list.length; at += 2) map.set(list[at] ?? 0, list[at + 1] ?? 0);
    });
    this.wordSets.forEach((set, i) => {
      for (const word of lists[this.maps.length + i] ?? []) set.add(word);
    });
  }

  private get maps(): readonly Map<number, number>[] {
    return [this.users, this.writers, this.unwritten, this.own];
  }

  private get wordSets(): readonly Set<number>[] {
    return [this.raced, this.delayed, this.changed, this.constant];
  }

  /** Drops the conclusions, but not what was seen. */
  beginAnew(): void {
    this.isBroken = false;
    this.unwritten.clear();
    this.own.clear();
    this.constant.clear();
    this.delayed.clear();
  }
}

/** Of a word. */
const BYTES = [0, 1, 2, 3, 4, 5, 6, 7] as const;

/** An owner that is nobody's name. */
const NOBODY = -32;

function add(map: Map<number, number>, word: number, owner: number): void {
  map.set(word, (map.get(word) ?? 0) | bitOf(owner));
}

/** Whether there are others in a set of bits besides one. */
function others(all: number | undefined, owner: number): boolean {
  return ((all ?? 0) & ~bitOf(owner)) !== 0;
}

const isSeveral = (all: number): boolean => (all & (all - 1)) !== 0;

/** Tasks have numbers from 0 on, idle CPUs from -1 downwards. */
const bitOf = (owner: number): number => 1 << (owner >= 0 ? owner : 31 + owner);
