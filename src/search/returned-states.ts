import { Int32List } from '../memory/int32-list.js';
import { hasReturned, noneIsParked } from './returned.js';
import type { Search } from './search.js';

/** More than CPUs. */
const PARTS = 16;

/** In which states everything that began has returned: each block is looked at once. States whose vectors go are noted. */
export class ReturnedStates {
  /** By number and part. */
  private readonly known = new Map<number, boolean>();
  /** A bit a state, of those that were noted. */
  private noted = new Int32List();

  constructor(private readonly search: Search) {}

  has(state: number): boolean {
    if (!this.search.states.vectors.has(state)) return ((this.noted.at(state >>> 5) >>> (state & 31)) & 1) === 1;
    for (let part = 0; part <= this.search.machine.cpuCount; part++) if (!this.holds(state, part)) return false;
    return true;
  }

  /** Its vector may go. */
  note(state: number): void {
    if (this.has(state)) this.noted.set(state >>> 5, this.noted.at(state >>> 5) | (1 << (state & 31)));
  }

  private holds(state: number, part: number): boolean {
    const { search } = this;
    const { machine } = search;
    const key = (search.vectorOf(state)[part] ?? 0) * PARTS + part;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    search.restore(state);
    const answer = part === machine.cpuCount ? noneIsParked(machine) : hasReturned(machine, part);
    this.known.set(key, answer);
    return answer;
  }

  /** What was noted of the first `count` states. */
  save(count: number): Int32Array {
    return this.noted.between(0, (count + 31) >>> 5);
  }

  load(words: Int32Array): void {
    this.noted = new Int32List(words);
  }

  /** Bytes of memory in use. */
  get bytes(): number {
    return this.noted.bytes;
  }
}
