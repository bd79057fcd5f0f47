import type { InputError } from '../input-error.js';
import type { Paint } from './paint.js';
import { safeText } from './safe-text.js';

/** Columns of a source line that are shown around a column. */
const EXCERPT_WIDTH = 90;

/** What is wrong with the user's input, as compilers say it: place and message, the source line with a caret, a hint. */
export function diagnosticText({ message, location, excerpt, hint }: InputError, paint: Paint): string[] {
  const place = [location?.file, location?.line, location?.column].filter((part) => part !== undefined);
  const where = place.length === 0 ? 'xmc' : safeText(place.join(':'));
  return [
    `${paint.bold(`${where}:`)} ${paint.red('error:')} ${safeText(message)}`,
    ...(excerpt === undefined ? [] : excerptText(excerpt, location?.line, location?.column, paint)),
    ...(hint === undefined ? [] : [`${paint.cyan('hint:')} ${safeText(hint)}`]),
  ];
}

/** The source line behind its number; of a long one the part around the column. */
function excerptText(excerpt: string, line: number | undefined, column: number | undefined, paint: Paint): string[] {
  const gutter = line === undefined ? '' : String(line);
  const start = Math.max(0, (column ?? 1) - Math.floor((2 * EXCERPT_WIDTH) / 3));
  const shown = safeText(excerpt)
    .slice(start, start + EXCERPT_WIDTH)
    .trimEnd();
  const first = `${gutter.padStart(5)} | ${shown}`;
  if (column === undefined) return [first];
  // Tabs stay tabs, so that the caret stands where the eye sees the column.
  const before = shown.slice(0, column - 1 - start).replace(/[^\t]/g, ' ');
  return [first, `${' '.repeat(Math.max(5, gutter.length))} | ${before}${paint.green('^')}`];
}
