import { beside, block, fitted, type Row, row, span } from '../row.js';
import type { ViewState } from '../view-state.js';
import type { Walk } from '../walk.js';
import { keyBar, statusBar, titleBar } from './bars.js';
import { cpuPane, LEAST_PANE_HEIGHT, LEAST_PANE_WIDTH } from './cpu-pane.js';
import { overlayRows } from './overlays.js';
import { sitePane } from './site-pane.js';
import { stepsPane } from './steps-pane.js';

/** Columns and rows. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Less than that shows nothing useful. */
export const LEAST_SIZE: Size = { columns: 40, rows: 16 };

/** Title, two lines between the parts, status, keys. */
const BARS = 5;
const LEAST_STEPS = 4;
const GAP = ' | ';
/** How much of the height the CPUs get. */
const PART = { zoomed: 0.8, lines: 0.75, line: 0.62 } as const;

/** The whole screen: `size.rows` rows of `size.columns` columns. */
export function frame(walk: Walk, state: ViewState, { columns, rows }: Size): Row[] {
  if (columns < LEAST_SIZE.columns || rows < LEAST_SIZE.rows) {
    const { columns: wide, rows: high } = LEAST_SIZE;
    return block([row(`needs ${wide}x${high}, has ${columns}x${rows}; q quits`)], columns, rows);
  }
  const inside = rows - BARS;
  const rule = [span('-'.repeat(columns), 'dim')];
  const body = state.overlay === undefined ? panes(walk, state, columns, inside + 1) : overlayRows(walk, state.overlay, columns, inside + 1); // biome-ignore format: one line
  return [titleBar(walk, state, columns), rule, ...body, statusBar(walk, state, columns), keyBar(walk, state, columns)];
}

/** The CPUs that fitted, what the others are doing, a rule, steps and sites. */
function panes(walk: Walk, state: ViewState, columns: number, rows: number): Row[] {
  const grid = gridOf(walk, state, columns, rows);
  const others = grid.hidden.length === 0 ? [] : [hiddenRow(walk, grid.hidden, columns)];
  const cpuRows = grid.lines.flatMap((cpus, index) => {
    const width = Math.floor((columns - GAP.length * (grid.across - 1)) / grid.across);
    const blocks = cpus.map((cpu) => cpuPane(walk, cpu, cpu === state.selected, width, grid.height));
    const rule = index === 0 ? [] : [[span('-'.repeat(columns), 'dim')]];
    return [...rule, ...block(beside(blocks, span(GAP, 'dim')), columns, grid.height)];
  });
  const left = rows - cpuRows.length - others.length - 1;
  return [...cpuRows, ...others, [span('-'.repeat(columns), 'dim')], ...lower(walk, state, columns, left)];
}

function lower(walk: Walk, state: ViewState, columns: number, rows: number): Row[] {
  const longest = Math.max(0, ...walk.subject.sites.map(({ versions }) => versions[0]?.length ?? 0));
  const siteWidth = Math.min(Math.floor(columns / 2), 7 + 3 * longest + 7);
  const stepsWidth = columns - siteWidth - GAP.length;
  const blocks = [stepsPane(walk, stepsWidth, rows), sitePane(walk, state, siteWidth, rows)];
  return beside(blocks, span(GAP, 'dim')).map((line) => fitted(line, columns));
}

interface Grid {
  /** CPUs by line. */
  readonly lines: readonly (readonly number[])[];
  /** Panes in a line. */
  readonly across: number;
  /** Rows of each pane. */
  readonly height: number;
  readonly hidden: readonly number[];
}

/** Which CPUs have a pane. Where not all fit: the selected one, and those that moved last. */
function gridOf({ timeline }: Walk, state: ViewState, columns: number, rows: number): Grid {
  const count = timeline.machine.cpuCount;
  const most = Math.max(1, Math.floor((columns + GAP.length) / (LEAST_PANE_WIDTH + GAP.length)));
  const deep = Math.max(1, Math.floor((rows - LEAST_STEPS) / (LEAST_PANE_HEIGHT + 1)));
  const all = Array.from({ length: count }, (_, cpu) => cpu);
  const places = state.zoomed ? 1 : Math.min(count, most * deep);
  const byRecency = all.toSorted((a, b) => rank(b) - rank(a) || a - b);
  const shown = byRecency.slice(0, places).sort((a, b) => a - b);
  const lineCount = Math.ceil(shown.length / most);
  const across = Math.ceil(shown.length / lineCount);
  const lines = Array.from({ length: lineCount }, (_, line) => shown.slice(line * across, (line + 1) * across));
  const hidden = all.filter((cpu) => !shown.includes(cpu));
  const room = rows - 1 - Math.min(1, hidden.length) - (lineCount - 1);
  const part = state.zoomed ? PART.zoomed : lineCount > 1 ? PART.lines : PART.line;
  const share = Math.floor((room * part) / lineCount);
  const height = Math.max(Math.min(LEAST_PANE_HEIGHT, room - 2), share);
  return { lines, across, height, hidden };

  function rank(cpu: number): number {
    return cpu === state.selected ? Number.POSITIVE_INFINITY : timeline.lastStepOf(cpu);
  }
}

function hiddenRow({ timeline, subject }: Walk, cpus: readonly number[], columns: number): Row {
  const { machine } = timeline;
  const words = cpus.map((cpu) => {
    const at = machine.procedureAt(cpu);
    const { rip, halted } = machine.state(cpu);
    return `CPU ${cpu} ${at === undefined ? (halted ? 'halted' : subject.code.address(rip)) : at.label}`;
  });
  return fitted([span(words.join(', '), 'dim')], columns);
}
