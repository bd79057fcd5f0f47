import type { Machine } from '../machine/machine.js';
import type { StateVector } from '../machine/state-vector.js';
import { Footprint } from '../memory/footprint.js';
import { endHash, placeByHash, putWord } from '../memory/word-hash.js';
import type { Move, MoveSource, Moves } from './move.js';
import type { MoveFinder } from './move-maker.js';

/**
 * The parts of a state that the moves of a CPU looked at or changed. What the moves are, and what they make of these parts,
 * depends on nothing else (docs/soundness/move-cache.md).
 */
interface Shape {
  readonly index: number;
  readonly parts: readonly number[];
}

/** Moves that are known, for states that have these numbers in the parts of a shape. */
interface Entry {
  readonly hash: number;
  readonly cpu: number;
  readonly shape: Shape;
  readonly ids: readonly number[];
  readonly moves: Moves;
}

/**
 * Remembers moves: most of them touch the block of one CPU and a line of memory or two, and come back in every state
 * that differs elsewhere.
 */
export class MoveCache implements MoveSource {
  hits = 0;
  misses = 0;
  /** Hits that were done again, and came out the same. */
  checked = 0;
  private readonly footprint: Footprint;
  private readonly shapes = new Map<string, Shape>();
  /** The shapes that were met with a CPU's block, by CPU and the block's number. */
  private readonly shapesOf: Map<number, Shape[]>[];
  /** Open addressing: number + 1 of an entry, or 0. */
  private table = new Int32Array(1 << 12);
  private entries: Entry[] = [];

  /** @param most entries; what was met long ago is not likely to come back: a search goes layer by layer */
  constructor(
    readonly maker: MoveFinder,
    private readonly machine: Machine,
    private readonly vector: StateVector,
    private readonly most = MOST_ENTRIES,
  ) {
    this.shapesOf = machine.cpus.map(() => new Map());
    this.footprint = new Footprint(machine.memory.written);
    machine.memory.written.onFirstWrite = () => this.clear();
  }

  /** Bytes of memory in use, estimated. */
  get bytes(): number {
    return this.entries.length * ENTRY_BYTES + this.table.byteLength;
  }

  /** The moves of a CPU, as {@link MoveMaker.moves} has them. */
  moves(state: Int32Array, length: number, cpu: number): Moves {
    const known = this.known(state, length, cpu);
    if (known !== undefined) {
      if (++this.hits % CHECKED_HIT === 0) this.check(known, state, length, cpu);
      return known;
    }
    this.misses++;
    return this.learn(state, length, cpu);
  }

  /** The moves of a CPU if they are remembered. */
  known(state: Int32Array, length: number, cpu: number): Moves | undefined {
    for (const shape of this.shapesOf[cpu]?.get(state[cpu] ?? 0) ?? NO_SHAPES) {
      const entry = this.find(hashOf(cpu, shape, state, length), cpu, shape, state, length);
      if (entry !== undefined) return entry.moves;
    }
    return undefined;
  }

  /** Does on the machine again what is remembered, and compares. */
  private check(known: Moves, state: Int32Array, length: number, cpu: number): void {
    const again = this.maker.moves(state, length, cpu);
    if (!areSameMoves(known, again)) throw new Error(`a step of CPU ${cpu} that was done again came out differently`);
    this.checked++;
  }

  private find(hash: number, cpu: number, shape: Shape, state: Int32Array, length: number): Entry | undefined {
    const mask = this.table.length - 1;
    for (let at = hash & mask; this.table[at] !== 0; at = (at + 1) & mask) {
      const entry = this.entries[(this.table[at] ?? 0) - 1];
      if (entry?.hash !== hash || entry.cpu !== cpu || entry.shape !== shape) continue;
      if (isOf(entry, state, length)) return entry;
    }
    return undefined;
  }

