/**
 * A text that is equal for equal immutable data, whatever the order in which properties, map entries and set members
 * came about. Lists keep their order.
 */
export function canonicalValue(value: unknown): string {
  switch (typeof value) {
    case 'bigint':
      return `${value}n`;
    case 'string':
      return JSON.stringify(value);
    case 'object':
      return value === null ? 'null' : knownText(value);
    case 'function':
    case 'symbol':
      throw new Error('the state of an observer is data');
    default:
      return String(value);
  }
}

/** Gives each byte a character of its own. */
const LATIN1 = new TextDecoder('latin1');

/** Data is immutable, so that its text is needed once. */
const texts = new WeakMap<object, string>();

function knownText(value: object): string {
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = canonicalObject(value);
  texts.set(value, text);
  return text;
}

function canonicalObject(value: object): string {
  if (value instanceof Uint8Array) return `x${value.length}[${LATIN1.decode(value)}]`;
  if (Array.isArray(value)) return `[${value.map(canonicalValue).join()}]`;
  if (value instanceof Set) return `s{${[...value].map(canonicalValue).sort().join()}}`;
  const entries = value instanceof Map ? [...value] : Object.entries(value).filter(([, of]) => of !== undefined);
  const named = entries.map(([name, of]) => `${canonicalValue(name)}:${canonicalValue(of)}`);
  return `{${named.sort().join()}}`;
}
