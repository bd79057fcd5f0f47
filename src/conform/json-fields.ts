/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** The value, if it is an object and no list. */
export function jsonObject(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

/** Whether a value is a string of 1 to `most` hex digits. */
export function isHexDigits(value: unknown, most: number): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= most && /^[0-9a-f]+$/i.test(value);
}

/** A number, written as 1 to 16 hex digits, or to more for one of more than 64 bits. */
export function hexNumber(value: unknown, digits = 16): bigint | undefined {
  return isHexDigits(value, digits) ? BigInt(`0x${value}`) : undefined;
}

/** Bytes, written as two hex digits each. */
export function hexBytes(value: unknown): Uint8Array | undefined {
  if (typeof value !== 'string' || value.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(value)) return undefined;
  const bytes = new Uint8Array(value.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(value.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
