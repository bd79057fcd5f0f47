// What man(7) pages are written in. Every function gives lines of roff.

/** Text as roff takes it: a backslash, a hyphen that can be typed, and a dot that is no request. */
export function roffText(text) {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
    .replace(/^\./gm, '\\&.');
}

const quoted = (text) => `"${roffText(text).replaceAll('"', '\\(dq')}"`;

export const title = (name, section, footer, header) =>
  `.TH ${[name, section, '', footer, header].map(quoted).join(' ')}`;
export const heading = (text) => `.SH ${quoted(text.toUpperCase())}`;
export const subheading = (text) => `.SS ${quoted(text)}`;
export const bold = (text) => `\\fB${roffText(text)}\\fR`;
export const paragraph = (text) => ['.PP', ...sentences(text)];

/** A term with its description beside it. */
export const term = (name, text) => ['.TP', bold(name), ...sentences(text)];

/** Lines as they are. */
export const example = (lines) => ['.PP', '.RS 4', '.EX', ...lines.map(roffText), '.EE', '.RE'];

/** Text with a sentence a line, so that roff spaces them as it likes. */
function sentences(text) {
  const lines = text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/([.:?]) (?=[A-Z])/g, '$1\n');
  return roffText(lines).split('\n');
}
