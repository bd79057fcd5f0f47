import { CELL, CONTEXT_CELLS, cpuBase, KNOWN } from '../cpu/cells.js';
import type { CpuState } from '../cpu/cpu-state.js';
import type { StaleFetch } from '../cpu/stale-fetch.js';
import type { Footprint } from '../memory/footprint.js';
import { InternedWords } from '../memory/interned-words.js';
import { CPU_STRIDE, LAYOUT, MAX_TASKS } from '../memory/layout.js';
import type { Memory } from '../memory/memory.js';
import { LINE_WORDS } from '../memory/written-words.js';
import { BlockWords } from './block-words.js';
import { type Budgeted, budgetCell } from './budgets.js';
import type { Contexts } from './contexts.js';
import { FetchState } from './fetch-state.js';
import { type ObservedStates, ObserverStates } from './observer-states.js';
import type { Renaming } from './renaming.js';
import { LiveWords, SparseBlock } from './sparse-block.js';
import type { StateBlocks } from './state-blocks.js';
import type { AdoptedContents, ContentsMark, LiveLists, SavedVector, VectorContents } from './vector-contents.js';

/** The parts of a machine that a {@link StateVector} is made of. */
export interface VectorParts {
  readonly memory: Memory;
  readonly cpus: readonly CpuState[];
  readonly contexts: readonly Contexts[];
  readonly blocks: StateBlocks;
  readonly fetch: StaleFetch | undefined;
  readonly observers: ObservedStates;
  /** Whether a CPU, doing what it does now, fetches no text before it serialises. */
  readonly hasDeadFloor: (cpu: number) => boolean;
}

/**
 * The state of a machine as a short vector of numbers, one for each part of it: the block of each CPU, the blocks of tasks
 * and budgets, what may be fetched, the observers, and then the lines of 64 bytes that were ever written. Equal states have
 * equal vectors, and the other way round; this is the search key (semantics of steps and state). A part that did not change
 * since it was last looked at costs nothing.
 *
 * Numbers mean something to one StateVector only. Lines at the end that are 0 are as they were in the beginning, so that
 * a vector may be cut before them.
 */
export class StateVector {
  /** The contents of all parts. */
  readonly words = new InternedWords();
  /** The parts as of {@link read} or {@link write}. */
  ids = new Int32Array(32);
  /** The blocks of the CPUs, and that of tasks and budgets. */
  private readonly blocks: SparseBlock[];
  private readonly liveOfCpus = new LiveWords(CPU_STRIDE / 4, (index) => !NO_STATE.has(index));
  private readonly liveOfOthers: LiveWords;
  private readonly cpuBlocks = new BlockWords(this.words, this.liveOfCpus);
  private readonly otherBlocks: BlockWords;
  private readonly scratch: Int32Array<ArrayBuffer>;
  readonly fetchState: FetchState | undefined;
  private readonly observerStates: ObserverStates;
  private readonly invalidate: (offset: number) => void;

  constructor(private readonly parts: VectorParts) {
    const { memory, cpus, fetch, observers } = parts;
    const { i32 } = memory.linear;
    this.blocks = cpus.map(({ cpu }) => new SparseBlock(i32, cpuBase(cpu) / 4, this.liveOfCpus));
    const others = LAYOUT.tasks + MAX_TASKS * CPU_STRIDE - LAYOUT.machine;
    this.liveOfOthers = new LiveWords(others / 4);
    this.otherBlocks = new BlockWords(this.words, this.liveOfOthers);
    this.blocks.push(new SparseBlock(i32, LAYOUT.machine / 4, this.liveOfOthers));
    this.scratch = new Int32Array(others / 4);
    // Line contents that are as in the beginning have the number 0.
    this.words.intern(this.scratch, LINE_WORDS);
    if (fetch !== undefined)
      this.fetchState = new FetchState(memory, fetch, cpus.length, this.words, parts.hasDeadFloor);
    this.observerStates = new ObserverStates(observers, this.words);
    this.invalidate = (offset) => memory.restored(offset);
    this.forget();
  }

  /** How many numbers there are now. */
  get length(): number {
    return this.firstLine + this.parts.memory.written.lineCount;
  }

  get firstLine(): number {
    return this.parts.cpus.length + 3;
  }

