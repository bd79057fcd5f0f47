import type { StaleFetch } from '../cpu/stale-fetch.js';
import { VECTOR } from '../cpu/vector.js';
import { NotMapped } from '../memory/not-mapped.js';
import type { Budgets } from './budgets.js';
import type { Delivery } from './delivery.js';
import type { InstructionUnit } from './instruction-unit.js';
import type { KernelHost } from './kernel-host.js';
import type { Machine } from './machine.js';
import type { PendingInterrupts } from './pending.js';
import type { ProcedureRunner } from './procedure-runner.js';
import type { Rescheduling } from './rescheduling.js';
import type { Step } from './step.js';

/** The units of a machine that steps set to work. */
export interface StepUnits {
  readonly instructions: InstructionUnit;
  readonly runner: ProcedureRunner;
  readonly kernel: KernelHost;
  readonly delivery: Delivery;
  readonly rescheduling: Rescheduling;
  readonly budgets: Budgets;
  readonly pending: readonly PendingInterrupts[];
  readonly fetch: StaleFetch | undefined;
}

/** What each kind of step does to a machine. */
export class StepEffects {
  constructor(
    private readonly machine: Machine,
    private readonly units: StepUnits,
  ) {}

  apply(step: Step): void {
    const { quiescent } = this.units.kernel;
    const yielded = step.kind === 'instruction' && quiescent?.atYieldPoint(step.cpu) === true;
    this.applyKind(step);
    quiescent?.after(step.cpu, { yielded, switched: step.kind === 'switch' });
  }

  private applyKind(step: Step): void {
    const { instructions, pending, budgets, fetch, rescheduling } = this.units;
    const { cpu } = step;
    switch (step.kind) {
      case 'instruction':
        instructions.execute(cpu, step.times);
        break;
      case 'store':
        instructions.storeByte(cpu, step.byte);
        break;
      case 'procedure':
        this.runProcedure(cpu, step.choice);
        break;
      case 'accept':
        pending[cpu]?.clear(step.vector);
        this.interrupt(cpu, step.vector);
        break;
      case 'nmi':
        budgets.spend('nmi');
        this.machine.state(cpu).nmiBlocked = true;
        this.interrupt(cpu, VECTOR.nmi);
        break;
      case 'mc':
        budgets.spend('mc');
        this.interrupt(cpu, VECTOR.mc);
        break;
      case 'switch':
        fetch?.accepted(cpu);
        rescheduling.switch(cpu, step.task);
    }
  }

  private interrupt(cpu: number, vector: number): void {
    this.machine.emit({ kind: 'ipi-accepted', cpu, vector });
    this.units.fetch?.accepted(cpu);
    this.units.delivery.enter(cpu, vector, 0);
  }

  private runProcedure(cpu: number, choice: number): void {
    const { runner, kernel, delivery } = this.units;
    const { procedure, step } = runner.current(cpu);
    this.machine.emit({ kind: 'procedure-step', cpu, procedure: procedure.name, label: step.label });
    kernel.recording = true;
    try {
      runner.run(cpu, choice);
    } catch (error) {
      if (!(error instanceof NotMapped)) throw error;
      // The simulated kernel's code touched what is not mapped: a #PF that nothing handles.
      delivery.die(cpu, 'unhandled-exception', `unhandled #PF: ${error.message}`);
    }
    kernel.recording = false;
  }
}
