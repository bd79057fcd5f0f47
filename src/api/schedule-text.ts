import { formatSchedule } from '../explore/schedule-file/format.js';
import { type ParsedSchedule, parseSchedule } from '../explore/schedule-file/parse.js';
import { SCHEDULE_LIMITS, type Schedule } from '../explore/schedule-file.js';
import { InputError } from '../input-error.js';

/** The head of an embedded file, and the base64 behind it. */
const EMBEDDED =
  /^file "[^\n]*" bytes ([0-9]{1,15}) crc32 [0-9a-f]{8} lines [0-9]{1,9}\n((?:[A-Za-z0-9+/]{1,76}={0,2}\n)+)/gm;

/**
 * The text of a schedule file, which `xmc replay` and {@link replay} read: the steps, the scenario, and the files that it names.
 * @throws InputError when one of these files is larger than a schedule may hold.
 */
export async function scheduleText(schedule: Schedule): Promise<string> {
  const packed = new Map<Uint8Array, string>();
  for (const [path, bytes] of schedule.files) {
    if (bytes.length > SCHEDULE_LIMITS.fileBytes)
      throw new InputError(`${path} is too large: files in schedules have at most ${SCHEDULE_LIMITS.fileBytes} bytes`);
    packed.set(bytes, base64Of(await through(new CompressionStream('gzip'), bytes, Number.POSITIVE_INFINITY)));
  }
  const pack = (bytes: Uint8Array): string => packed.get(bytes) ?? '';
  return [...formatSchedule(schedule, { pack })].join('');
}

/**
 * Reads the text of a schedule file. Nothing in it is trusted.
 * @param file its name, for messages
 * @throws InputError naming the line, for anything that is not as {@link scheduleText} writes it.
 */
export async function readSchedule(text: string, file = 'schedule'): Promise<ParsedSchedule> {
  const unpacked = new Map<string, Uint8Array | undefined>();
  if (text.length <= SCHEDULE_LIMITS.characters) {
    for (const [, size, lines = ''] of text.matchAll(EMBEDDED)) {
      const base64 = lines.replaceAll('\n', '');
      const limit = Math.min(Number(size), SCHEDULE_LIMITS.fileBytes);
      unpacked.set(base64, await unpackedOf(base64, limit));
    }
  }
  const unpack = (base64: string): Uint8Array | undefined => unpacked.get(base64);
  return parseSchedule(text, file, { pack: () => '', unpack });
}

/** Undefined: damaged, or more than the limit. */
async function unpackedOf(base64: string, limit: number): Promise<Uint8Array | undefined> {
  try {
    return await through(new DecompressionStream('gzip'), bytesOf(base64), limit);
  } catch {
    return undefined;
  }
}

/** @throws Error when more bytes come out than the limit */
async function through(
  stream: CompressionStream | DecompressionStream,
  bytes: Uint8Array,
  limit: number,
): Promise<Uint8Array> {
  const writer = stream.writable.getWriter();
  const written = writer.write(new Uint8Array(bytes)).then(() => writer.close());
  // What goes wrong there is thrown by the reader as well.
  written.catch(() => {});
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = stream.readable.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    chunks.push(part.value);
    length += part.value.length;
    if (length > limit) {
      await reader.cancel();
      throw new Error('more bytes than there may be');
    }
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** Characters that are made of bytes at a time. */
const PIECE = 0x8000;

function base64Of(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += PIECE) binary += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return btoa(binary);
}

/** @throws Error when it is no base64 */
function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
