/** What happened in a step of the machine. Monitors, traces and reports live on these. */
export type MachineEvent =
  | InstructionEvent
  | TextStoreEvent
  | {
      readonly kind: 'trap';
      readonly cpu: number;
      readonly vector: number;
      readonly rip: bigint;
      readonly errorCode: number;
    }
  | { readonly kind: 'iret'; readonly cpu: number; readonly rip: bigint }
  | { readonly kind: 'serialize'; readonly cpu: number }
  | { readonly kind: 'halt'; readonly cpu: number }
  | { readonly kind: 'ipi-sent'; readonly cpu: number; readonly vector: number; readonly targets: readonly number[] }
  | { readonly kind: 'ipi-accepted'; readonly cpu: number; readonly vector: number }
  | {
      readonly kind: 'ipi-acked';
      readonly cpu: number;
      readonly vector: number;
      readonly initiators: readonly number[];
    }
  /** A sync core that CPUs need not know of now; and one that such a CPU does at its kernel entry. */
  | { readonly kind: 'sync-deferred'; readonly cpu: number; readonly targets: readonly number[] }
  | { readonly kind: 'deferred-sync'; readonly cpu: number }
  | SwitchEvent
  | QuiescentStateEvent
  | ShadowStackEvent
  | ProcedureStepEvent
  | PatchEvent
  | RangeEvent
  | { readonly kind: 'stopped'; readonly cpu: number; readonly rip: bigint; readonly reason: string };

/** A CPU's task was taken off it and another, named, was resumed; undefined is the idle task. */
export interface SwitchEvent {
  readonly kind: 'switch';
  readonly cpu: number;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** A task, or only its CPU, went through a quiescent state: a grace period waits for it no longer. */
export interface QuiescentStateEvent {
  readonly kind: 'quiescent-state';
  readonly cpu: number;
  readonly of: 'task' | 'cpu';
  /** Whether it was the last that was waited for. */
  readonly last: boolean;
}

/** A handler changed the shadow stack of the context that it interrupted. */
export interface ShadowStackEvent {
  readonly kind: 'shadow-stack';
  readonly cpu: number;
  readonly op: 'push' | 'pop';
  /** The return address. */
  readonly address: bigint;
}

/** An instruction was executed, to its end or to the exception that ended it. */
export interface InstructionEvent {
  readonly kind: 'instruction';
  readonly cpu: number;
  readonly rip: bigint;
  /** The bytes that this CPU fetched, and the text time of the version of each. */
  readonly bytes: Uint8Array;
  readonly times: readonly number[];
  /** The exception that ended it, if any; a trap's instruction is complete. */
  readonly exception: number | undefined;
}

/** Bytes of text changed, as one event. */
export interface TextStoreEvent {
  readonly kind: 'text-store';
  /** Who stored. */
  readonly cpu: number;
  /** Where the text is executed. */
  readonly address: bigint;
  /** The other linear address through which it was stored, if there is one. */
  readonly alias?: bigint;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  /** The text time of the new bytes. */
  readonly time: number;
}

export interface ProcedureStepEvent {
  readonly kind: 'procedure-step';
  readonly cpu: number;
  readonly procedure: string;
  readonly label: string;
}

/** The patch API was entered for a site, or returned to its caller. */
export interface PatchEvent {
  readonly kind: 'patch-begin' | 'patch-return';
  readonly cpu: number;
  /** Index of the patch in the machine's list. */
  readonly patch: number;
}

/** A range of memory was handed to whoever enters it, freed, or filled anew for another use. */
export interface RangeEvent {
  readonly kind: 'range-entered' | 'range-left' | 'range-retired';
  readonly cpu: number;
  /** The range's name. */
  readonly range: string;
  /** Of entering: whether it is the interrupted context that enters, and not the handler itself. */
  readonly interrupted?: true;
}
