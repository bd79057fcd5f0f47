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

/** A whole version of a site: its bytes, and where instructions begin in them; a version may be several instructions. */
export interface SiteVersion {
  readonly bytes: Uint8Array;
  readonly instructions: ReadonlyMap<number, Uint8Array>;
}

/** What is known of a site's text now. */
export interface SiteText {
  /** The version in force: the original, or the new one of the last patch that returned. */
  readonly current: SiteVersion;
  /** The patch that began and has not returned. */
  readonly open: Patch | undefined;
  /** The patch that began last, whether it has returned or not. */
  readonly last: Patch | undefined;
  /** Every whole version that the site ever had or is getting. */
  readonly versions: readonly SiteVersion[];
  /** What the last patch that returned replaced. */
  readonly replaced: SiteVersion | undefined;
  /** CPUs that have not done a step since that return, as bits: what they do next began before it. */
  readonly unsettled: number;
}

/** Decodes a version of a site. */
export function siteVersion(bytes: Uint8Array): SiteVersion {
  const instructions = new Map<number, Uint8Array>();
  for (let at = 0; at < bytes.length; ) {
    const decoded = decode(bytes.subarray(at));
    if (decoded.kind !== 'instruction') break;
    instructions.set(at, decoded.bytes);
    at += decoded.bytes.length;
  }
  return { bytes, instructions };
}

/** Whether two runs of bytes are the same. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Whether [start, start + length) overlaps a site. */
export function overlaps(site: Site, start: bigint, length: number): boolean {
  return start < site.address + BigInt(site.length) && site.address < start + BigInt(length);
}

/** Whether an address lies in a site. */
export function contains(site: Site, address: bigint): boolean {
  return overlaps(site, address, 1);
}
