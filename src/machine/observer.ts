import type { MachineEvent } from './event.js';
import type { Machine } from './machine.js';
import type { Renaming } from './renaming.js';

/** Something that watches a machine: a monitor of a property, a trace, a report. */
export interface Observer {
  /**
   * Of which instructions it hears: of all, or only of those that overlap a watched range ({@link Machine.watch}), which
   * keeps everything else fast. Other events always come.
   */
  readonly instructions: 'all' | 'watched';
  observe(event: MachineEvent, machine: Machine): void;
  /** Called before an instruction in or near a watched range is executed. */
  before?(cpu: number, machine: Machine): void;
  /** Called after every step. */
  after?(cpu: number, machine: Machine): void;
  /** Its state, as a list of immutable data that is replaced when it changes; the list itself may be used up. */
  save?(): unknown[];
  restore?(state: readonly unknown[]): void;
  /** A state that {@link save} gave, with CPUs renamed. Default: it names none. */
  renamed?(state: readonly unknown[], renaming: Renaming): unknown[];
  /**
   * What of a state that {@link save} gave concerns who executes: nothing else is looked at in a step that does not change the
   * state, unless {@link Footprint.observedOthers} was told. Default: all.
   */
  concerning?(state: readonly unknown[], who: Executing): unknown[];
}

/** Who executes. */
export interface Executing {
  /** A task, or as -1 - CPU the idle CPU itself. */
  readonly owner: number;
  readonly cpu: number;
}
