import { type FilePacker, SCHEDULE_LIMITS, type Schedule } from '../schedule-file.js';
import { crc32 } from './crc32.js';
import type { LineReader } from './line-reader.js';

/** The embedded scenario, and where it stands in the schedule file. */
export type SourceOfSchedule = Schedule['source'] & {
  /** The line of the schedule file that is the first one of the scenario. */
  readonly line: number;
};

/** What is said when an embedded part is not what was embedded. */
const CHANGED = {
  hint: 'to replay with another scenario, leave the schedule as it is and use --against',
};

/** Characters of a file's name, and those that an error shows of something else. */
const LONGEST_NAME = 4096;
const LONGEST_SHOWN = 100;

/** Reads the embedded scenario. */
export function readSource(lines: LineReader): SourceOfSchedule {
  const form = /^text (".*") lines ([0-9]{1,9}) crc32 ([0-9a-f]{8})( unterminated)?$/s;
  const [, quoted = '', count, crc, unterminated] = lines.match(form, '"text" and the name of the scenario file');
  const name = unquote(quoted, lines);
  const line = lines.number;
  const block = lines.block(Number(count), `the text of ${name}`);
  const text = unterminated === undefined ? block : block.slice(0, -1);
  if (crc32(new TextEncoder().encode(text)) !== crc) {
    throw lines.error(`the embedded scenario ${name} is not the one that was recorded`, { line, ...CHANGED });
  }
  return { name, text, line: line + 1 };
}

/** Reads the embedded files up to the end of the schedule. */
export function readFiles(lines: LineReader, packer: FilePacker): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const form = /^file (".*") bytes ([0-9]{1,15}) crc32 ([0-9a-f]{8}) lines ([0-9]{1,9})$/s;
  for (let head = lines.optional(form); head !== undefined; head = lines.optional(form)) {
    const [, quoted = '', size, crc, count] = head;
    const path = unquote(quoted, lines);
    const line = lines.number;
    if (files.has(path)) throw lines.error(`${path} is embedded twice`);
    if (files.size >= SCHEDULE_LIMITS.files) throw lines.error(`more than ${SCHEDULE_LIMITS.files} embedded files`);
    if (Number(size) > SCHEDULE_LIMITS.fileBytes) {
      throw lines.error(`${path}: embedded files have at most ${SCHEDULE_LIMITS.fileBytes} bytes`);
    }
    const base64 = readBase64(lines, Number(count), path);
    const bytes = packer.unpack(base64, Number(size));
    if (bytes === undefined || bytes.length !== Number(size) || crc32(bytes) !== crc) {
      throw lines.error(`the embedded file ${path} is damaged`, { line });
    }
    files.set(path, bytes);
  }
  return files;
}

function readBase64(lines: LineReader, count: number, path: string): string {
  const parts: string[] = [];
  for (let left = count; left > 0; left--) {
    const form = left === 1 ? /^[A-Za-z0-9+/]{1,76}={0,2}$/ : /^[A-Za-z0-9+/]{76}$/;
    parts.push(lines.match(form, `a line of base64, of the embedded file ${path}`)[0]);
  }
  return parts.join('');
}

function unquote(quoted: string, lines: LineReader): string {
  try {
    const value: unknown = JSON.parse(quoted);
    if (typeof value === 'string' && value !== '' && value.length <= LONGEST_NAME) return value;
  } catch {
    // Falls through: not a JSON string.
  }
  throw lines.error(`no name in double quotes: ${quoted.slice(0, LONGEST_SHOWN)}`);
}
