/** Pixels of a character and of a line, and around the text. */
const WIDTH = 7.8;
const HEIGHT = 17;
const MARGIN = 14;

/** Colours of a part of a line: the first pattern that matches. */
const COLOURS = [
  [/^\$ .*/, '#0b5394'],
  [/VIOLATED \S+/, '#b00020'],
  [/VERIFIED \S+/, '#1b7f3b'],
  [/^\.\.\.$/, '#9a9a9a'],
];

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Words with where they begin: spaces between columns are places, not text, as fonts differ in width. */
function wordsOf(line) {
  const [found, fill] = COLOURS.map(([pattern, colour]) => [pattern.exec(line), colour]).find(([match]) => match) ?? [];
  const isColoured = (column) => found && column >= found.index && column < found.index + found[0].length;
  return [...line.matchAll(/\S+(?: \S+)*/g)].map(({ 0: words, index }) => ({
    words,
    column: index,
    fill: isColoured(index) ? fill : undefined,
  }));
}

function row(line, index) {
  const y = MARGIN + (index + 1) * HEIGHT - 4;
  return wordsOf(line).map(({ words, column, fill }) => {
    const x = (MARGIN + column * WIDTH).toFixed(1);
    const length = (words.length * WIDTH).toFixed(1);
    const colour = fill === undefined ? '' : ` fill="${fill}"`;
    return `<text x="${x}" y="${y}" textLength="${length}"${colour}>${escaped(words)}</text>\n`;
  });
}

/**
 * A picture of what a terminal shows: monospace text, dark on light. The same text gives the same bytes.
 * @param title what screen readers say
 */
export function svg(text, title) {
  const lines = text.trimEnd().split('\n');
  const width = Math.ceil(Math.max(...lines.map(({ length }) => length)) * WIDTH) + 2 * MARGIN;
  const height = lines.length * HEIGHT + 2 * MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">\n`,
    `<title>${escaped(title)}</title>\n`,
    `<rect width="${width}" height="${height}" rx="6" fill="#fbfbf8" stroke="#d0d0c8"/>\n`,
    '<g font-family="ui-monospace, Menlo, Consolas, monospace" font-size="13" fill="#1d1d1b">\n',
    ...lines.flatMap(row),
    '</g>\n</svg>\n',
  ].join('');
}

/** The first terminal that a document shows. */
export function firstTerminal(document) {
  const [, text] = /^```console\n(.*?)^```$/ms.exec(document) ?? [];
  if (text === undefined) throw new Error('the document shows no terminal');
  return text;
}
