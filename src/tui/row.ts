import type { Paint } from '../report/paint.js';
import { safeText } from '../report/safe-text.js';

/** A piece of a row, in one colour. */
export interface Span {
  readonly text: string;
  readonly tint?: keyof Paint | undefined;
}

/** A row of the screen. What is set off by colour is set off by a character, too: there may be no colours. */
export type Row = readonly Span[];

export function span(text: string, tint?: keyof Paint): Span {
  return { text: oneColumnEach(text), tint };
}

export function row(text: string, tint?: keyof Paint): Row {
  return [span(text, tint)];
}

/** Characters that take no column or two, or turn the direction of writing, besides those that {@link safeText} replaces. */
const NOT_ONE_COLUMN: readonly (readonly [first: number, last: number])[] = [
  [0x0009, 0x000a],
  [0x0300, 0x036f],
  [0x0590, 0x08ff],
  [0x1100, 0x11ff],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  // CJK, Hangul, surrogates and so emoji, private use, full-width forms.
  [0x2e80, 0xffff],
];

/** Text as it may be put into a grid: every character has one column. */
function oneColumnEach(text: string): string {
  const safe = safeText(text);
  // Nearly all of it is ASCII.
  if (/^[ -~]*$/.test(safe)) return safe;
  const isWide = (code: number): boolean => NOT_ONE_COLUMN.some(([first, last]) => first <= code && code <= last);
  return safe
    .split('')
    .map((unit) => (isWide(unit.charCodeAt(0)) ? '\u00b7' : unit))
    .join('');
}

export function widthOf(spans: Row): number {
  return spans.reduce((sum, { text }) => sum + text.length, 0);
}

/** A row of exactly that width: filled up, or cut, with `..` where something is missing. */
export function fitted(spans: Row, width: number): Row {
  const missing = width - widthOf(spans);
  if (missing >= 0) return missing === 0 ? spans : [...spans, { text: ' '.repeat(missing) }];
  const cut: Span[] = [];
  let left = Math.max(0, width - 2);
  for (const { text, tint } of spans) {
    if (left === 0) break;
    cut.push({ text: text.slice(0, left), tint });
    left -= Math.min(left, text.length);
  }
  return [...cut, { text: '..'.slice(0, width) }];
}

/** Exactly `height` rows of exactly `width` columns. */
export function block(rows: readonly Row[], width: number, height: number): Row[] {
  return Array.from({ length: height }, (_, at) => fitted(rows[at] ?? [], width));
}

/** Blocks of equal height side by side. */
export function beside(blocks: readonly (readonly Row[])[], gap: Span): Row[] {
  const [first = []] = blocks;
  return first.map((_, at) =>
    blocks.flatMap((rows, index) => (index === 0 ? (rows[at] ?? []) : [gap, ...(rows[at] ?? [])])),
  );
}

/** The characters of a row, perhaps between colour codes. */
export function rowText(spans: Row, paint: Paint): string {
  return spans.map(({ text, tint }) => (tint === undefined ? text : paint[tint](text))).join('');
}