  /** The parts that any step of any CPU may look at: all but CPUs and lines. */
  get sharedParts(): readonly number[] {
    const cpus = this.parts.cpus.length;
    return [cpus, cpus + 1, cpus + 2];
  }

  /** Whether a CPU, doing what it does now, fetches no text before it serialises, and nobody cares for its floor. */
  hasDeadFloor(cpu: number): boolean {
    return this.parts.hasDeadFloor(cpu);
  }

  /** The part that says what may be fetched. */
  get fetchPart(): number {
    return this.parts.cpus.length + 1;
  }

  /** The part that says what the observers know. */
  get observersPart(): number {
    return this.parts.cpus.length + 2;
  }

  /**
   * A number for what the observers know that concerns a CPU as long as it is about its own contexts.
   * @param block the number of the CPU's block, which says whose they are
   */
  observersOf(observers: number, block: number, cpu: number): number {
    return this.observerStates.concerning(observers, { owner: this.ownerOf(block, cpu), cpu });
  }

  /** Who executes on a CPU, by the number of its block: the task, or the CPU itself while it idles. */
  ownerOf(block: number, cpu: number): number {
    const task = this.cpuBlocks.taskOf(block);
    return task >= 0 ? task : -1 - cpu;
  }

  /** What is left of a budget, by the number of the block of tasks and budgets. */
  budgetLeft(block: number, what: Budgeted): number {
    return this.otherBlocks.at(block, budgetCell(what));
  }

  /** The part that a line is, by the line's number. */
  partOfLine(line: number): number {
    return this.firstLine + line;
  }

  /** Makes the next {@link read} look at everything. */
  forget(): void {
    for (const cpu of this.parts.cpus) cpu.changed();
    this.parts.blocks.changed = true;
    this.parts.memory.written.allChanged();
  }

  /**
   * Brings {@link ids} up to date with the machine.
   * @param footprint notes the words that were written, though maybe with what they held
   */
  read(footprint?: Footprint): void {
    const { memory, cpus, blocks } = this.parts;
    const { length } = this;
    if (length > this.ids.length) this.ids = Int32Array.from({ length: 2 * length }, (_, i) => this.ids[i] ?? 0);
    const { ids } = this;
    for (let cpu = 0; cpu < cpus.length; cpu++) {
      const known = (cpuBase(cpu) + CELL.known) >>> 2;
      if (((memory.linear.i32[known] ?? 0) & KNOWN.number) !== 0) continue;
      ids[cpu] = this.readCpu(cpu);
      memory.linear.i32[known] = (memory.linear.i32[known] ?? 0) | KNOWN.number;
    }
    if (blocks.changed) {
      ids[cpus.length] = this.readBlock(cpus.length, blocks.othersExtent / 4);
      blocks.changed = false;
    }
    ids[cpus.length + 1] = this.fetchState?.read(footprint?.fetches) ?? 0;
    ids[cpus.length + 2] = this.observerStates.read();
    const noteStore = footprint === undefined ? undefined : (offset: number) => footprint.store(offset);
    memory.written.takeChangedLines((line) => {
      memory.written.readLine(line, this.scratch);
      ids[this.firstLine + line] = this.words.intern(this.scratch, LINE_WORDS);
    }, noteStore);
  }

  /** Puts the machine into the state of the first `length` numbers of a vector. The machine is as {@link ids} says. */
  write(vector: Int32Array, length: number): void {
    this.read();
    const { memory, cpus, blocks } = this.parts;
    const { ids, words, firstLine } = this;
    for (let part = 0; part < this.length; part++) {
      const id = part < length ? (vector[part] ?? 0) : 0;
      if (id === ids[part]) continue;
      ids[part] = id;
      if (part <= cpus.length) this.writeBlock(part, id);
      else if (part === cpus.length + 1) this.fetchState?.write(id);
      else if (part === cpus.length + 2) this.observerStates.write(id);
      else memory.written.writeLine(part - firstLine, words.words, words.start(id), this.invalidate);
    }
    blocks.changed = false;
    memory.written.takeChangedLines(() => {});
  }

