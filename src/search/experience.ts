import type { Machine } from '../machine/machine.js';
import type { StateVector } from '../machine/state-vector.js';
import type { LiveLists } from '../machine/vector-contents.js';
import type { Learned, Monitors } from '../property/monitors.js';

/**
 * What the executions so far have taught a machine and those who watch it, and is no part of any state: it only grows.
 * What steps are noticed to do, and what the numbers of a vector mean, depends on it. Plain data.
 */
export interface Experience {
  /** Pool offsets of the words that were ever written, in the order of that. */
  readonly written: Int32Array;
  /** Pool offsets of the lines that have a number, in the order of that. */
  readonly lines: Int32Array;
  /** Of text: lines that were ever written. */
  readonly textLines: readonly number[];
  readonly live: LiveLists;
  readonly learned: Learned;
}

/** Whose experience it is. */
interface Experienced {
  readonly machine: Machine;
  readonly monitors: Monitors;
  readonly vector: StateVector;
}

export function experienceOf({ machine, monitors, vector }: Experienced): Experience {
  const { written, text } = machine.memory;
  return {
    written: Int32Array.from(written.entries(), ({ offset }) => offset),
    lines: Int32Array.from({ length: written.lineCount }, (_, line) => written.offsetOfLine(line)),
    textLines: text.writtenLines,
    live: vector.live,
    learned: monitors.learned(),
  };
}

/** How much it is: another number means another experience. */
export function extentOf({ machine, monitors, vector }: Experienced): number {
  const { written, text } = machine.memory;
  return written.size + written.lineCount + text.writtenLineCount + vector.liveWords + monitors.learnedCount;
}

/** Gives the experience of another machine to one like it that has had none. */
export function share({ written, lines, textLines, live, learned }: Experience, to: Experienced): void {
  const { machine, monitors, vector } = to;
  for (const offset of lines) machine.memory.written.numberLine(offset);
  for (const offset of written) machine.memory.written.touch(offset, 8);
  machine.memory.text.noteWritten(textLines);
  monitors.learn(learned, machine);
  vector.live = live;
}
