import type { Contexts } from './contexts.js';
import type { Procedure, ProcedureStep } from './procedure.js';
import { StepContext, type StepHost } from './step-context.js';

/**
 * Runs the procedures of all CPUs: which step a CPU's top frame is at, what may be chosen there, and where it goes on.
 * Procedures are numbered in the order in which they are found, callees after callers, so that frames can name them.
 */
export class ProcedureRunner {
  private readonly procedures: Procedure[] = [];
  private readonly numbers = new Map<Procedure, number>();
  private readonly stepContexts: readonly StepContext[];

  constructor(
    host: StepHost,
    private readonly contexts: readonly Contexts[],
    roots: readonly Procedure[],
  ) {
    this.stepContexts = contexts.map((own, cpu) => new StepContext(host, cpu, own));
    for (const root of roots) this.register(root);
  }

  private register(procedure: Procedure): void {
    if (this.numbers.has(procedure)) return;
    this.numbers.set(procedure, this.procedures.length);
    this.procedures.push(procedure);
    for (const instruction of procedure.program) {
      if (instruction.kind === 'call') this.register(instruction.procedure);
    }
  }

  private contextsOf(cpu: number): Contexts {
    const contexts = this.contexts[cpu];
    if (contexts === undefined) throw new Error(`no CPU ${cpu}`);
    return contexts;
  }

  private stepContext(cpu: number): StepContext {
    const context = this.stepContexts[cpu];
    if (context === undefined) throw new Error(`no CPU ${cpu}`);
    return context;
  }

  /** Starts a procedure in a CPU's top context. */
  start(cpu: number, procedure: Procedure, args: readonly bigint[] = []): void {
    const number = this.numbers.get(procedure);
    if (number === undefined) throw new Error(`procedure ${procedure.name} is not known to the machine`);
    const contexts = this.contextsOf(cpu);
    contexts.pushFrame(number);
    args.forEach((value, index) => {
      contexts.setLocal(index, value);
    });
    this.settle(cpu);
  }

  /** The procedure and the step that the CPU's top context is at. */
  current(cpu: number): { procedure: Procedure; step: ProcedureStep } {
    const contexts = this.contextsOf(cpu);
    const procedure = this.procedures[contexts.procedure];
    const instruction = procedure?.program[contexts.pc];
    if (procedure === undefined || instruction?.kind !== 'step') throw new Error(`CPU ${cpu} is not at a step`);
    return { procedure, step: instruction.step };
  }

  /** The procedures that the CPU's top context is in, callers first, and where in their programs. */
  calls(cpu: number): { procedure: Procedure; pc: number }[] {
    return this.contextsOf(cpu).calls.flatMap(({ procedure: number, pc }) => {
      const procedure = this.procedures[number];
      return procedure === undefined ? [] : [{ procedure, pc }];
    });
  }

  /** The alternatives of the CPU's next step; none while it waits. */
  choices(cpu: number): readonly number[] {
    const { step } = this.current(cpu);
    if (step.ready === undefined && step.choices === undefined) return ONCE;
    const context = this.stepContext(cpu);
    if (step.ready !== undefined && !step.ready(context)) return [];
    return step.choices?.(context) ?? ONCE;
  }

  /** Does the CPU's next step, then whatever is invisible up to the one after it. */
  run(cpu: number, choice: number): void {
    const contexts = this.contextsOf(cpu);
    const { step } = this.current(cpu);
    const { depth } = contexts;
    const context = this.stepContext(cpu);
    step.run(context, choice);
    // An interrupt return, or the end of the CPU, took the frame away.
    if (contexts.depth !== depth || !contexts.inProcedure) return;
    if (step.choices !== undefined && step.choices(context).length > 0) return;
    contexts.scratch = 0n;
    contexts.pc++;
    this.settle(cpu);
  }

  /** Goes through control flow and assignments to the next step, or to the end of the context's last frame. */
  private settle(cpu: number): void {
    const contexts = this.contextsOf(cpu);
    const context = this.stepContext(cpu);
    while (contexts.inProcedure) {
      const instruction = this.procedures[contexts.procedure]?.program[contexts.pc];
      if (instruction === undefined) throw new Error('a procedure ran off its end');
      switch (instruction.kind) {
        case 'step':
          return;
        case 'set':
          instruction.run(context);
          contexts.pc++;
          break;
        case 'jump':
          contexts.pc = instruction.to;
          break;
        case 'unless':
          contexts.pc = instruction.condition(context) ? contexts.pc + 1 : instruction.to;
          break;
        case 'call': {
          const args = instruction.args(context);
          contexts.pushFrame(this.numbers.get(instruction.procedure) ?? -1);
          args.forEach((value, index) => {
            contexts.setLocal(index, value);
          });
          break;
        }
        case 'return':
          this.return(contexts, instruction.value(context));
      }
    }
  }

  private return(contexts: Contexts, value: bigint): void {
    contexts.popFrame();
    if (!contexts.inProcedure) return;
    const call = this.procedures[contexts.procedure]?.program[contexts.pc];
    if (call?.kind === 'call' && call.result !== undefined) contexts.setLocal(call.result, value);
    contexts.pc++;
  }
}

const ONCE: readonly number[] = [0];
