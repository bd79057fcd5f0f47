import type { Step } from './step.js';

type Kind = Step['kind'];

/** What a CPU does by itself, without an interrupt and with the task that it has. */
export const OWN_STEPS: ReadonlySet<Kind> = new Set<Kind>(['instruction', 'store', 'procedure']);

/** What comes to a CPU from outside; that is no preemption. */
export const INTERRUPTS: ReadonlySet<Kind> = new Set<Kind>(['accept', 'nmi', 'mc']);
