import { InputError } from '../../input-error.js';
import { parseStep } from '../../machine/step.js';
import { END_FIELDS, END_KINDS, type RecordedEnd } from '../recorded-end.js';
import type { RecordedStep } from '../recorded-run.js';
import {
  type FilePacker,
  SCHEDULE_LIMITS,
  SCHEDULE_MAGIC,
  SCHEDULE_VERSION,
  type Schedule,
  type Shrunk,
} from '../schedule-file.js';
import { readFiles, readSource, type SourceOfSchedule } from './embedded.js';
import { LineReader } from './line-reader.js';

/** The largest seed of random numbers. */
const MAX_SEED = 0xffffffff;

/** A schedule as read from a file. */
export interface ParsedSchedule extends Schedule {
  readonly source: SourceOfSchedule;
}

/**
 * Reads a schedule file. Nothing in it is trusted.
 * @param text the file
 * @param file its name, for messages
 * @throws InputError naming the line, for anything that is not as {@link formatSchedule} writes it.
 */
export function parseSchedule(text: string, file: string, packer: FilePacker): ParsedSchedule {
  if (text.length > SCHEDULE_LIMITS.characters) {
    throw new InputError(`a schedule of more than ${SCHEDULE_LIMITS.characters} characters`, { location: { file } });
  }
  const lines = new LineReader(text, file);
  readVersion(lines);
  const [, scenario = ''] = lines.match(/^scenario ([a-z0-9-]+)$/, '"scenario" and its name');
  const variant = lines.optional(/^variant ([a-z0-9-]+)$/)?.[1];
  const profile = lines.optional(/^profile ([a-z0-9-]+)$/)?.[1];
  const [, scheduler = ''] = lines.match(/^scheduler (.+)$/, '"scheduler" and its description');
  const randomSeed = readSeed(lines);
  const shrunk = readShrunk(lines);
  const steps = readSteps(lines);
  const end = readEnd(lines);
  const last = steps.at(-1);
  if (last !== undefined && last.hash !== end.hash) {
    throw lines.error(`the hash of the end is not the one of the last step, ${last.hash}`);
  }
  const source = readSource(lines);
  const files = readFiles(lines, packer);
  lines.match(/^end of schedule$/, '"end of schedule", or another file');
  if (!lines.atEnd) {
    lines.raw('the end of the file');
    throw lines.error('nothing may follow the end of the schedule');
  }
  return { scenario, variant, profile, scheduler, randomSeed, shrunk, steps, end, source, files };
}

/** Whether a file begins as a schedule file of any version does. */
export function looksLikeSchedule(start: string): boolean {
  return start.startsWith(`${SCHEDULE_MAGIC} `);
}

function readVersion(lines: LineReader): void {
  const first = lines.raw('an xmc schedule');
  const version = /^xmc-schedule ([0-9]{1,9})$/.exec(first)?.[1];
  if (version === String(SCHEDULE_VERSION)) return;
  if (version === undefined) {
    throw lines.error('not an xmc schedule', {
      hint: `its first line is "${SCHEDULE_MAGIC} ${SCHEDULE_VERSION}"; xmc run writes one when a property is violated`,
    });
  }
  throw lines.error(`a schedule of format ${version}; this program reads format ${SCHEDULE_VERSION}`);
}

function readSeed(lines: LineReader): number | undefined {
  const digits = lines.optional(/^random ([0-9]{1,10})$/)?.[1];
  if (digits === undefined) return undefined;
  const seed = Number(digits);
  if (seed > MAX_SEED) throw lines.error(`a seed above ${MAX_SEED}`);
  return seed;
}

function readShrunk(lines: LineReader): Shrunk | undefined {
  const match = lines.optional(/^shrunk from ([0-9]{1,15}) steps(, 1-minimal)?$/);
  return match === undefined ? undefined : { from: Number(match[1]), isMinimal: match[2] !== undefined };
}

function readSteps(lines: LineReader): RecordedStep[] {
  const [, digits = ''] = lines.match(/^steps ([0-9]{1,15})$/, '"steps" and their number');
  const count = Number(digits);
  if (count > SCHEDULE_LIMITS.steps) throw lines.error(`more than ${SCHEDULE_LIMITS.steps} steps`);
  const steps: RecordedStep[] = [];
  while (steps.length < count) {
    const what = `step ${steps.length + 1} of ${count}`;
    const form = /^ *([0-9]+) +(cpu[0-9](?: [0-9a-z=,]+){1,2}) +h=([0-9a-f]{16})(?: {2}(.*))?$/;
    const [, number, id = '', hash = '', label] = lines.match(
      form,
      `${what}, as in "${steps.length + 1} cpu0 insn h=..."`,
    );
    if (Number(number) !== steps.length + 1) throw lines.error(`expected ${what}`);
    const step = parseStep(id);
    if (step === undefined) throw lines.error(`"${id}" is no step`);
    if ((step.kind === 'procedure') !== (label !== undefined)) {
      throw lines.error(label === undefined ? 'the label of the procedure step is missing' : 'only "proc" has a label');
    }
    steps.push({ step, label, hash });
  }
  return steps;
}

function readEnd(lines: LineReader): RecordedEnd {
  const kinds = END_KINDS.join('|');
  const [, kind] = lines.match(new RegExp(`^end (${kinds})$`), `"end" and one of ${END_KINDS.join(', ')}`);
  const fields: { [field in (typeof END_FIELDS)[number]]?: string } = {};
  for (const field of END_FIELDS) {
    const value = lines.optional(new RegExp(`^${field} (.+)$`))?.[1];
    if (value !== undefined) fields[field] = value;
  }
  const { hash, ...others } = fields;
  const known = END_KINDS.find((name) => name === kind);
  if (known === undefined || hash === undefined || !/^[0-9a-f]{16}$/.test(hash)) {
    // Reads the line that is there instead, to name it.
    if (hash === undefined) lines.raw('the hash of the end');
    throw lines.error('expected "hash" and the 16 hex digits of the state at the end');
  }
  return { kind: known, hash, ...others };
}
