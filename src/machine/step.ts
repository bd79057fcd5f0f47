/**
 * One transition of the machine: everything that a CPU may do next is an enabled step, and a schedule is a list of
 * steps. Steps are named by what they do, not by their place in a list of choices.
 */
export type Step =
  /** The CPU executes one instruction (one iteration of a repeated one). */
  | {
      readonly kind: 'instruction';
      readonly cpu: number;
      /** The text time as of which each fetch unit is read, where there is a choice. */
      readonly times?: readonly number[];
    }
  /** The procedure on top of the CPU's context does its next step; `choice` where the step has alternatives. */
  | { readonly kind: 'procedure'; readonly cpu: number; readonly choice: number }
  /** The CPU accepts a pending interrupt. */
  | { readonly kind: 'accept'; readonly cpu: number; readonly vector: number };

/**
 * How a step is written in schedule files: `cpu1 insn`, `cpu1 insn t=0,3` (fetch units as of these text times),
 * `cpu0 proc`, `cpu0 proc 3`, `cpu1 accept 0xfc`.
 */
export function formatStep(step: Step): string {
  switch (step.kind) {
    case 'instruction':
      return `cpu${step.cpu} insn${step.times === undefined ? '' : ` t=${step.times.join(',')}`}`;
    case 'procedure':
      return `cpu${step.cpu} proc${step.choice === 0 ? '' : ` ${step.choice}`}`;
    case 'accept':
      return `cpu${step.cpu} accept 0x${step.vector.toString(16)}`;
  }
}

const STEP =
  /^cpu([0-7]) (?:(insn)(?: t=([0-9]{1,9}(?:,[0-9]{1,9}){0,14}))?|proc(?: ([1-9][0-9]?))?|accept 0x([0-9a-f]{1,2}))$/;

/** Reads what {@link formatStep} wrote; undefined when it is something else. */
export function parseStep(text: string): Step | undefined {
  const match = STEP.exec(text);
  if (match === null) return undefined;
  const cpu = Number(match[1]);
  const [, , instruction, times, choice, vector] = match;
  if (instruction !== undefined) {
    return { kind: 'instruction', cpu, ...(times === undefined ? {} : { times: times.split(',').map(Number) }) };
  }
  if (vector !== undefined) return { kind: 'accept', cpu, vector: Number.parseInt(vector, 16) };
  return { kind: 'procedure', cpu, choice: Number(choice ?? 0) };
}

/** Whether two steps are the same transition. */
export function sameStep(a: Step, b: Step): boolean {
  return formatStep(a) === formatStep(b);
}
