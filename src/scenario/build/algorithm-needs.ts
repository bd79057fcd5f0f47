import type { MemoryRange, PatchEnvironment } from '../../patcher/algorithm.js';
import type { Rules } from '../../profile/rules.js';
import type { Site } from '../../property/site.js';
import type { Scenario } from '../scenario.js';

/** What an algorithm has to know of a scenario beside its patches. */
export function algorithmNeeds(
  scenario: Scenario,
  sites: readonly Site[],
  rules: Rules,
): Pick<PatchEnvironment, 'storeBoundary' | 'reserved' | 'clobbers'> {
  const reserved = scenario.text.flatMap((region): [string, MemoryRange][] =>
    region.kind === 'reserved' ? [[region.name, { address: region.base, size: region.size }]] : [],
  );
  return {
    storeBoundary: rules.storeBoundary,
    reserved: new Map(reserved),
    clobbers: new Map(sites.map(({ symbol, clobbers }) => [symbol, clobbers])),
  };
}
