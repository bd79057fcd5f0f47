import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PROGRESS } from '../../src/property/progress.js';
import { buildScenario } from '../../src/scenario/build/build.js';
import { type LoadedScenario, loadScenario } from '../../src/scenario/load.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { firstStuck } from '../../src/search/progress.js';
import { ALL_REDUCTIONS } from '../../src/search/reduction/reductions.js';
import { Search } from '../../src/search/search.js';

const SCENARIOS = fileURLToPath(new URL('../../scenarios', import.meta.url));
const LIMITS = { states: 5_000_000, memory: 2 ** 31 };

/** A variant whose verdict a search has to find. */
export interface ExpectedVariant {
  readonly loaded: LoadedScenario;
  readonly variant: string;
  readonly scenario: Scenario;
  /** For titles: `matrix/memcpy.yaml call-h1`. */
  readonly name: string;
}

/** The variants with an expectation of the scenario files of a folder of `scenarios`, or of one of them. */
export function expectedVariants(path: string): ExpectedVariant[] {
  const files = path.endsWith('.yaml')
    ? [path]
    : readdirSync(join(SCENARIOS, path))
        .filter((file) => file.endsWith('.yaml'))
        .sort()
        .map((file) => `${path}/${file}`);
  return files.flatMap((file) => {
    const loaded = loadScenario(readFileSync(join(SCENARIOS, file), 'utf8'), file);
    return loaded.variants.flatMap((variant) => {
      const scenario = loaded.variant(variant);
      return scenario.expect === undefined ? [] : [{ loaded, variant, scenario, name: `${file} ${variant}` }];
    });
  });
}

/** Of the matrix, those that `npm test` looks at; the soak tests look at the others, too. */
const OFTEN = ['text-poke-bp', 'text-poke-bp-no-sync2', 'stub-plain', 'stub-sti', 'aligned-store', 'memcpy'];

/** Of the matrix of algorithms and hazards: some, in which calls are swapped, without NMIs; or all the others. */
export function matrix(part: 'some' | 'others'): ExpectedVariant[] {
  const isOne = ({ variant, scenario, name }: ExpectedVariant): boolean =>
    OFTEN.some((each) => name.startsWith(`matrix/${each}.yaml`)) &&
    variant.startsWith('call-') &&
    scenario.budgets.nmi === 0;
  return expectedVariants('matrix').filter((each) => isOne(each) === (part === 'some'));
}

/** What a search of every schedule says: `verified`, the property that is violated, or why there is no verdict. */
export function verdictOf({ loaded, variant }: ExpectedVariant): string {
  const { machine, monitors, properties } = buildScenario(loaded, { variant });
  const search = new Search(machine, monitors, { limits: LIMITS, moveCache: true, reductions: ALL_REDUCTIONS });
  const end = search.advance(Number.POSITIVE_INFINITY);
  if (end?.kind === 'violated') return end.violation.property;
  if (end?.kind !== 'exhausted') return `no verdict: ${end?.kind}`;
  if (properties.includes(PROGRESS) && firstStuck(search) !== undefined) return PROGRESS;
  const missed = monitors.goals.filter(({ reached }) => !reached).map(({ name }) => name);
  return missed.length === 0 ? 'verified' : `vacuous: ${missed.join(', ')}`;
}

/** What the scenario expects, in the same words. */
export function expectationOf({ scenario: { expect } }: ExpectedVariant): string | undefined {
  return expect?.verdict === 'violated' ? expect.property : expect?.verdict;
}
