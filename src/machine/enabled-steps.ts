import type { CpuState } from '../cpu/cpu-state.js';
import type { HeldStores } from '../cpu/held-store.js';
import type { StaleFetch } from '../cpu/stale-fetch.js';
import type { HeldInShadow } from '../profile/rules.js';
import type { Budgets } from './budgets.js';
import type { Machine } from './machine.js';
import type { PendingInterrupts } from './pending.js';
import type { ProcedureRunner } from './procedure-runner.js';
import type { Rescheduling } from './rescheduling.js';
import { type Step, sameStep } from './step.js';

/** What may happen next on each CPU. */
export class EnabledSteps {
  constructor(
    private readonly machine: Machine,
    private readonly runner: ProcedureRunner,
    private readonly pending: readonly PendingInterrupts[],
    private readonly fetch: StaleFetch | undefined,
    private readonly rescheduling: Rescheduling,
    private readonly budgets: Budgets,
    private readonly stores: HeldStores,
  ) {}

  /** Adds the enabled steps of one CPU to `steps`. */
  on(cpu: number, steps: Step[]): void {
    const state = this.machine.state(cpu);
    const contexts = this.machine.context(cpu);
    if (contexts.depth === 0 || state.dead) return;
    const held = this.stores.left(cpu);
    if (held !== 0) {
      // The instruction is not over before its store is.
      for (let byte = 0; held >> byte !== 0; byte++) if ((held >> byte) & 1) steps.push({ kind: 'store', cpu, byte });
      return;
    }
    const vector = this.pending[cpu]?.highest;
    if (vector !== undefined && state.interruptsEnabled && !state.shadowed) steps.push({ kind: 'accept', cpu, vector });
    if (contexts.inProcedure) {
      for (const choice of this.runner.choices(cpu)) steps.push({ kind: 'procedure', cpu, choice });
    } else if (!state.halted && !this.machine.isFinished(cpu)) {
      this.instructions(cpu, steps);
    }
    this.environment(cpu, state, steps);
    this.rescheduling.enabledOn(cpu, steps);
  }

  /** NMI and #MC, which IF does not hold back; a shadow does where the profile says so, and a MOV SS always. */
  private environment(cpu: number, state: CpuState, steps: Step[]): void {
    const { nmiHeldInStiShadow, mcHeldInStiShadow } = this.machine.rules;
    const held = (rule: HeldInShadow): boolean => state.shadowed && (rule === true || state.shadowOfMovSs);
    if (this.budgets.left('nmi') > 0 && !state.nmiBlocked && !held(nmiHeldInStiShadow))
      steps.push({ kind: 'nmi', cpu });
    if (this.budgets.left('mc') > 0 && !held(mcHeldInStiShadow)) steps.push({ kind: 'mc', cpu });
  }

  /** One step, or one for each result that the fetch may have. */
  private instructions(cpu: number, steps: Step[]): void {
    const choices = this.fetch?.choices(cpu, this.machine.state(cpu).rip);
    if (choices === undefined || choices.length < 2) steps.push({ kind: 'instruction', cpu });
    else for (const { times } of choices) steps.push({ kind: 'instruction', cpu, times });
  }

  /** Whether a step is enabled now. */
  includes(step: Step): boolean {
    if (step.cpu >= this.machine.cpuCount) return false;
    const steps: Step[] = [];
    this.on(step.cpu, steps);
    return steps.some((other) => sameStep(other, step));
  }
}