  /** The number of a CPU's block if it ran another task; -1 for none. */
  withTask(id: number, task: number): number {
    const { words, scratch } = this;
    const [start, length] = [words.start(id), words.lengthOf(id)];
    for (let i = 0; i < length; i++) scratch[i] = words.words[start + i] ?? 0;
    const place = this.liveOfCpus.placeOf(CELL.task / 4);
    for (let i = length; i < place; i++) scratch[i] = 0;
    scratch[place] = task + 1;
    let end = Math.max(length, place + 1);
    while (end > 0 && scratch[end - 1] === 0) end--;
    return words.intern(scratch, end);
  }

  /** The number of what may be fetched, and of the observers' states, with CPUs renamed. */
  renamedFetches(id: number, renaming: Renaming): number {
    return this.fetchState?.renamed(id, renaming) ?? id;
  }

  /** The floors of what may be fetched, by CPU; infinite if they do not matter. */
  floorsOf(id: number): readonly number[] {
    return this.fetchState?.floorsOf(id) ?? [];
  }

  renamedObservers(id: number, renaming: Renaming): number {
    return this.observerStates.renamed(id, renaming);
  }

  /** What its numbers mean. */
  save(): SavedVector {
    const { words, fetchState, observerStates } = this;
    return {
      ...words.save(),
      fetches: fetchState?.save() ?? [],
      observers: observerStates.save(),
    };
  }

  /** Gives numbers that meaning. It lists words alike, and has read nothing but the state with which the other one began. */
  load({ words, lengths, fetches, observers }: SavedVector): void {
    this.words.load({ words, lengths });
    this.fetchState?.load(fetches);
    this.observerStates.load(observers);
    this.read();
  }

  /** How many contents there are; to be given to {@link since} later. */
  get mark(): ContentsMark {
    return { words: this.words.count, fetches: this.fetchState?.count ?? 0, observers: this.observerStates.count };
  }

  /** The contents that came after a mark, for a vector of another machine of the same kind: see {@link adopt}. */
  since({ words, fetches, observers }: ContentsMark): VectorContents {
    const { words: all, lengths } = this.words.save(words);
    return {
      // A message would take the whole array along.
      words: all.slice(),
      lengths,
      fetches: this.fetchState?.save(fetches) ?? [],
      observers: this.observerStates.since(observers),
    };
  }

  /**
   * Numbers the contents of another vector, which lists the words of blocks in the same order.
   * @param known what was adopted from there before; is added to
   */
  adopt({ words, lengths, fetches, observers }: VectorContents, known: AdoptedContents): void {
    let at = 0;
    for (const length of lengths) {
      known.words.push(this.words.intern(words.subarray(at, at + length), length));
      at += length;
    }
    this.fetchState?.load(fetches.map((number) => known.words[number] ?? 0));
    for (const [number, states] of observers) known.observers.set(number, this.observerStates.adopt(states));
  }

  /** How many words of blocks were ever something else than 0. It grows when contents come to be listed differently. */
  get liveWords(): number {
    return this.liveOfCpus.count + this.liveOfOthers.count;
  }

  /** Those words, in the order of that. */
  get live(): LiveLists {
    return { cpuWords: this.liveOfCpus.save(), otherWords: this.liveOfOthers.save() };
  }

  /** Takes over what {@link live} gave. */
  set live({ cpuWords, otherWords }: LiveLists) {
    this.liveOfCpus.load(cpuWords);
    this.liveOfOthers.load(otherWords);
  }

  private writeBlock(part: number, id: number): void {
    const { words } = this;
    this.blocks[part]?.write(words.words, words.start(id), words.lengthOf(id));
    if (part < this.parts.cpus.length) this.parts.memory.linear.setInt32(cpuBase(part) + CELL.known, KNOWN.number);
  }

  private readCpu(cpu: number): number {
    this.parts.cpus[cpu]?.normaliseFlags();
    return this.readBlock(cpu, (CONTEXT_CELLS + (this.parts.contexts[cpu]?.extent ?? 0)) / 4);
  }

  private readBlock(part: number, used: number): number {
    return this.words.intern(this.scratch, this.blocks[part]?.read(this.scratch, used) ?? 0);
  }
}

/** The words of a CPU's block that are no state, or, like the floor, that of {@link FetchState}. */
export const NO_STATE: ReadonlySet<number> = new Set(
  [CELL.fetchFloor, CELL.nextRecord, CELL.known, CELL.hashLane0, CELL.hashLane1].map((cell) => cell / 4),
);
