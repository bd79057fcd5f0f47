import { hex } from '../property/monitor.js';
import type { Violation } from '../property/violation.js';
import type { CodeText } from './code-text.js';
import type { Paint } from './paint.js';
import { safeText, wrap } from './safe-text.js';
import type { StepEvents } from './step-events.js';
import type { SiteVersions, Subject } from './subject.js';
import { TraceText } from './trace-text.js';

/** Columns of running text. */
const TEXT_WIDTH = 96;
/** The column before the bytes: as wide as `version A`. */
const NAME_WIDTH = 9;

/** The lines that explain a violation: what was executed beside what was written, and the steps that led there. */
export function violationText(
  violation: Violation,
  story: readonly StepEvents[],
  subject: Subject,
  paint: Paint,
): string[] {
  const trace = new TraceText(subject, paint);
  const bytes = bytesBesideVersions(violation, subject, paint);
  const steps = story.flatMap((step) => trace.rows(step));
  if (story.at(-1)?.step === violation.step) steps.push(trace.remark(paint.red(`violates ${violation.property}`)));
  return [
    ...wrap(sentence(violation), TEXT_WIDTH).map((line) => `  ${line}`),
    '',
    ...(bytes.length === 0 ? [] : [...bytes.map((line) => `  ${line}`), '']),
    ...(steps.length === 0 ? [] : [paint.bold('  what led there'), trace.heading(), ...steps, '']),
  ];
}

/** What happened, without the versions that some properties add in parentheses: they stand below it. */
export function sentence({ message }: Violation): string {
  return safeText(message.replace(/ \(whole versions are [^()]*\)$/, ''));
}

/** The bytes in question and their disassembly, above every whole version of the site that they overlap. */
export function bytesBesideVersions(violation: Violation, subject: Subject, paint: Paint): string[] {
  const { address, bytes } = violation;
  const end = address + BigInt(bytes.length);
  const site = subject.sites.find((other) => other.address < end && address < other.address + length(other));
  if (site === undefined || bytes.length === 0) {
    return bytes.length === 0 ? [] : [row('bytes', bytes, address, 0, subject.code)];
  }
  const first = site.address < address ? site.address : address;
  const column = (start: bigint): number => 3 * Number(start - first);
  const width = Math.max(column(address) + 3 * bytes.length, column(site.address) + 3 * Number(length(site)));
  const marks = origins(violation, site);
  const blank = ' '.repeat(NAME_WIDTH + 2 + column(address));
  return [
    paint.red(row('executed', bytes, address, column(address), subject.code, width)),
    ...(marks === '' ? [] : [paint.bold(`${blank}${marks}`)]),
    ...site.versions.map((version, index) =>
      row(`version ${letter(index)}`, version, site.address, column(site.address), subject.code, width),
    ),
  ];
}

function row(name: string, bytes: Uint8Array, address: bigint, column: number, code: CodeText, width = 0): string {
  const text = `${' '.repeat(column)}${hex(bytes)}`.padEnd(width);
  return `${name.padEnd(NAME_WIDTH)}  ${text}  ${code.insns(bytes, address)}`;
}

/** Below each byte in which the versions differ, the letter of the version it comes from; `?` when from none. */
function origins({ address, bytes }: Violation, { address: start, versions }: SiteVersions): string {
  return Array.from(bytes, (byte, i) => {
    const at = Number(address - start) + i;
    const candidates = versions.map((version) => version[at]);
    if (candidates.every((value) => value === undefined || value === byte)) return '  ';
    const from = candidates.indexOf(byte);
    return from < 0 ? ' ?' : ` ${letter(from)}`;
  })
    .join(' ')
    .trimEnd();
}

function letter(index: number): string {
  return String.fromCharCode(65 + index);
}

function length({ versions }: SiteVersions): bigint {
  return BigInt(versions[0]?.length ?? 0);
}
