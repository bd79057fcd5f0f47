import { type Procedure, procedure } from '../machine/procedure.js';

/** Some patches that are applied together; the index of the first and how many. */
export interface PatchBatch {
  readonly first: number;
  readonly count: number;
}

/**
 * The patcher's task: one batch after the other, the whole list `repeat` times. Each call of the patch API begins and
 * returns visibly, because what may be fetched at a site depends on it. Argument: none.
 */
export function patcherTask(batches: readonly PatchBatch[], repeat: number, apply: Procedure): Procedure {
  return procedure('patcher', (p) => {
    const round = p.local();
    const index = p.local();
    const batch = (i: bigint): PatchBatch => batches[Number(i)] ?? { first: 0, count: 0 };
    const patchesOf = (i: bigint): number[] => {
      const { first, count } = batch(i);
      return Array.from({ length: count }, (_, n) => first + n);
    };
    p.for(
      round,
      () => BigInt(repeat),
      () => {
        p.for(
          index,
          () => BigInt(batches.length),
          () => {
            p.step('mutex_lock(&text_mutex); patch begins', (c) => {
              for (const patch of patchesOf(c.get(index))) c.host.emit({ kind: 'patch-begin', cpu: c.cpu, patch });
            });
            p.call(apply, (c) => [BigInt(batch(c.get(index)).first), BigInt(batch(c.get(index)).count)]);
            p.step('patch returns; mutex_unlock(&text_mutex)', (c) => {
              for (const patch of patchesOf(c.get(index))) c.host.emit({ kind: 'patch-return', cpu: c.cpu, patch });
            });
          },
        );
      },
    );
  });
}
