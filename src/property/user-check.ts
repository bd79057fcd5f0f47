import type { Machine } from '../machine/machine.js';
import type { NamedGoal } from './goals.js';
import { hexAddress, type Monitor } from './monitor.js';
import { isAtRest } from './task-block.js';
import type { Finding } from './violation.js';

/** An expression over states of a machine, which it is bound to. */
export interface StateExpression {
  /** As in the scenario. */
  readonly name: string;
  readonly text: string;
  /** Whether it holds in the state that the machine is in. Afterwards memory may be seen through another task. */
  holds(): boolean;
  /** What it consists of in that state: `worker.rip = 0x..., [counter] = 0x2`. */
  values(): string;
}

/** The expressions that a scenario wants checked. */
export interface UserChecks {
  /** Hold in every state. */
  readonly always: readonly StateExpression[];
  /** Hold in some state: goals. */
  readonly sometimes: readonly StateExpression[];
  /** Hold in every state in which everything has come to rest. */
  readonly finally: readonly StateExpression[];
}

/** The monitor of an `always` or `finally` expression. */
export class UserCheck implements Monitor {
  readonly property: string;

  constructor(
    private readonly kind: 'always' | 'finally',
    private readonly expression: StateExpression,
  ) {
    this.property = `${kind} ${expression.name}`;
  }

  after(cpu: number, machine: Machine): Finding | undefined {
    const { kind, expression } = this;
    if (kind === 'finally' && !isAtRest(machine)) return undefined;
    if (expression.holds()) return undefined;
    const { rip } = machine.state(cpu);
    const step = machine.steps === 0 ? 'before the first step' : `after a step of CPU ${cpu}`;
    const when = kind === 'always' ? step : 'where everything has come to rest';
    const values = expression.values();
    return {
      cpu,
      address: rip,
      bytes: new Uint8Array(),
      message: `"${expression.text}" does not hold ${when}, at ${hexAddress(rip)}${values === '' ? '' : `: ${values}`}`,
    };
  }
}

/** What has to be reached for the checks to mean anything: the `sometimes`, and a state in which a `finally` is judged. */
export function goalsOf({ sometimes, finally: last }: UserChecks): NamedGoal[] {
  return [
    ...sometimes.map((check) => ({ name: `sometimes ${check.name}`, conditions: [{ after: () => check.holds() }] })),
    ...last.map(({ name }) => ({
      name: `finally ${name}`,
      conditions: [{ after: (machine: Machine) => isAtRest(machine) }],
    })),
  ];
}
