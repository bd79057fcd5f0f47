import { PAGE_SIZE } from './layout.js';

/** What may be done with a page. */
export interface Permissions {
  readonly read: boolean;
  readonly write: boolean;
  readonly execute: boolean;
}

/** The usual three mappings of a kernel image. */
export const TEXT: Permissions = { read: true, write: false, execute: true };
export const RODATA: Permissions = { read: true, write: false, execute: false };
export const DATA: Permissions = { read: true, write: true, execute: false };

/** Permissions as /proc/pid/maps writes them: `r-x`. */
export function permissionsText({ read, write, execute }: Permissions): string {
  return `${read ? 'r' : '-'}${write ? 'w' : '-'}${execute ? 'x' : '-'}`;
}

/** A mapped 4 KiB page: its linear address, its place in the pool, what it allows. Several may be in one place: aliases. */
export interface Page {
  readonly address: bigint;
  /** Offset of its first byte in linear memory. */
  readonly offset: number;
  readonly permissions: Permissions;
  /** Who alone sees it; undefined when everybody does. */
  readonly owner: number | undefined;
  /** Whether what lies there may be executed, be it at another linear address: stores to it are stores to text. */
  readonly text: boolean;
}

/** What an access wants of a page. */
export type Access = keyof Permissions;

/** Bits 63..47 of a canonical address are equal (48-bit linear addresses). */
export function isCanonical(address: bigint): boolean {
  const top = address >> 47n;
  return top === 0n || top === 0x1ffffn;
}

/** The number of the page that an address lies in: its upper 52 bits. */
export function pageNumber(address: bigint): number {
  return Number(address >> 12n);
}

/** The address of the page that an address lies in. */
export function pageAddress(address: bigint): bigint {
  return address & ~BigInt(PAGE_SIZE - 1);
}
