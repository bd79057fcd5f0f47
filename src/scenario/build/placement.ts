import { InputError } from '../../input-error.js';
import { PROCEDURE_TEXT } from '../../machine/delivery.js';
import { PAGE_SIZE } from '../../memory/layout.js';
import { KERNEL_DATA } from '../../patcher/kernel-data.js';
import type { Origin } from '../source-text.js';

/** Something that has a place in memory. */
export interface Placed {
  readonly name: string;
  readonly address: bigint;
  /** Bytes. */
  readonly size: bigint;
  /** Where the scenario asks for it; undefined for what the simulator puts there by itself. */
  readonly origin: Origin | undefined;
}

/** Does something; what is wrong with it is an error at a place in the scenario. */
export function at<T>(origin: Origin | undefined, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.message, { ...origin, ...(error.hint === undefined ? {} : { hint: error.hint }) });
  }
}

/** What the simulator needs for itself: whole pages. */
const SIMULATED_KERNEL: readonly Placed[] = [
  { name: "the simulated kernel's data", address: KERNEL_DATA, size: 0x10000n, origin: undefined },
  { name: "the simulated kernel's procedures", address: PROCEDURE_TEXT, size: BigInt(PAGE_SIZE), origin: undefined },
];

/**
 * Checks that text, data and stacks leave each other and the simulator alone.
 * @throws {@link InputError} at the place in the file of one that does not.
 */
export function checkPlacement(places: readonly Placed[]): void {
  const sorted = [...SIMULATED_KERNEL, ...places].filter(({ size }) => size > 0n).sort(byAddress);
  for (const [index, place] of sorted.entries()) {
    const below = sorted[index - 1];
    if (below === undefined || below.address + below.size <= place.address) continue;
    const [blamed, other] = place.origin === undefined ? [below, place] : [place, below];
    throw new InputError(`${describe(blamed)} overlaps ${describe(other)}`, blamed.origin);
  }
}

function byAddress(a: Placed, b: Placed): number {
  return a.address < b.address ? -1 : a.address > b.address ? 1 : 0;
}

function describe({ name, address, size }: Placed): string {
  return `${name} (0x${address.toString(16)} to 0x${(address + size - 1n).toString(16)})`;
}
