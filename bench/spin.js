import { ALL_REDUCTIONS } from '../dist/search/reduction/reductions.js';
import { explore } from './reductions.js';
import { findSpin, searchModel } from './spin/pan.js';

const NUMBERS = ['no', 'one', 'two', 'three', 'four'];
const WEAKENED = [1, 2, 3];
/** The weakened forms have variants for so many workers. */
const MOST_WEAKENED = 2;
/** SPIN needs minutes and gigabytes for more: only on request. */
const MOST_SPIN = 3;

const workers = (count) => `${NUMBERS[count]}-worker${count === 1 ? '' : 's'}`;
const weakened = (sync, count) => `no-sync${sync}${count === 1 ? '' : `-${workers(count)}`}`;
const xmc = (variant) => explore(variant, ALL_REDUCTIONS);

/**
 * text_poke_bp under looping workers: xmc on machine code beside SPIN on a model of the same protocol. In the model CPUs may
 * switch their interrupts off between passes, which the machine code does not: without that the model is the machine code's.
 * @param most workers for xmc
 * @param fourWorkers whether SPIN searches four workers too
 */
export function besideSpin(most, { fourWorkers = false } = {}) {
  const { versions, missing } = findSpin();
  const beside = (variant, count, defines) => {
    const row = count <= most ? { xmc: xmc(variant) } : {};
    if (missing !== undefined || (count > MOST_SPIN && !fourWorkers)) return row;
    row.SPIN = searchModel(count, defines);
    row['SPIN, interrupts stay on'] = searchModel(count, [...defines, 'INTERRUPTS_STAY_ON']);
    row.agree = Object.values(row).every(({ end }) => end === row.SPIN.end);
    return row;
  };
  const counts = NUMBERS.map((_, count) => count).filter((count) => count > 0);
  const rows = Object.fromEntries([
    ...counts.map((count) => [workers(count), beside(workers(count), count, [])]),
    ...counts
      .filter((count) => count <= MOST_WEAKENED)
      .flatMap((count) =>
        WEAKENED.map((sync) => [weakened(sync, count), beside(weakened(sync, count), count, [`NO_SYNC${sync}`])]),
      ),
  ]);
  return {
    ...(missing === undefined ? versions : { SPIN: missing }),
    ...Object.fromEntries(Object.entries(rows).filter(([, row]) => Object.keys(row).length > 0)),
  };
}
