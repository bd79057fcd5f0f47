import type { MachineEvent } from '../machine/event.js';
import { hex } from '../property/monitor.js';
import { eventNote, ipiText } from './event-note.js';
import type { Paint } from './paint.js';
import { clip, wrap } from './safe-text.js';
import type { StepEvents } from './step-events.js';
import type { SiteVersions, Subject } from './subject.js';
import { TraceText } from './trace-text.js';

/** The column of step numbers, and the least that a CPU's column is good for. */
const STEP_WIDTH = 5;
const LEAST_COLUMN = 20;
/** Between two columns. */
const GAP = 2;

/** Columns of a trace when nobody says how many, and the fewest. */
export const TRACE_WIDTH = 100;
export const LEAST_TRACE_WIDTH = 60;

/** Columns of a trace; or as wide as a terminal with that many, and nothing is cut. */
export type TraceWidth = number | { readonly wide: number | undefined };
/** What a CPU's column has where there is no terminal. */
const WIDE_COLUMN = 60;

/** What the lines of a trace are made by, in either layout. */
export interface TraceLines {
  /** The lines above the first step. */
  heading(): readonly string[];
  /**
   * The lines of one step.
   * @param shown which of its events are told; the others are followed
   */
  rows(step: StepEvents, shown?: readonly MachineEvent[]): readonly string[];
}

/**
 * A trace with a column for each CPU: instructions and procedure steps in the order in which they happen, what they caused
 * below them behind `=>`, and at the right the bytes of the first site as memory holds them, whenever they change. Where
 * there is no room for columns, a line for each step with lanes ({@link TraceText}).
 * @param stepWidth columns that the longest step number needs
 */
export function traceLines(subject: Subject, paint: Paint, width: TraceWidth, stepWidth: number): TraceLines {
  const site = subject.sites[0];
  // Hex digits with a space before each byte, and one more: the gap.
  const siteWidth = site === undefined ? 0 : 3 * (site.versions[0]?.length ?? 0) + GAP - 1;
  const steps = Math.max(STEP_WIDTH, stepWidth);
  const columnOf = (all: number): number => Math.floor((all - steps - siteWidth) / subject.cpus) - GAP;
  if (typeof width !== 'number') {
    const column = width.wide === undefined ? WIDE_COLUMN : Math.max(LEAST_COLUMN, columnOf(width.wide));
    return new ColumnTrace(subject, paint, { column, stepWidth: steps, isCut: false }, site);
  }
  const column = columnOf(width);
  if (column >= LEAST_COLUMN) return new ColumnTrace(subject, paint, { column, stepWidth: steps, isCut: true }, site);
  const lanes = new TraceText(subject, paint);
  return {
    heading: () => [lanes.heading()],
    rows: (step, shown = step.events) => (shown.length === 0 ? [] : lanes.rows({ ...step, events: shown })),
  };
}

/** The same of steps that are all there. */
export function columnTrace(steps: readonly StepEvents[], subject: Subject, paint: Paint, width: TraceWidth): string[] {
  const lines = traceLines(subject, paint, width, Math.max(0, ...steps.map((step) => numberOf(step).length)));
  return [...lines.heading(), ...steps.flatMap((step) => lines.rows(step))];
}

/** `7`, `7-10`. */
function numberOf({ step, through }: StepEvents): string {
  return through === undefined ? String(step) : `${step}-${through}`;
}

interface ColumnLayout {
  readonly column: number;
  readonly stepWidth: number;
  /** Whether a word that is longer than a column is cut; else it is broken. */
  readonly isCut: boolean;
}

/** A line broken where it is longer than a width; all but the first part are set in. */
function pieces(line: string, width: number, indent: string): string[] {
  const first = `${indent}${line.slice(0, width)}`;
  return line.length <= width ? [first] : [first, ...pieces(line.slice(width), width, '  ')];
}

class ColumnTrace implements TraceLines {
  private readonly column: number;
  private readonly stepWidth: number;
  private readonly isCut: boolean;
  /** The procedure whose name stands last in a CPU's column. */
  private readonly procedures = new Map<number, string>();
  /** The first site's bytes as memory holds them. */
  private readonly bytes: Uint8Array;

