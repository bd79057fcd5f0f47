/** Columns that a list may take. */
const WIDTH = 120;

/**
 * JSON for people and for programs: indented by two, a member a line, but lists of plain values in one line where they
 * fit, as formatters have it. Members that are undefined are left out.
 */
export function jsonText(value: unknown): string {
  return `${text(value, '', 0)}\n`;
}

/** @param used columns that are taken before the value, and behind it */
function text(value: unknown, indent: string, used: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    const items = value.map((item) => text(item, inner, 1));
    const line = `[${items.join(', ')}]`;
    const plain = value.every((item) => typeof item !== 'object' || item === null);
    if (plain && indent.length + used + line.length <= WIDTH) return line;
    return `[\n${items.map((item) => `${inner}${item}`).join(',\n')}\n${indent}]`;
  }
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member], index, all) => {
      const name = `${JSON.stringify(key)}: `;
      const comma = index < all.length - 1 ? 1 : 0;
      return `${inner}${name}${text(member, inner, name.length + comma)}`;
    });
  return members.length === 0 ? '{}' : `{\n${members.join(',\n')}\n${indent}}`;
}
