import type { Memory } from '../memory/memory.js';
import { isCanonical } from '../memory/page.js';
import { decode } from './decode.js';
import type { CellOperand, Decoded, DecodedInstruction } from './decoded-instruction.js';
import { handlerKey } from './definition.js';
import type { FetchedBytes, FetchRule } from './fetch.js';
import { OUTCOME } from './semantics/fetch-outcome.js';
import { HANDLERS } from './semantics/index.js';

/** What a CPU would execute at an address now: an instruction, or the outcome of a fetch that gave none. */
export interface Executable {
  readonly rip: bigint;
  /** Index into HANDLERS. */
  readonly handler: number;
  /** Undefined when there is no instruction to execute. */
  readonly instruction: DecodedInstruction | undefined;
  /** The bytes it consists of, and where they lie in the pool. All that was fetched when nothing could be decoded. */
  readonly bytes: Uint8Array;
  readonly offsets: readonly number[];
  /** The fetch ran into a page that is absent or not executable, so that the outcome depends on what is mapped. */
  readonly faulted: boolean;
  readonly dest: CellOperand;
  readonly src: CellOperand;
}

const HANDLER_INDEX: ReadonlyMap<string, number> = new Map(HANDLERS.map(({ key }, index) => [key, index]));
const NONE: CellOperand = { kind: 'none' };

/** Error code bits of a page fault (SDM Vol. 3A, "Interrupt 14"). */
export const PAGE_FAULT = { present: 1, write: 2, user: 4, fetch: 16 } as const;

/** Fetches and decodes at `rip` by a fetch rule. */
export function executableAt(memory: Memory, rule: FetchRule, cpu: number, rip: bigint): Executable {
  return executableOfFetch(memory, rip, isCanonical(rip) ? rule.fetch(memory, cpu, rip) : undefined);
}

/** Decodes what was fetched at `rip`; undefined when RIP is not canonical. */
export function executableOfFetch(memory: Memory, rip: bigint, fetched: FetchedBytes | undefined): Executable {
  if (fetched === undefined) return outcome(rip, OUTCOME.notAllowed);
  const decoded = fetched.bytes.length === 0 ? { kind: 'incomplete' as const } : decode(fetched.bytes);
  switch (decoded.kind) {
    case 'too long':
      return { ...outcome(rip, OUTCOME.notAllowed), bytes: fetched.bytes, offsets: fetched.offsets };
    case 'undefined':
      return { ...outcome(rip, OUTCOME.undefined), bytes: fetched.bytes, offsets: fetched.offsets };
    case 'incomplete':
      return pageFault(memory, rip, fetched);
    case 'instruction': {
      const { length } = decoded.bytes;
      const handler = HANDLER_INDEX.get(decoded.handler);
      const found = { bytes: decoded.bytes, offsets: fetched.offsets.slice(0, length), instruction: decoded };
      return handler === undefined
        ? { ...outcome(rip, OUTCOME.unsupported), ...found }
        : { rip, handler, faulted: false, dest: decoded.dest, src: decoded.src, ...found };
    }
  }
}

/** An instruction given by its bytes alone, as if it lay at `rip`. */
export function executableOf(rip: bigint, decoded: Decoded): Executable {
  const handler = decoded.kind === 'instruction' ? HANDLER_INDEX.get(decoded.handler) : undefined;
  if (decoded.kind !== 'instruction' || handler === undefined) return outcome(rip, OUTCOME.unsupported);
  const { bytes, dest, src } = decoded;
  return { rip, handler, instruction: decoded, bytes, offsets: [], faulted: false, dest, src };
}

function outcome(rip: bigint, name: string): Executable {
  const handler = HANDLER_INDEX.get(handlerKey(name, '', 8, 8)) ?? 0;
  const nothing = { instruction: undefined, bytes: new Uint8Array(), offsets: [], dest: NONE, src: NONE };
  return { rip, handler, faulted: false, ...nothing };
}

function pageFault(memory: Memory, rip: bigint, fetched: FetchedBytes): Executable {
  const address = fetched.end ?? rip;
  const fetchedSoFar = { bytes: fetched.bytes, offsets: fetched.offsets, faulted: true };
  if (!isCanonical(address)) return { ...outcome(rip, OUTCOME.notAllowed), ...fetchedSoFar };
  const error = PAGE_FAULT.fetch | (memory.pageAt(address) === undefined ? 0 : PAGE_FAULT.present);
  return {
    rip,
    handler: HANDLER_INDEX.get(handlerKey(OUTCOME.pageFault, 'rr', 8, 8)) ?? 0,
    instruction: undefined,
    ...fetchedSoFar,
    dest: { kind: 'immediate', value: BigInt(error) },
    src: { kind: 'immediate', value: address },
  };
}
