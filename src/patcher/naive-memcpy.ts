import { procedure } from '../machine/procedure.js';
import type { Algorithm } from './algorithm.js';
import { patchAt } from './patch-at.js';
import { packBytes, pokeBytes } from './poke-bytes.js';

/** The new bytes are copied over the old ones while other CPUs execute them: what one must not do. */
export const NAIVE_MEMCPY: Algorithm = {
  name: 'memcpy',
  title: 'plain memcpy, no INT3, no sync',
  install({ patches, order }) {
    const apply = procedure('memcpy', (p) => {
      const next = p.local();
      const count = p.local();
      const address = p.local();
      const length = p.local();
      const value = p.local();
      const patch = patchAt(patches);
      p.while(
        (c) => c.get(count) > 0n,
        () => {
          p.set(address, (c) => patch(c.get(next)).address);
          p.set(length, (c) => BigInt(patch(c.get(next)).bytes.length));
          p.set(value, (c) => packBytes(patch(c.get(next)).bytes));
          pokeBytes(p, 'memcpy: store one byte', { address, length, value }, order);
          p.set(next, (c) => c.get(next) + 1n);
          p.set(count, (c) => c.get(count) - 1n);
        },
      );
    });
    return { apply, idt: new Map(), goals: ['half-written-fetched'], ranges: new Map() };
  },
};
