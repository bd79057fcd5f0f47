import type { Patch } from '../machine/patch.js';
import type { ProcedureBuilder } from '../machine/procedure.js';
import type { Local, StepContext } from '../machine/step-context.js';
import { patchAt } from './patch-at.js';

/** The patch that a loop has come to. */
export interface CurrentPatch {
  readonly patch: (c: StepContext) => Patch;
  /** Its index, in a local. */
  readonly index: Local;
}

/**
 * Adds the loop of an algorithm's `apply` over the patches that it is called for. It comes before any other local: its
 * own two are the arguments, the index of the first patch and how many there are.
 */
export function forEachPatch(
  p: ProcedureBuilder,
  patches: readonly Patch[],
  body: (current: CurrentPatch) => void,
): void {
  const index = p.local();
  const count = p.local();
  const find = patchAt(patches);
  p.while(
    (c) => c.get(count) > 0n,
    () => {
      body({ patch: (c) => find(c.get(index)), index });
      p.set(index, (c) => c.get(index) + 1n);
      p.set(count, (c) => c.get(count) - 1n);
    },
  );
}
