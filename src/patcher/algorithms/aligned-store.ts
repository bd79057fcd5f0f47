import type { Algorithm } from '../algorithm.js';
import { installAlignedStore, requireOneStore } from '../install-aligned-store.js';

/**
 * One aligned store of the whole new instruction and nothing else. It is whole for every CPU whose fetch reads the site
 * in one piece; nobody makes sure that a CPU sees it before the patch API returns.
 */
export const ALIGNED_STORE: Algorithm = {
  name: 'aligned-store',
  title: 'one store of the whole new instruction, no INT3, no sync',
  require: requireOneStore,
  install: (environment) => installAlignedStore(environment, { sync: false }),
};
