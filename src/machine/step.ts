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
  /** One byte of a store to text that the CPU's last instruction left to be seen; by its index. */
  | { readonly kind: 'store'; readonly cpu: number; readonly byte: number }
  /** The procedure on top of the CPU's context does its next step; `choice` where the step has alternatives. */
  | { readonly kind: 'procedure'; readonly cpu: number; readonly choice: number }
  /** The CPU accepts a pending interrupt. */
  | { readonly kind: 'accept'; readonly cpu: number; readonly vector: number }
  /** A non-maskable interrupt, or a machine check, arrives. */
  | { readonly kind: 'nmi' | 'mc'; readonly cpu: number }
  /** The CPU's task leaves it, and another is resumed there; the CPU idles when there is none. */
  | { readonly kind: 'switch'; readonly cpu: number; readonly task: number | undefined };

/**
 * How a step is written in schedule files: `cpu1 insn`, `cpu1 insn t=0,3` (fetch units as of these text times),
 * `cpu1 store 3`, `cpu0 proc`, `cpu0 proc 3`, `cpu1 accept 0xfc`, `cpu1 nmi`, `cpu1 mc`, `cpu1 switch 2`, `cpu1 switch idle`.
 */
export function formatStep(step: Step): string {
  switch (step.kind) {
    case 'instruction':
      return `cpu${step.cpu} insn${step.times === undefined ? '' : ` t=${step.times.join(',')}`}`;
    case 'store':
      return `cpu${step.cpu} store ${step.byte}`;
    case 'procedure':
      return `cpu${step.cpu} proc${step.choice === 0 ? '' : ` ${step.choice}`}`;
    case 'accept':
      return `cpu${step.cpu} accept 0x${step.vector.toString(16)}`;
    case 'nmi':
    case 'mc':
      return `cpu${step.cpu} ${step.kind}`;
    case 'switch':
      return `cpu${step.cpu} switch ${step.task ?? 'idle'}`;
  }
}

const STEP = new RegExp(
  [
    '^cpu(?<cpu>[0-7]) (?:',
    '(?<insn>insn)(?: t=(?<times>[0-9]{1,9}(?:,[0-9]{1,9}){0,14}))?',
    '|store (?<byte>[0-9]|1[0-5])',
    '|(?<proc>proc)(?: (?<choice>[1-9][0-9]?))?',
    '|accept 0x(?<vector>[0-9a-f]{1,2})',
    '|(?<event>nmi|mc)',
    '|switch (?<task>idle|[0-9]{1,2})',
    ')$',
  ].join(''),
);

/** Reads what {@link formatStep} wrote; undefined when it is something else. */
export function parseStep(text: string): Step | undefined {
  const groups = STEP.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const { insn, times, byte, proc, choice, vector, event, task } = groups;
  const cpu = Number(groups.cpu);
  if (insn !== undefined) {
    return { kind: 'instruction', cpu, ...(times === undefined ? {} : { times: times.split(',').map(Number) }) };
  }
  if (byte !== undefined) return { kind: 'store', cpu, byte: Number(byte) };
  if (proc !== undefined) return { kind: 'procedure', cpu, choice: Number(choice ?? 0) };
  if (vector !== undefined) return { kind: 'accept', cpu, vector: Number.parseInt(vector, 16) };
  if (event === 'nmi' || event === 'mc') return { kind: event, cpu };
  return { kind: 'switch', cpu, task: task === 'idle' ? undefined : Number(task) };
}

/** Whether two steps are the same transition. */
export function sameStep(a: Step, b: Step): boolean {
  return formatStep(a) === formatStep(b);
}
