import { InputError } from '../input-error.js';
import type { Patch } from '../machine/patch.js';
import { procedure } from '../machine/procedure.js';
import type { InstalledAlgorithm, PatchEnvironment } from './algorithm.js';
import { forEachPatch } from './for-each-patch.js';
import { packPatch, storeBytes } from './poke-bytes.js';

/** The longest store there is without a vector register. */
const MAX_STORE = 8;

/**
 * Checks that one store can hold the new instruction.
 * @throws {@link InputError} when it is too long
 */
export function requireOneStore({ site, bytes }: Patch): void {
  if (bytes.length <= MAX_STORE) return;
  throw new InputError(`site ${site} is ${bytes.length} bytes long, but one store writes ${MAX_STORE} at most`);
}

/**
 * Each new instruction is written by one store, which is one event only if the site lies inside an aligned unit of the
 * profile's store boundary.
 * @param sync whether a sync core follows each of them
 */
export function installAlignedStore(
  { patches, sync, storeBoundary = 64 }: PatchEnvironment,
  { sync: synced }: { readonly sync: boolean },
): InstalledAlgorithm {
  for (const patch of patches) requireOneStore(patch);
  const apply = procedure(synced ? 'aligned store, sync' : 'aligned store', (p) => {
    forEachPatch(p, patches, ({ patch }) => {
      storeBytes(p, 'store the whole new instruction', packPatch(p, patch), storeBoundary);
      if (synced) p.call(sync.call);
    });
  });
  return { apply, idt: new Map(), goals: ['old-and-new-executed'], ranges: new Map() };
}
