import type { Algorithm } from '../algorithm.js';
import { EVERY_SYNC, type SyncAfter } from '../batch-finish.js';
import { bpDesc } from '../bp-desc.js';
import { installTextPokeBp } from '../install-text-poke-bp.js';
import { requirePatchable } from '../text-poke-array.js';

const name = 'text-poke-bp-desc';
const TITLE = 'text_poke_bp of v5.6 to v6.14, whose int3 handlers share one reference count';

const algorithm = (suffix: string, title: string, syncs: readonly SyncAfter[]): Algorithm => ({
  name: `${name}${suffix}`,
  title,
  require: requirePatchable,
  install: (environment) => installTextPokeBp(environment, { refs: bpDesc, syncs }),
});

const without = (sync: SyncAfter, what: string): Algorithm =>
  algorithm(
    `-no-sync${sync}`,
    `${name} without the sync core after ${what}`,
    EVERY_SYNC.filter((other) => other !== sync),
  );

/** text_poke_bp of v5.6 to v6.14, see {@link bpDesc}, and the same without each of its sync cores. */
export const TEXT_POKE_BP_DESC_ALGORITHMS: readonly Algorithm[] = [
  algorithm('', TITLE, EVERY_SYNC),
  without(1, 'INT3'),
  without(2, 'the tails'),
  without(3, 'the first bytes'),
];
