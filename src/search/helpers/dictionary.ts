import type { StateVector } from '../../machine/state-vector.js';
import type { AdoptedContents, VectorContents } from '../../machine/vector-contents.js';
import { partOf } from './own-part.js';

/** Translates vectors of one machine into those of another that is like it, and back. */
export class Dictionary {
  private readonly own: AdoptedContents = { words: [], observers: new Map() };
  /** By own number, the other's. */
  private readonly others: number[] = [];
  private readonly otherObservers = new Map<number, number>();

  constructor(private readonly vector: StateVector) {}

  /** Learns what numbers of the other mean. */
  learn(contents: VectorContents): void {
    const { own, others } = this;
    const first = own.words.length;
    this.vector.adopt(contents, own);
    for (let other = first; other < own.words.length; other++) others[own.words[other] ?? 0] = other;
    for (const [other] of contents.observers) this.otherObservers.set(own.observers.get(other) ?? 0, other);
  }

  /** The own number for another's, in a part. */
  ownOf(part: number, other: number): number {
    const { words, observers } = this.own;
    const own = part === this.vector.observersPart ? observers.get(other) : words[other];
    if (own === undefined) throw new Error(`nobody said what ${other} means in part ${part}`);
    return own;
  }

  /** The other's number for an own one, in a part; undefined when the other has not told of one. */
  otherOf(part: number, own: number): number | undefined {
    return partOf(part, this.vector) === this.vector.observersPart ? this.otherObservers.get(own) : this.others[own];
  }
}
