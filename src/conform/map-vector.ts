import { PAGE_SIZE } from '../memory/layout.js';
import type { Memory } from '../memory/memory.js';
import { DATA, type Permissions, pageAddress, TEXT } from '../memory/page.js';
import { initialRegister, type Vector } from './vector.js';

/** A page that holds the code and bytes of `ram` as well. */
const BOTH: Permissions = { read: true, write: true, execute: true };

/** Pages that a vector needs, by address: its code's are executable, those with a byte of `ram` writable. */
export function pagesOf(vector: Vector): ReadonlyMap<bigint, Permissions> {
  const pages = new Map<bigint, Permissions>();
  const add = (address: bigint, length: number, permissions: Permissions): void => {
    for (let page = pageAddress(address); page < address + BigInt(length); page += BigInt(PAGE_SIZE)) {
      const old = pages.get(page);
      pages.set(page, old === undefined || old === permissions ? permissions : BOTH);
    }
  };
  add(initialRegister(vector, 'rip'), vector.bytes.length, TEXT);
  // A byte that changed was mapped, be its page named before or not.
  for (const { address, bytes } of [...vector.initial.ram, ...vector.final.ram]) add(address, bytes.length, DATA);
  return pages;
}

/** Maps the pages of a vector in an empty memory and fills in the state before it. */
export function mapVector(vector: Vector, pages: ReadonlyMap<bigint, Permissions>, memory: Memory): void {
  for (const [page, permissions] of pages) memory.map(page, BigInt(PAGE_SIZE), permissions);
  for (const { address, bytes } of vector.initial.ram) fill(memory, address, bytes);
  fill(memory, initialRegister(vector, 'rip'), vector.bytes);
}

function fill(memory: Memory, address: bigint, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    const offset = memory.offsetOf(address + BigInt(done));
    const chunk = bytes.subarray(done, done + PAGE_SIZE - (offset & (PAGE_SIZE - 1)));
    memory.linear.u8.set(chunk, offset);
    done += chunk.length;
  }
}
