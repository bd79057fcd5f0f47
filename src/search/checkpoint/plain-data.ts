/**
 * Plain data as JSON: objects, lists, numbers, strings and booleans as they are but for lists, which have a name in front,
 * as has what JSON lacks: bigints, bytes, maps, sets, undefined. Classes and functions are no data.
 */
export function dataText(value: unknown): string {
  return JSON.stringify(encoded(value));
}

/** The inverse of {@link dataText}. */
export function dataOfText(text: string): unknown {
  return decoded(JSON.parse(text));
}

/** What stands in front of a list in JSON. */
const TAG = { list: 'l', bigint: 'n', bytes: 'x', map: 'm', set: 's', undefined: 'u' } as const;

function encoded(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw new Error(`a number that JSON lacks: ${value}`);
      return value;
    case 'bigint':
      return [TAG.bigint, value.toString(16)];
    case 'undefined':
      return [TAG.undefined];
    case 'object':
      return value === null ? null : encodedObject(value);
    default:
      throw new Error(`no plain data: a ${typeof value}`);
  }
}

function encodedObject(value: object): unknown {
  if (value instanceof Uint8Array) return [TAG.bytes, ...value];
  if (Array.isArray(value)) return [TAG.list, ...value.map(encoded)];
  if (value instanceof Map) return [TAG.map, ...[...value].flatMap(([key, of]) => [encoded(key), encoded(of)])];
  if (value instanceof Set) return [TAG.set, ...[...value].map(encoded)];
  if (Object.getPrototypeOf(value) !== Object.prototype) throw new Error(`no plain data: ${value.constructor.name}`);
  return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, encoded(of)]));
}

function decoded(json: unknown): unknown {
  if (Array.isArray(json)) return decodedList(json[0], json.slice(1));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([name, of]) => [name, decoded(of)]));
}

function decodedList(tag: unknown, list: readonly unknown[]): unknown {
  switch (tag) {
    case TAG.list:
      return list.map(decoded);
    case TAG.bigint:
      return negatable(String(list[0]));
    case TAG.bytes:
      return Uint8Array.from(list, Number);
    case TAG.map: {
      const flat = list.map(decoded);
      return new Map(flat.flatMap((key, i) => (i % 2 === 0 ? [[key, flat[i + 1]] as const] : [])));
    }
    case TAG.set:
      return new Set(list.map(decoded));
    case TAG.undefined:
      return undefined;
    default:
      throw new Error(`no plain data: ${String(tag)}`);
  }
}

/** BigInt reads no sign before 0x. */
function negatable(hex: string): bigint {
  return hex.startsWith('-') ? -BigInt(`0x${hex.slice(1)}`) : BigInt(`0x${hex}`);
}
