import type { Patch } from '../machine/patch.js';

/** The patch with an index that a procedure's local holds. */
export function patchAt(patches: readonly Patch[]): (index: bigint) => Patch {
  return (index) => {
    const patch = patches[Number(index)];
    if (patch === undefined) throw new Error(`no patch ${index}`);
    return patch;
  };
}