  constructor(
    private readonly subject: Subject,
    private readonly paint: Paint,
    layout: ColumnLayout,
    private readonly site: SiteVersions | undefined,
  ) {
    this.column = layout.column;
    this.stepWidth = layout.stepWidth;
    this.isCut = layout.isCut;
    this.bytes = site?.versions[0]?.slice() ?? new Uint8Array();
  }

  heading(): string[] {
    const names = Array.from({ length: this.subject.cpus }, (_, cpu) => this.cell(`CPU ${cpu}`));
    const { bold, dim } = this.paint;
    const heading = `${'step'.padStart(this.stepWidth)}${names.join('')}${this.gap}${this.site?.symbol ?? ''}`;
    return [bold(heading.trimEnd()), this.row('', 0, '', dim(hex(this.bytes)))];
  }

  rows(step: StepEvents, shown: readonly MachineEvent[] = step.events): string[] {
    const changed = step.events.filter((event) => this.store(event));
    const said = shown.flatMap((event) => this.said(step, event));
    const notes = shown.map((event) => eventNote(event, this.subject)).filter((note) => note !== undefined);
    const bytes = changed.some((event) => shown.includes(event)) ? hex(this.bytes) : '';
    const texts = [
      ...said.flatMap(({ text, tint }) => this.wrapped(text).map(tint)),
      ...notes.flatMap((note) => this.wrapped(`=> ${note}`).map(this.paint.yellow)),
    ];
    return texts.map((text, index) =>
      this.row(index === 0 ? numberOf(step) : '', step.cpu, text, index === 0 ? bytes : ''),
    );
  }

  /** What an event is called in the column of its CPU. */
  private said(
    { cpu, interrupted }: StepEvents,
    event: MachineEvent,
  ): { text: string; tint: (text: string) => string }[] {
    const { code } = this.subject;
    const plain = (text: string): string => text;
    switch (event.kind) {
      case 'instruction': {
        this.procedures.delete(cpu);
        return [{ text: `${code.address(event.rip)}: ${code.shortInsn(event.bytes, event.rip)}`, tint: plain }];
      }
      case 'procedure-step': {
        const row = { text: event.label, tint: this.paint.cyan };
        if (this.procedures.get(cpu) === event.procedure) return [row];
        this.procedures.set(cpu, event.procedure);
        return [{ text: `[${event.procedure}]`, tint: this.paint.dim }, row];
      }
      case 'ipi-accepted': {
        this.procedures.delete(cpu);
        const at = interrupted === undefined ? '' : ` at ${code.address(interrupted)}`;
        return [{ text: `accepts ${ipiText(event.vector)}${at}`, tint: this.paint.yellow }];
      }
      default:
        return [];
    }
  }

  /** Follows what memory holds at the site; whether that changed. */
  private store(event: MachineEvent): boolean {
    if (event.kind !== 'text-store' || this.site === undefined) return false;
    const first = Number(event.address - this.site.address);
    let changed = false;
    event.after.forEach((byte, i) => {
      if (first + i < 0 || first + i >= this.bytes.length) return;
      this.bytes[first + i] = byte;
      changed = true;
    });
    return changed;
  }

  private wrapped(text: string): string[] {
    const lines = wrap(text, this.column - 1);
    if (!this.isCut) return lines.flatMap((line, index) => pieces(line, this.column - 2, index === 0 ? '' : '  '));
    return lines.map((line, index) => clip(index === 0 ? line : `  ${line}`, this.column));
  }

  private get gap(): string {
    return ' '.repeat(GAP);
  }

  private cell(text: string): string {
    return `${this.gap}${text.padEnd(this.column)}`;
  }

  /** A line with text in one CPU's column. Colours do not count as columns. */
  private row(step: string, cpu: number, text: string, bytes: string): string {
    const before = ' '.repeat(cpu * (this.column + GAP));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes of colours begin with one
    const visible = text.replace(/\u001b\[[0-9;]*m/g, '').length;
    const after = (this.subject.cpus - cpu) * (this.column + GAP) - GAP - visible;
    return `${this.paint.dim(step.padStart(this.stepWidth))}${before}${this.gap}${text}${' '.repeat(Math.max(0, after))}${this.gap}${bytes}`.trimEnd();
  }
}
