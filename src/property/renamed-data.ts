import type { Renaming } from '../machine/renaming.js';

/** Immutable data under other names of CPUs, found out once for each object. */
export class RenamedData {
  private readonly known = new WeakMap<Renaming, WeakMap<object, unknown>>();

  of(data: unknown, renaming: Renaming, rename: () => unknown): unknown {
    if (typeof data !== 'object' || data === null) return data === undefined ? undefined : rename();
    let known = this.known.get(renaming);
    if (known === undefined) {
      known = new WeakMap();
      this.known.set(renaming, known);
    }
    if (known.has(data)) return known.get(data);
    const renamed = rename();
    known.set(data, renamed);
    return renamed;
  }
}
