import type { Executing } from '../machine/observer.js';
import type { Renaming } from '../machine/renaming.js';
import { type OfContext, ownContexts, renamedContexts } from './context-order.js';
import { StatefulMonitor } from './stateful-monitor.js';

/** A monitor that knows something of contexts: a list in their order, of which who executes looks at its own. */
export abstract class ContextMonitor<T extends OfContext> extends StatefulMonitor<readonly T[]> {
  constructor() {
    super([]);
  }

  protected withNames(state: readonly T[], renaming: Renaming): readonly T[] {
    return renamedContexts(state, renaming);
  }

  concerning(state: readonly T[], who: Executing): readonly T[] {
    return ownContexts(state, who);
  }
}
