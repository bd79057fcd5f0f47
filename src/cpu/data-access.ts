import type { Memory } from '../memory/memory.js';
import { isCanonical, pageAddress } from '../memory/page.js';
import { PAGE_FAULT } from './executable.js';
import { VECTOR } from './vector.js';

/** The exception that an access to data raises. */
export interface AccessFault {
  readonly vector: number;
  readonly errorCode: number;
  /** The faulting linear address, for CR2; only with #PF. */
  readonly address: bigint | undefined;
}

/**
 * Checks a data access: canonical, mapped, permitted (SDM Vol. 3A, "Paging"). A read-modify-write counts as a write.
 * @returns the exception, or undefined when the access is allowed.
 */
export function checkAccess(
  memory: Memory,
  access: { address: bigint; size: number; kind: 'read' | 'write'; stack: boolean; user: boolean },
): AccessFault | undefined {
  const first = BigInt.asUintN(64, access.address);
  const last = BigInt.asUintN(64, first + BigInt(access.size - 1));
  if (!isCanonical(first) || !isCanonical(last)) {
    return { vector: access.stack ? VECTOR.ss : VECTOR.gp, errorCode: 0, address: undefined };
  }
  const lastPage = pageAddress(last);
  for (const address of lastPage === pageAddress(first) ? [first] : [first, lastPage]) {
    const page = memory.pageAt(address);
    if (page?.permissions[access.kind]) continue;
    const errorCode =
      (page === undefined ? 0 : PAGE_FAULT.present) |
      (access.kind === 'write' ? PAGE_FAULT.write : 0) |
      (access.user ? PAGE_FAULT.user : 0);
    return { vector: VECTOR.pf, errorCode, address };
  }
  return undefined;
}
