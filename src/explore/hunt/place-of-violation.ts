import type { SymbolLookup } from '../../encoder/symbols.js';
import { hexAddress } from '../../property/monitor.js';
import { overlaps, type Site } from '../../property/site.js';
import type { Violation } from '../../property/violation.js';

/** What violations are told apart by. */
export interface ViolationPlace {
  readonly property: string;
  /** The site, or else the nearest symbol, or the address. */
  readonly place: string;
}

/** The names behind addresses. */
export interface Places {
  readonly sites: readonly Site[];
  readonly symbols: SymbolLookup;
}

/** Which property is violated where: two violations with the same are the same one. */
export function placeOfViolation({ property, address, bytes }: Violation, { sites, symbols }: Places): ViolationPlace {
  const site = sites.find((each) => overlaps(each, address, Math.max(1, bytes.length)));
  return { property, place: site?.symbol ?? symbols.nearest(address)?.name ?? hexAddress(address) };
}

/** Whether two violations are of the same property at the same place. */
export function samePlace(a: ViolationPlace, b: ViolationPlace): boolean {
  return a.property === b.property && a.place === b.place;
}
