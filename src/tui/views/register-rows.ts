import { GPR_NAMES } from '../../cpu/cells.js';
import { RFLAGS } from '../../cpu/flags.js';
import { REGISTER_NAMES, registersOf } from '../registers.js';
import { type Row, type Span, span, widthOf } from '../row.js';
import type { Walk } from '../walk.js';

/** `*rax ffffffff81000000 `. */
const CELL_WIDTH = 21;

/**
 * The registers of a CPU. Those that its last step changed are behind `*`. All of them in columns where there is room; else one
 * behind the other, and only those that are not 0 or have just changed.
 */
export function registerRows(walk: Walk, cpu: number, width: number, height: number): Row[] {
  const cells = cellsOf(walk, cpu);
  const columns = Math.floor((width + 1) / CELL_WIDTH);
  const gridHeight = Math.ceil(cells.length / Math.max(1, columns));
  if (columns >= 1 && gridHeight <= height) return grid(cells, columns, gridHeight);
  return flow(cells, width, height);
}

interface Cell {
  readonly name: string;
  readonly text: string;
  readonly isZero: boolean;
  readonly changed: boolean;
}

function cellsOf({ timeline }: Walk, cpu: number): Cell[] {
  const values = registersOf(timeline.machine.state(cpu));
  const last = timeline.lastStepOf(cpu);
  const before = timeline.doneSteps(last, last)[0]?.before ?? values;
  return REGISTER_NAMES.flatMap((name, index) => {
    const value = values[index] ?? 0n;
    // Every step changes RIP.
    if (name === 'rip') return [];
    const textOf = name === 'rflags' ? flagsText : (number: bigint) => number.toString(16);
    const [text, changed] = [textOf(value), textOf(value) !== textOf(before[index] ?? 0n)];
    return [{ name: name === 'rflags' ? 'fl' : name, text, isZero: value === 0n, changed }];
  });
}

/** The flags that are set, in the manual's order; IF is told elsewhere. */
const SHOWN_FLAGS = ['of', 'df', 'tf', 'sf', 'zf', 'af', 'pf', 'cf'] as const;

function flagsText(rflags: bigint): string {
  const set = SHOWN_FLAGS.filter((name) => (rflags & RFLAGS[name]) !== 0n);
  return set.length === 0 ? '-' : set.join(' ');
}

function cellSpan({ name, text, changed }: Cell, pad: boolean): Span {
  const words = `${changed ? '*' : ' '}${name}${pad ? ' '.repeat(4 - name.length) : '='}${text}`;
  return span(words, changed ? 'yellow' : undefined);
}

/** Column by column, as in the manual. */
function grid(cells: readonly Cell[], columns: number, height: number): Row[] {
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: columns }, (_other, x) => cells[x * height + y]).flatMap((cell) => {
      if (cell === undefined) return [];
      const own = cellSpan(cell, true);
      return [own, span(' '.repeat(Math.max(0, CELL_WIDTH + 1 - own.text.length)))];
    }),
  );
}

function flow(cells: readonly Cell[], width: number, height: number): Row[] {
  const shown = cells.filter(({ isZero, changed, name }) => !isZero || changed || name === 'fl');
  const zero = GPR_NAMES.length + 1 - shown.length;
  const spans = shown.map((cell) => cellSpan(cell, false));
  const rows: Span[][] = [[]];
  for (const next of [...spans, span(zero > 0 ? ' others 0' : '', 'dim')]) {
    const last = rows.at(-1) ?? [];
    if (last.length === 0) last.push(next);
    else if (widthOf(last) + 1 + next.text.length <= width) last.push(span(' '), next);
    else rows.push([next]);
  }
  if (rows.length <= height) return rows;
  const cut = rows.slice(0, height);
  cut[height - 1] = [...(cut[height - 1] ?? []), span(' ..', 'dim')];
  return cut;
}
