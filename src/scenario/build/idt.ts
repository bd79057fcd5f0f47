import { VECTOR, vectorName } from '../../cpu/vector.js';
import { InputError } from '../../input-error.js';
import type { IdtEntry } from '../../machine/delivery.js';
import type { Memory } from '../../memory/memory.js';
import type { InstalledAlgorithm } from '../../patcher/algorithm.js';
import { PLAIN_HANDLERS } from '../../patcher/plain-handlers.js';
import { CALL_FUNCTION_VECTOR, type SyncCore } from '../../patcher/sync-core.js';
import { evaluateSymbolExpression } from '../expression.js';
import type { Handler } from '../scenario.js';

/** Whose procedures handle vectors. */
interface Kernel {
  readonly installed: InstalledAlgorithm;
  readonly sync: SyncCore;
}

/**
 * The IDT of a scenario: the algorithm's handlers, that of the sync IPI, plain ones, and the scenario's own guest code.
 * @throws {@link InputError} for guest code that takes a vector from the algorithm, or is not executable.
 */
export function buildIdt(
  handlers: readonly Handler[],
  { installed, sync }: Kernel,
  symbols: ReadonlyMap<string, bigint>,
  memory: Memory,
): Map<number, IdtEntry> {
  const kernel = new Map([...installed.idt, [CALL_FUNCTION_VECTOR, { procedure: sync.handler }] as const]);
  const guest = handlers.map(({ vector, entry }): [number, IdtEntry] => {
    const taken = kernel.get(vector);
    if (taken !== undefined) throw takenError(vector, taken, entry.origin);
    const address = evaluateSymbolExpression(entry, symbols);
    if (memory.pageAt(address)?.permissions.execute) return [vector, { address }];
    throw new InputError(`the handler of ${vectorName(vector)} is not in executable text`, entry.origin);
  });
  return new Map([...PLAIN_HANDLERS, ...kernel, ...guest]);
}

function takenError(vector: number, taken: IdtEntry, origin: object): InputError {
  const by = 'procedure' in taken ? taken.procedure.name : 'the algorithm';
  const hint = 'a straight-line algorithm with `handler: none` leaves #BP to the scenario';
  return new InputError(`${vectorName(vector)} is handled by ${by}`, {
    ...origin,
    ...(vector === VECTOR.bp ? { hint } : {}),
  });
}
