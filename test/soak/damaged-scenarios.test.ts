import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { it } from 'vitest';
import { loadScenario } from '../../src/scenario/load.js';
import { runBriefly } from '../damage/brief-run.js';
import { PATIENCE, share } from '../damage/inputs.js';
import { textDamage } from '../damage/text-damage.js';
import { isPlaceIn, Outcomes, withinBounds } from '../damage/within-bounds.js';
import { fullScenario } from '../scenario/full-scenario.js';

const FILE = 'damaged.yaml';
const ROOT = new URL('../../', import.meta.url);
const committed = readdirSync(new URL('scenarios/', ROOT))
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .map((name) => readFileSync(new URL(`scenarios/${name}`, ROOT), 'utf8'));
const example = readFileSync(new URL('examples/crc-t10dif/crc-t10dif.yaml', ROOT), 'utf8');
const files = new Map([
  ['crc-t10dif.elf', new Uint8Array(readFileSync(new URL('examples/crc-t10dif/crc-t10dif.elf', ROOT)))],
]);

/** Loads a text as `xmc run` does, builds one of its variants and executes the beginning. */
function useScenario(text: string, which: number): void {
  const loaded = loadScenario(text, FILE);
  const variants = [undefined, ...loaded.variants];
  const variant = variants[which % variants.length];
  runBriefly(loaded, { files, ...(variant === undefined ? {} : { variant }) });
}

it(
  'A damaged scenario runs, or is refused with a message and a place inside the file',
  () => {
    const outcomes = new Outcomes();
    const scenario = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...committed) },
      { weight: 1, arbitrary: fc.constantFrom(fullScenario, example) },
    );
    fc.assert(
      fc.property(scenario, textDamage, fc.nat({ max: 10 }), (whole, damage, variant) => {
        const text = damage(whole);
        const inFile = isPlaceIn(new Map([[FILE, text]]));
        outcomes.add(withinBounds(() => useScenario(text, variant), inFile));
      }),
      share(0.09),
    );
    // Much damage is in comments and titles, or leaves another valid scenario.
    outcomes.requireBoth(0.05);
  },
  PATIENCE,
);
