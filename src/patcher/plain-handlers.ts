import { VECTOR } from '../cpu/vector.js';
import type { IdtEntry } from '../machine/delivery.js';
import { procedure } from '../machine/procedure.js';

/** A handler that does nothing that anybody could see, and returns. */
function plainHandler(name: string): IdtEntry {
  const iretq = procedure(name, (p) => p.step('iretq', (c) => c.host.interruptReturn(c.cpu)));
  return { procedure: { ...iretq, returnsAtOnce: true } };
}

/** What handles NMI, #MC and #DB where a scenario names no code of its own. */
export const PLAIN_HANDLERS: ReadonlyMap<number, IdtEntry> = new Map([
  [VECTOR.nmi, plainHandler('exc_nmi')],
  [VECTOR.mc, plainHandler('exc_machine_check')],
  [VECTOR.db, plainHandler('exc_debug')],
]);
