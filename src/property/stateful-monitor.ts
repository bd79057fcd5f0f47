import type { Monitor } from './monitor.js';

/** A monitor whose state is one immutable value, replaced when it changes, so that a snapshot is a reference. */
export abstract class StatefulMonitor<State> implements Monitor {
  abstract readonly property: string;

  constructor(protected state: State) {}

  save(): unknown {
    return this.state;
  }

  restore(state: unknown): void {
    this.state = state as State;
  }
}
