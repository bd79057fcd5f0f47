import { procedure } from '../machine/procedure.js';
import type { Algorithm } from './algorithm.js';
import { forEachPatch } from './for-each-patch.js';
import { packPatch, pokeBytes } from './poke-bytes.js';

/** The new bytes are copied over the old ones while other CPUs execute them: what one must not do. */
export const NAIVE_MEMCPY: Algorithm = {
  name: 'memcpy',
  title: 'plain memcpy, no INT3, no sync',
  install({ patches, order }) {
    const apply = procedure('memcpy', (p) => {
      forEachPatch(p, patches, ({ patch }) => pokeBytes(p, 'memcpy: store one byte', packPatch(p, patch), order));
    });
    return { apply, idt: new Map(), goals: ['half-written-fetched'], ranges: new Map() };
  },
};
