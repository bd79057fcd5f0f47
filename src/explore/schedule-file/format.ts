import { formatStep } from '../../machine/step.js';
import { END_FIELDS } from '../recorded-end.js';
import type { RecordedStep } from '../recorded-run.js';
import { type FilePacker, SCHEDULE_MAGIC, SCHEDULE_VERSION, type Schedule } from '../schedule-file.js';
import { crc32 } from './crc32.js';

/** Base64 characters in a line. */
const BASE64_LINE = 76;
/** Steps in one piece of the text. */
const STEPS_IN_PIECE = 4096;
/** Room for a step, so that hashes stand in a column: `cpu0 accept 0xfc`. */
const STEP_WIDTH = 16;

/**
 * The text of a schedule file, in pieces:
 *
 * ```
 * xmc-schedule 1
 * scenario call-swap
 * variant memcpy
 * profile paranoid
 * scheduler random seed 1
 * steps 16
 *  1 cpu0 proc         h=5d1ad9df16dd7a4a  mutex_lock(&text_mutex); patch begins
 *  2 cpu1 insn         h=0b4dd4f1fb2e8b4d
 *  ...
 * end violated
 * property no-torn-instruction
 * ...
 * hash c784573facea36ff
 * text "call-swap.yaml" lines 40 crc32 83d2e1f0
 * ...                                              the scenario, verbatim
 * file "crc-t10dif.elf" bytes 9928 crc32 0a1b2c3d lines 60
 * ...                                              the file, gzip and base64
 * end of schedule
 * ```
 *
 * `variant` is left out when the scenario was run as written, `profile` when it was run under its own. `random 7` behind
 * the scheduler is the seed of RDRAND and RDSEED, where a number was drawn. `shrunk from 308 steps, 1-minimal` above the
 * steps says that the schedule was made shorter, and behind the comma that no single step can be left out of it. A text
 * that does not end with a newline has `unterminated` behind its CRC.
 */
export function* formatSchedule(schedule: Schedule, packer: Pick<FilePacker, 'pack'>): Generator<string> {
  const { scenario, variant, profile, scheduler, randomSeed, shrunk, steps, source, files } = schedule;
  yield [
    `${SCHEDULE_MAGIC} ${SCHEDULE_VERSION}`,
    `scenario ${scenario}`,
    ...(variant === undefined ? [] : [`variant ${variant}`]),
    ...(profile === undefined ? [] : [`profile ${profile}`]),
    `scheduler ${scheduler}`,
    ...(randomSeed === undefined ? [] : [`random ${randomSeed}`]),
    ...(shrunk === undefined ? [] : [`shrunk from ${shrunk.from} steps${shrunk.isMinimal ? ', 1-minimal' : ''}`]),
    `steps ${steps.length}`,
    '',
  ].join('\n');
  for (let at = 0; at < steps.length; at += STEPS_IN_PIECE) yield stepLines(steps, at);
  yield endLines(schedule);
  yield textLines(source);
  for (const [path, bytes] of files) yield fileLines(path, bytes, packer);
  yield 'end of schedule\n';
}

function stepLines(steps: readonly RecordedStep[], start: number): string {
  const width = String(steps.length).length;
  return steps
    .slice(start, start + STEPS_IN_PIECE)
    .map(({ step, label, hash }, index) => {
      const number = String(start + index + 1).padStart(width);
      const line = `${number} ${formatStep(step).padEnd(STEP_WIDTH)} h=${hash}`;
      return `${line}${label === undefined ? '' : `  ${label}`}\n`;
    })
    .join('');
}

function endLines({ end }: Schedule): string {
  const fields = END_FIELDS.flatMap((field) => (end[field] === undefined ? [] : [`${field} ${end[field]}`]));
  return [`end ${end.kind}`, ...fields, ''].join('\n');
}

function textLines({ name, text }: Schedule['source']): string {
  const terminated = text.endsWith('\n') || text === '';
  const whole = terminated ? text : `${text}\n`;
  const lines = whole.split('\n').length - 1;
  const crc = crc32(new TextEncoder().encode(text));
  return `text ${JSON.stringify(name)} lines ${lines} crc32 ${crc}${terminated ? '' : ' unterminated'}\n${whole}`;
}

function fileLines(path: string, bytes: Uint8Array, packer: Pick<FilePacker, 'pack'>): string {
  const base64 = packer.pack(bytes);
  const lines: string[] = [];
  for (let at = 0; at < base64.length; at += BASE64_LINE) lines.push(base64.slice(at, at + BASE64_LINE));
  const head = `file ${JSON.stringify(path)} bytes ${bytes.length} crc32 ${crc32(bytes)} lines ${lines.length}`;
  return [head, ...lines, ''].join('\n');
}