  private learn(state: Int32Array, length: number, cpu: number): Moves {
    this.footprint.clear();
    const moves = this.maker.moves(state, length, cpu, this.footprint);
    const shape = this.shapeOf(this.partsOf(cpu, moves));
    const block = state[cpu] ?? 0;
    const known = this.shapesOf[cpu]?.get(block);
    if (known === undefined) this.shapesOf[cpu]?.set(block, [shape]);
    else if (!known.includes(shape)) known.push(shape);
    const ids = shape.parts.map((part) => (part < length ? (state[part] ?? 0) : 0));
    this.add({ hash: hashOf(cpu, shape, state, length), cpu, shape, ids, moves });
    return moves;
  }

  /** What was looked at, and what changed: a part is replaced as a whole, which tells what else it holds. */
  private partsOf(cpu: number, moves: Moves): number[] {
    const { machine, vector } = this;
    const parts = new Set(vector.sharedParts);
    if (!this.footprint.fetches) parts.delete(vector.fetchPart);
    // Whether a CPU can do anything is none of the observers' business.
    if (moves.list.length === 0) parts.delete(vector.observersPart);
    for (let other = 0; other < machine.cpuCount; other++) {
      if (other === cpu || (this.footprint.cpus >> other) & 1) parts.add(other);
    }
    for (const line of this.footprint.lines) parts.add(vector.partOfLine(line));
    for (const move of moves.list) for (const part of move.parts) parts.add(part);
    return [...parts].sort((a, b) => a - b);
  }

  private shapeOf(parts: readonly number[]): Shape {
    const key = parts.join();
    const known = this.shapes.get(key);
    if (known !== undefined) return known;
    const shape = { index: this.shapes.size, parts };
    this.shapes.set(key, shape);
    return shape;
  }

  private add(entry: Entry): void {
    if (this.entries.length === this.most) this.clear();
    this.entries.push(entry);
    if (2 * this.entries.length > this.table.length) {
      this.table = new Int32Array(2 * this.table.length);
      this.entries.forEach((each, number) => {
        placeByHash(this.table, each.hash, number);
      });
    } else {
      placeByHash(this.table, entry.hash, this.entries.length - 1);
    }
  }

  /** What was learned rests on memory that was never written, and now is. */
  clear(): void {
    for (const shapes of this.shapesOf) shapes.clear();
    this.table.fill(0);
    this.entries = [];
  }
}

const MOST_ENTRIES = 3 << 17;
/** What an entry with its moves takes on the heap: 740 to 860 bytes were measured on four scenarios. */
const ENTRY_BYTES = 860;
/** One of so many hits is done again: it costs a hundredth of a search. */
const CHECKED_HIT = 1021;
const NO_SHAPES: readonly Shape[] = [];

/** Whether the moves of a CPU in a state are the same, found by different ways. */
export function areSameMoves({ list: some }: Moves, { list: others }: Moves): boolean {
  return some.length === others.length && some.every((move, i) => isSameMove(move, others[i]));
}

/** A violation comes with the events before it, which are those of whoever did it first: its state is not compared. */
function isSameMove(one: Move, other: Move | undefined): boolean {
  if (one.violation !== undefined) return one.violation.property === other?.violation?.property;
  return (
    other !== undefined &&
    other.violation === undefined &&
    one.unsupported?.reason === other.unsupported?.reason &&
    one.parts.length === other.parts.length &&
    one.parts.every((part, i) => part === other.parts[i] && one.ids[i] === other.ids[i])
  );
}

/** Whether a state has the numbers of an entry. */
function isOf({ shape: { parts }, ids }: Entry, state: Int32Array, length: number): boolean {
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] ?? 0;
    if (ids[i] !== (part < length ? state[part] : 0)) return false;
  }
  return true;
}

function hashOf(cpu: number, { index, parts }: Shape, state: Int32Array, length: number): number {
  let h = (index << 3) | cpu;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] ?? 0;
    h = putWord(h, part < length ? (state[part] ?? 0) : 0);
  }
  return endHash(h);
}
