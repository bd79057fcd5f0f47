import { PAGE_SIZE } from '../../memory/layout.js';
import type { Memory } from '../../memory/memory.js';
import { DATA, pageAddress } from '../../memory/page.js';
import { evaluateSymbolExpression } from '../expression.js';
import type { AliasRegion, Scenario } from '../scenario.js';
import { at, type Placed } from './placement.js';

function aliasesOf({ data }: Scenario): readonly AliasRegion[] {
  return data.filter((region) => region.kind === 'alias');
}

/** The pages that the aliases of a scenario take. */
export function aliasPlaces(scenario: Scenario): Placed[] {
  return aliasesOf(scenario).map(({ name, base, size, origin }) => {
    const address = pageAddress(base);
    const end = pageAddress(base + BigInt(size - 1)) + BigInt(PAGE_SIZE);
    return { name, address, size: end - address, origin };
  });
}

/** Maps the text that a scenario wants at a second address; all else is mapped already. */
export function mapAliases(scenario: Scenario, memory: Memory, symbols: ReadonlyMap<string, bigint>): void {
  for (const { target, base, size } of aliasesOf(scenario)) {
    at(target.origin, () => memory.mapAlias(base, evaluateSymbolExpression(target, symbols), BigInt(size), DATA));
  }
}
