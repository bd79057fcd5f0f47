import type { Algorithm } from '../algorithm.js';
import { installAlignedStore, requireOneStore } from '../install-aligned-store.js';

/** One aligned store of the whole new instruction, then a sync core: whole where the fetch reads the site in one piece. */
export const ALIGNED_STORE_SYNC: Algorithm = {
  name: 'aligned-store-sync',
  title: 'one store of the whole new instruction, sync; no INT3',
  require: requireOneStore,
  install: (environment) => installAlignedStore(environment, { sync: true }),
};
