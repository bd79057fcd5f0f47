import type { Machine } from '../../machine/machine.js';
import type { Renaming } from '../../machine/renaming.js';
import type { StateVector } from '../../machine/state-vector.js';

/** The lines of private pages: of each place in them, the part of the state's vector that it is for each task. */
export class OwnLines {
  /** By place, in the order of first sight; by CPU of the group, in its order. */
  readonly places: (readonly number[])[] = [];
  /** How many lines were looked at. */
  private seen = 0;

  constructor(
    private readonly machine: Machine,
    private readonly vector: StateVector,
    /** The tasks of CPUs that are exchanged. */
    private readonly tasks: readonly number[],
  ) {}

  /** Looks at lines that were written for the first time: the same place gets a number for each task. */
  update(): void {
    while (this.seen < this.machine.memory.written.lineCount) this.look();
  }

  save(): number {
    return this.seen;
  }

  /** Looks at as many lines as another one has. Later ones are looked at when that would have done it. */
  load(seen: number): void {
    while (this.seen < seen) this.look();
  }

  /** Looks at the next line. */
  private look(): void {
    const { written } = this.machine.memory;
    const line = this.seen++;
    const offset = written.offsetOfLine(line);
    const part = this.vector.partOfLine(line);
    if (!this.tasks.includes(this.machine.memory.pageOf(offset)?.owner ?? -1)) return;
    if (this.places.some((parts) => parts.includes(part))) return;
    this.places.push(
      this.tasks.map((task) => this.vector.partOfLine(written.numberLine(this.offsetFor(offset, task)))),
    );
  }

  /** The word that has a word's role when CPUs are renamed, if it lies in a private page; words by pool offset / 8. */
  imageOfWord(word: number, renaming: Renaming): number | undefined {
    const owner = this.machine.memory.pageOf(word << 3)?.owner;
    return owner === undefined ? undefined : this.offsetFor(word << 3, renaming.task(owner)) >>> 3;
  }

  /** Where a byte of a private page lies in the pool for another task. */
  private offsetFor(offset: number, task: number): number {
    const { memory } = this.machine;
    const page = memory.pageOf(offset);
    const other = memory.privatePages(task).find(({ address }) => address === page?.address);
    return page === undefined || other === undefined ? offset : other.offset + (offset - page.offset);
  }
}
