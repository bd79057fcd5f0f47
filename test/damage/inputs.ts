import { InputError } from '../../src/input-error.js';

/** How many damaged inputs the suite makes in all; `XMC_DAMAGED_INPUTS=1000000` makes more, the first ones being the same. */
const INPUTS = numberFrom('XMC_DAMAGED_INPUTS', 20_000);
/** `XMC_DAMAGE_SEED` makes others. */
const SEED = numberFrom('XMC_DAMAGE_SEED', 20181005);

function numberFrom(variable: string, fallback: number): number {
  const text = process.env[variable];
  if (text === undefined || text === '') return fallback;
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw new InputError(`${variable}=${text}: expected a number of 1 to 9 digits`);
  return Number(text);
}

/** Milliseconds that a test of damaged inputs may take. */
export const PATIENCE = Math.max(240_000, 60 * INPUTS);

/** How fast-check is to make a share (0 to 1) of all inputs. */
export function share(part: number): { readonly numRuns: number; readonly seed: number } {
  return { numRuns: Math.ceil(INPUTS * part), seed: SEED };
}
