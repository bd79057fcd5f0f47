import type { MachineEvent } from '../machine/event.js';
import type { Machine } from '../machine/machine.js';
import type { GoalCondition, GoalResult, GoalScope } from './goal.js';

/** A goal with what it is reached by: by all of its conditions, each at some time. */
export interface NamedGoal {
  readonly name: string;
  readonly conditions: readonly GoalCondition[];
}

/**
 * Notes which goals are reached. That is no part of a machine's state: what any of the executions reached, from whatever
 * snapshot, stays reached.
 */
export class Goals {
  /** Conditions that were not met so far. */
  private open: ReadonlySet<GoalCondition>;
  /** How many conditions there are. */
  private readonly count: number;

  constructor(
    private readonly goals: readonly NamedGoal[],
    private readonly scope: GoalScope,
  ) {
    this.open = new Set(goals.flatMap(({ conditions }) => conditions));
    this.count = this.open.size;
  }

  observe(event: MachineEvent, machine: Machine): void {
    if (this.open.size > 0) this.note(({ observe }) => observe?.(event, machine, this.scope) ?? false);
  }

  after(machine: Machine): void {
    if (this.open.size > 0) this.note(({ after }) => after?.(machine, this.scope) ?? false);
  }

  private note(isMet: (condition: GoalCondition) => boolean): void {
    let met: GoalCondition[] | undefined;
    for (const condition of this.open) if (isMet(condition)) met = [...(met ?? []), condition];
    if (met !== undefined) this.open = new Set([...this.open].filter((condition) => !met.includes(condition)));
  }

  /** Whether any of them asks what all CPUs are doing at once. */
  get askOfAllCpus(): boolean {
    return this.conditions.some(({ ofAllCpus }) => ofAllCpus === true);
  }

  /** How many conditions were met. */
  get metCount(): number {
    return this.count - this.open.size;
  }

  /** The conditions that were met, counted over all goals. */
  get met(): readonly number[] {
    return this.conditions.flatMap((condition, number) => (this.open.has(condition) ? [] : [number]));
  }

  /** Those conditions were met in executions of another machine like this one. */
  set met(numbers: readonly number[]) {
    const met = new Set(numbers.map((number) => this.conditions[number]));
    this.open = new Set([...this.open].filter((condition) => !met.has(condition)));
  }

  private get conditions(): readonly GoalCondition[] {
    return this.goals.flatMap(({ conditions }) => conditions);
  }

  /** All goals, in their order. */
  get results(): readonly GoalResult[] {
    return this.goals.map(({ name, conditions }) => ({
      name,
      reached: !conditions.some((condition) => this.open.has(condition)),
    }));
  }
}
