/** Values that come back very often, each kept once, by a text or number that tells them apart. */
export class Interned<Key, Value> {
  private readonly known = new Map<Key, Value>();

  /** The value of a key, which is `value` if there was none. */
  of(key: Key, value: Value): Value {
    const known = this.known.get(key);
    if (known !== undefined) return known;
    this.known.set(key, value);
    return value;
  }
}
