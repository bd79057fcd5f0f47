import type { Machine } from '../machine/machine.js';
import type { StateVector } from '../machine/state-vector.js';
import { Footprint } from '../memory/footprint.js';
import { ByParts, OWN_OBSERVERS } from './by-parts.js';
import type { Move, MoveSource, Moves } from './move.js';
import { idsOf, type MoveListShape, MoveListShapes, movesOf } from './move-list-shapes.js';
import type { MoveFinder } from './move-maker.js';

/** Moves of a CPU in a state that were found, and what they depend on. */
export interface LearnedMoves {
  readonly state: Int32Array;
  readonly length: number;
  readonly cpu: number;
  readonly moves: Moves;
  /**
   * The parts of the state that the moves looked at or changed. What the moves are, and what they make of these parts,
   * depends on nothing else (docs/soundness/move-cache.md).
   */
  readonly parts: readonly number[];
  readonly footprint: Footprint;
}

/**
 * Remembers moves: most of them touch the block of one CPU and a line of memory or two, and come back in every state
 * that differs elsewhere.
 */
export class MoveCache implements MoveSource {
  hits = 0;
  misses = 0;
  /** Hears of what is learned. */
  onLearned: ((learned: LearnedMoves) => void) | undefined;
  private readonly footprint: Footprint;
  private readonly entries: ByParts;
  private readonly shapes = new MoveListShapes();

  /** @param most entries; what was met long ago is not likely to come back: a search goes layer by layer */
  constructor(
    readonly maker: MoveFinder,
    private readonly machine: Machine,
    private readonly vector: StateVector,
    private most = MOST_ENTRIES,
  ) {
    this.entries = new ByParts(machine.cpuCount, vector);
    this.footprint = new Footprint(machine.memory.written);
    machine.memory.written.onFirstWrite = (line) => this.entries.written(line);
  }

  /** Bytes of memory in use, estimated. */
  get bytes(): number {
    return this.entries.bytes + this.shapes.size * SHAPE_BYTES;
  }

  /** The moves of a CPU, as {@link MoveFinder.moves} has them. */
  moves(state: Int32Array, length: number, cpu: number): Moves {
    return this.movesAt(this.entryOf(state, length, cpu));
  }

  /** Whether the moves of a CPU are remembered. */
  knows(state: Int32Array, length: number, cpu: number): boolean {
    return this.entries.find(state, length, cpu) >= 0;
  }

  /** Where the moves of a CPU are written down: they are found if they are not remembered. */
  entryOf(state: Int32Array, length: number, cpu: number): number {
    const entry = this.entries.find(state, length, cpu);
    if (entry < 0) {
      this.misses++;
      return this.learn(state, length, cpu);
    }
    if (++this.hits % CHECKED_HIT === 0) this.check(this.movesAt(entry), state, length, cpu);
    return entry;
  }

  /** What the moves of an entry are but for the numbers that they give to parts. */
  shapeOf(entry: number): MoveListShape {
    return this.shapes.of(this.entries.tagOf(entry));
  }

  /** Where in {@link words} these numbers lie, those of one move after those of the other. */
  idsOf(entry: number, { idCount }: MoveListShape): number {
    return this.entries.moreOf(entry, idCount);
  }

  get words(): Int32Array {
    return this.entries.words;
  }

  /** The moves of an entry. */
  movesAt(entry: number): Moves {
    const shape = this.shapeOf(entry);
    return movesOf(shape, this.words, this.idsOf(entry, shape));
  }

  /** Does on the machine again what is remembered, and compares. */
  private check(known: Moves, state: Int32Array, length: number, cpu: number): void {
    const again = this.maker.moves(state, length, cpu);
    if (!areSameMoves(known, again)) throw new Error(`a step of CPU ${cpu} that was done again came out differently`);
  }

  private learn(state: Int32Array, length: number, cpu: number): number {
    const { footprint } = this;
    footprint.clear();
    const moves = this.maker.moves(state, length, cpu, footprint);
    const parts = this.partsOf(cpu, moves);
    if (this.entries.size === this.most) this.clear();
    const dependence = { parts, unwritten: this.unwrittenLines() };
    const entry = this.entries.add(state, length, cpu, dependence, this.shapes.numberOf(moves), idsOf(moves));
    this.onLearned?.({ state, length, cpu, moves, parts, footprint });
    return entry;
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
    // Written first by the moves themselves.
    for (const line of this.footprint.unwritten) {
      const number = machine.memory.written.lineOf(line);
      if (number !== undefined) parts.add(vector.partOfLine(number));
    }
    for (const move of moves.list) for (const part of move.parts) parts.add(part);
    const changes = moves.list.some((move) => move.parts.includes(vector.observersPart));
    if (!changes && !this.footprint.others && parts.delete(vector.observersPart)) parts.add(OWN_OBSERVERS);
    return [...parts].sort((a, b) => a - b);
  }

  /** What was looked at and was never written, not even by the moves themselves: what those wrote is a part. */
  private unwrittenLines(): number[] {
    const { written } = this.machine.memory;
    return [...this.footprint.unwritten].filter((line) => written.lineOf(line) === undefined).sort((a, b) => a - b);
  }

  /** From now on it takes no more than so many bytes. */
  shrink(bytes: number): void {
    this.most = Math.min(this.most, Math.max(1, Math.floor(bytes / ENTRY_BYTES)));
    this.clear();
  }

  clear(): void {
    this.entries.clear();
    this.shapes.clear();
  }
}

const MOST_ENTRIES = 1 << 20;
/** What a shape of moves takes on the heap: 550 to 1150 bytes were measured on four scenarios, which have 80 to 250 of them. */
const SHAPE_BYTES = 1000;
/** What an entry takes when there is as much room for more: 80 to 140 bytes were measured, with up to 8 CPUs. */
const ENTRY_BYTES = 160;
/** One of so many hits is done again: it costs a hundredth of a search. */
const CHECKED_HIT = 1021;

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
    one.parts.every((part, i) => part === other.parts[i] && one.idAt(i) === other.idAt(i))
  );
}
