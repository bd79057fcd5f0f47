import type { InstructionEvent, MachineEvent, ProcedureStepEvent } from '../machine/event.js';
import { hex } from '../property/monitor.js';
import { eventNote, ipiText } from './event-note.js';
import type { Paint } from './paint.js';
import { clip } from './safe-text.js';
import type { StepEvents } from './step-events.js';
import type { Subject } from './subject.js';

/** Columns of a trace; the instruction has the rest. */
const WIDTH = { line: 100, step: 7, where: 25, bytes: 20 } as const;
/** Bytes of an instruction beside its text; further ones have a line of their own, as in objdump's output. */
const BYTES_IN_LINE = 7;

/**
 * Formats a trace: a line for each step, with a lane for each CPU, and a line behind `=>` for what the step caused. At
 * most 100 columns. A procedure's name stands above its first step, and again when the CPU comes back to it.
 */
export class TraceText {
  private readonly procedures = new Map<number, string>();
  private readonly indent: string;

  constructor(
    private readonly subject: Subject,
    private readonly paint: Paint,
  ) {
    this.indent = ' '.repeat(WIDTH.step + 2 + subject.cpus + 2);
  }

  /** The line above the first step. */
  heading(): string {
    const lanes = 'cpu'.slice(0, Math.max(1, this.subject.cpus)).padEnd(this.subject.cpus);
    const columns = `${'where'.padEnd(WIDTH.where)} ${'bytes'.padEnd(WIDTH.bytes)}  instruction, or procedure step`;
    return this.paint.dim(clip(`${'step'.padStart(WIDTH.step)}  ${lanes}  ${columns}`, WIDTH.line));
  }

  /** The lines of one step. */
  rows(step: StepEvents): string[] {
    const rows: string[] = [];
    for (const event of step.events) {
      if (event.kind === 'instruction') rows.push(...this.instruction(step, event));
      if (event.kind === 'procedure-step') rows.push(...this.procedureStep(step, event));
      if (event.kind === 'ipi-accepted') rows.push(...this.accept(step, event.vector));
    }
    const notes = this.notes(step.events);
    // An NMI or a task switch: the step is what its events say.
    const [first = '', ...more] = notes;
    if (rows.length === 0)
      return [
        `${this.lanes(step)}  ${this.paint.yellow(first)}`,
        ...more.map((note) => this.remark(this.paint.yellow(note))),
      ];
    return [...rows, ...notes.map((note) => this.remark(this.paint.yellow(note)))];
  }

  private instruction(step: StepEvents, { rip, bytes }: InstructionEvent): string[] {
    this.procedures.delete(step.cpu);
    const { code } = this.subject;
    const where = clip(code.address(rip), WIDTH.where).padEnd(WIDTH.where);
    const first = hex(bytes.subarray(0, BYTES_IN_LINE)).padEnd(WIDTH.bytes);
    const text = clip(code.shortInsn(bytes, rip), this.room(WIDTH.where + 1 + WIDTH.bytes + 2));
    const rest = bytes.length > BYTES_IN_LINE ? [this.more(hex(bytes.subarray(BYTES_IN_LINE)))] : [];
    return [`${this.lanes(step)}  ${where} ${this.paint.dim(first)}  ${text}`, ...rest];
  }

  /** The bytes for which the line of the instruction has no room. */
  private more(bytes: string): string {
    return `${this.indent}${' '.repeat(WIDTH.where + 1)}${this.paint.dim(bytes)}`;
  }

  private procedureStep(step: StepEvents, { procedure, label }: ProcedureStepEvent): string[] {
    const text = clip(label, this.room(2));
    const row = `${this.lanes(step)}    ${this.paint.cyan(text)}`;
    if (this.procedures.get(step.cpu) === procedure) return [row];
    this.procedures.set(step.cpu, procedure);
    return [`${this.indent}${this.paint.dim(clip(`${procedure}:`, this.room(0)))}`, row];
  }

  private accept(step: StepEvents, vector: number): string[] {
    this.procedures.delete(step.cpu);
    const at = step.interrupted === undefined ? '' : ` at ${this.subject.code.address(step.interrupted)}`;
    return [`${this.lanes(step)}  ${this.paint.yellow(clip(`accepts ${ipiText(vector)}${at}`, this.room(0)))}`];
  }

  /** What the step caused, as lines. */
  private notes(events: readonly MachineEvent[]): string[] {
    const notes = events.map((event) => eventNote(event, this.subject)).filter((note) => note !== undefined);
    if (notes.length === 0) return [];
    const lines: string[] = [];
    for (const note of notes) {
      const last = lines.at(-1);
      if (last !== undefined && last.length + 2 + note.length <= this.room(5)) lines[lines.length - 1] += `; ${note}`;
      else lines.push(clip(note, this.room(5)));
    }
    return lines;
  }

  /** A line about the step above it. */
  remark(text: string): string {
    return `${this.indent}  ${this.paint.yellow('=>')} ${text}`;
  }

  /** Step number and lanes; the CPU's digit stands in its lane. */
  private lanes({ step, cpu }: StepEvents): string {
    const before = '.'.repeat(cpu);
    const after = '.'.repeat(Math.max(0, this.subject.cpus - cpu - 1));
    const { dim, bold } = this.paint;
    return `${dim(String(step).padStart(WIDTH.step))}  ${dim(before)}${bold(String(cpu))}${dim(after)}`;
  }

  /** Columns left in a line whose text begins `used` columns behind the lanes. */
  private room(used: number): number {
    return WIDTH.line - this.indent.length - used;
  }
}
