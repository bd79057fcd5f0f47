import type { GprName } from '../cpu/cells.js';
import { decode } from '../cpu/decode.js';
import type { Patch } from '../machine/patch.js';

/** A site: the text of exactly one instruction that is patched. */
export interface Site {
  readonly symbol: string;
  readonly address: bigint;
  readonly length: number;
  /** Registers and status flags whose values do not matter after the site. */
  readonly clobbers: ReadonlySet<GprName>;
  readonly flagClobbers: bigint;
}

/** What is known of a site's text now. */
export interface SiteText {
  /** The version in force: the original, or the new one of the last patch that returned. */
  readonly current: Uint8Array;
  /** The patch that began and has not returned. */
  readonly open: Patch | undefined;
  /** Every whole version that the site ever had or is getting. */
  readonly versions: readonly Uint8Array[];
}

/** Where instructions begin in a version of a site, and their bytes; a version may be several instructions. */
export function instructionsOf(version: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  for (let at = 0; at < version.length; ) {
    const decoded = decode(version.subarray(at));
    if (decoded.kind !== 'instruction') break;
    found.set(at, decoded.bytes);
    at += decoded.bytes.length;
  }
  return found;
}

/** Whether [start, start + length) overlaps a site. */
export function overlaps(site: Site, start: bigint, length: number): boolean {
  return start < site.address + BigInt(site.length) && site.address < start + BigInt(length);
}

/** Whether an address lies in a site. */
export function contains(site: Site, address: bigint): boolean {
  return overlaps(site, address, 1);
}
