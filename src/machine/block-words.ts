import { CELL } from '../cpu/cells.js';
import { Int32List } from '../memory/int32-list.js';
import type { InternedWords } from '../memory/interned-words.js';
import type { LiveWords } from './sparse-block.js';

/** In the place of a task. */
const UNKNOWN = -2;

/** Looks into the contents of blocks, by their numbers. */
export class BlockWords {
  /** By the number of a CPU's block: 2 more than the task that it runs, or 1 for none; 0 if it is not known yet. */
  private readonly tasks = new Int32List();

  /** @param live which words of a block its contents tell */
  constructor(
    private readonly words: InternedWords,
    private readonly live: LiveWords,
  ) {}

  /** A word of a block, by its number and where in the block it stands, in bytes. */
  at(block: number, cell: number): number {
    const { words } = this;
    const place = this.live.placeOf(cell / 4);
    return place < 0 || place >= words.lengthOf(block) ? 0 : (words.words[words.start(block) + place] ?? 0);
  }

  /** Of a CPU's block the task that it runs, or -1. */
  taskOf(block: number): number {
    const known = this.tasks.at(block) - 2;
    if (known !== UNKNOWN) return known;
    const task = this.at(block, CELL.task) - 1;
    // The task of a block that is as short as that may still come to be told.
    if (this.live.placeOf(CELL.task / 4) >= 0) this.tasks.set(block, task + 2);
    return task;
  }
}
