const texts = new WeakMap<object, string>();

/** What monitors keep, as text; their states are immutable, so that each is put into words once. */
export function describeState(state: unknown): string {
  if (typeof state !== 'object' || state === null) return String(state);
  const known = texts.get(state);
  if (known !== undefined) return known;
  const text = JSON.stringify(state, (_, value: unknown) => {
    if (typeof value === 'bigint') return `${value}`;
    return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
  });
  texts.set(state, text);
  return text;
}
