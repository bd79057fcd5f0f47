import type { MemoryRange, PatchEnvironment } from '../../patcher/algorithm.js';
import type { Rules } from '../../profile/rules.js';
import type { Site } from '../../property/site.js';
import type { Scenario } from '../scenario.js';
import type { Image } from './image.js';

/** What an algorithm has to know of a scenario beside its patches. */
export function algorithmNeeds(
  scenario: Scenario,
  image: Image,
  sites: readonly Site[],
  rules: Rules,
): Pick<PatchEnvironment, 'storeBoundary' | 'reserved' | 'text' | 'shadowStack' | 'clobbers'> {
  const reserved = scenario.text.flatMap((region): [string, MemoryRange][] =>
    region.kind === 'reserved' ? [[region.name, { address: region.base, size: region.size }]] : [],
  );
  return {
    storeBoundary: rules.storeBoundary,
    reserved: new Map(reserved),
    text: namedText(scenario, image),
    shadowStack: scenario.shadowStack,
    clobbers: new Map(sites.map(({ symbol, clobbers }) => [symbol, clobbers])),
  };
}

/** Assembled and reserved text that has a name; where it lies, and how long it came out. */
function namedText({ text }: Scenario, { parts }: Image): ReadonlyMap<string, MemoryRange> {
  const names = new Set(text.flatMap(({ kind, name }) => (kind === 'elf' || name === undefined ? [] : [name])));
  const named = parts.filter(({ name, permissions }) => permissions.execute && names.has(name));
  return new Map(named.map(({ name, address, size }) => [name, { address, size: Number(size) }]));
}
