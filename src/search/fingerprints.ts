import { Int32List } from '../memory/int32-list.js';

/** How fingerprints are made. */
export interface FingerprintKind {
  /** 1 to 64. */
  readonly bits: number;
  /** Other numbers, other fingerprints. */
  readonly seed: number;
}

/** Of a lane of up to 32 bits: where it begins, and odd numbers that words and sums are multiplied with. */
interface Lane {
  readonly begin: number;
  readonly scramble: number;
  readonly mix: number;
}

const LANES: readonly [Lane, Lane] = [
  { begin: 0x243f6a88, scramble: 0x2c1b3c6d, mix: 0x297a2d39 },
  { begin: 0x13198a2e, scramble: 0x7feb352d, mix: 0x846ca68b },
];
const LANE_BITS = 32;

/** More pairs of equal first lanes than these, and so many times as many as expected, are no accident. */
const ACCIDENTAL = { pairs: 10, times: 4 } as const;

/** What fingerprints were used for. */
export interface FingerprintUse extends FingerprintKind {
  /** How many states were compared exactly, before memory was used up. */
  readonly exactly: number;
  /** That a state was taken for another, at most. */
  readonly probability: number;
  /** Pairs of states since that differ in the second lane alone, and how many are expected if fingerprints are as good as random. */
  readonly halfCollisions: { readonly seen: number; readonly expected: number };
}

/** What {@link Fingerprints.save} gives, second lanes apart. */
export interface SavedFingerprints extends FingerprintKind {
  readonly exactly: number;
  readonly clashes: number;
  readonly omissions: number;
  readonly pairs: number;
}

/**
 * Fingerprints of vectors, in two lanes, which stand for the vectors in a table of states: vectors with the same
 * fingerprint are taken for the same state. What that may lose, and how likely, says docs/soundness/fingerprints.md.
 */
export class Fingerprints {
  /** Of the vector that was asked for last. */
  first = 0;
  second = 0;
  /** How many states there were when their vectors were given up: each was compared with all others. */
  exactly = 0;
  /** Pairs of them that have the same fingerprint nonetheless. */
  private clashes = 0;
  /** How many states are expected to have been taken for others since. */
  omissions = 0;
  /** How many of the states since have the first lane of one before, though not the second, by pairs. */
  private pairs = 0;
  /** The second lane of each state; the table has the first. */
  private seconds = new Int32List();
  private readonly kind: FingerprintKind;
  /** Of each lane. */
  private readonly bits: readonly [number, number];

  constructor({ bits, seed }: FingerprintKind) {
    this.kind = { bits, seed };
    this.bits = [Math.min(bits, LANE_BITS), Math.max(bits - LANE_BITS, 0)];
  }

  /** Makes {@link first} and {@link second} those of the first `end` words, of which the last is not 0. */
  of(vector: Int32Array, end: number): this {
    const { seed } = this.kind;
    this.first = shortened(laneOf(LANES[0], seed, vector, end), this.bits[0]);
    this.second = shortened(laneOf(LANES[1], seed, vector, end), this.bits[1]);
    return this;
  }

  /** Whether a state has {@link second}. */
  isSecondOf(state: number): boolean {
    return this.seconds.at(state) === this.second;
  }

  /** The vector that was asked for last is that of a state. */
  put(state: number): void {
    this.seconds.set(state, this.second);
  }

  /** So far vectors were compared, from now on fingerprints are. */
  begin(count: number, clashes: number): void {
    this.exactly = count;
    this.clashes = clashes;
  }

  /**
   * The vector that was asked for last is that of a new state: none of the ones before has its fingerprint.
   * @param pairs how many have its first lane
   */
  add(state: number, pairs: number): void {
    this.put(state);
    this.pairs += pairs;
    // So many are expected to come and be taken for one of the known states before one comes that is not.
    this.omissions += state / Math.max(1, 2 ** this.kind.bits - state);
  }

  /**
   * No less than the probability that some state was taken for another: that of two of `count` fingerprints being the same if
   * they are as good as random; where they are seen not to be, what is seen of them.
   */
  private probability(count: number): number {
    if (this.clashes > 0) return 1;
    const { seen, expected } = this.halfCollisions(count);
    const isAccident = seen <= ACCIDENTAL.pairs + ACCIDENTAL.times * expected;
    const calculated = (count * (count - 1)) / 2 / 2 ** this.kind.bits;
    return Math.min(1, Math.max(calculated, isAccident ? 0 : seen / 2 ** this.bits[1]));
  }

  /** @param count how many states there are */
  use(count: number): FingerprintUse {
    const { kind, exactly } = this;
    return { ...kind, exactly, probability: this.probability(count), halfCollisions: this.halfCollisions(count) };
  }

  private halfCollisions(count: number): { readonly seen: number; readonly expected: number } {
    const pairs = (count * (count - 1) - this.exactly * (this.exactly - 1)) / 2;
    return this.bits[1] === 0 ? { seen: 0, expected: 0 } : { seen: this.pairs, expected: pairs / 2 ** this.bits[0] };
  }

  /** The second lanes of all states. */
  column(count: number): Int32Array {
    return this.seconds.between(0, count);
  }

  save(): SavedFingerprints {
    const { kind, exactly, clashes, omissions, pairs } = this;
    return { ...kind, exactly, clashes, omissions, pairs };
  }

  static load({ bits, seed, ...counted }: SavedFingerprints, seconds: Int32Array): Fingerprints {
    const fingerprints = Object.assign(new Fingerprints({ bits, seed }), counted);
    fingerprints.seconds = new Int32List(seconds);
    return fingerprints;
  }

  /** Bytes of memory in use. */
  get bytes(): number {
    return this.seconds.bytes;
  }
}

/**
 * Words are scrambled before they are put in, so that those that differ little do not make sums that differ little; by each
 * lane and seed in another way.
 */
function laneOf({ begin, scramble, mix }: Lane, seed: number, words: Int32Array, end: number): number {
  const key = Math.imul(seed ^ begin, 0x9e3779b1);
  let h = key ^ end;
  for (let i = 0; i < end; i++) {
    let word = Math.imul((words[i] ?? 0) ^ key, scramble);
    word = Math.imul(word ^ (word >>> 15), 0x85ebca6b);
    h = Math.imul(h ^ word ^ (word >>> 13), mix);
    h ^= h >>> 16;
  }
  h = Math.imul(h, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x27d4eb2f);
  return h ^ (h >>> 13);
}

function shortened(lane: number, bits: number): number {
  return bits === 0 ? 0 : lane >> (LANE_BITS - bits);
}
