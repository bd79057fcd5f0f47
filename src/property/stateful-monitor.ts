import type { Renaming } from '../machine/renaming.js';
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

  renamed(state: unknown, renaming: Renaming): unknown {
    return this.withNames(state as State, renaming);
  }

  /** A state with CPUs, and the tasks at home there, renamed. */
  protected abstract withNames(state: State, renaming: Renaming): State;
}
