import { LOCALS } from './contexts.js';
import type { Local, StepContext } from './step-context.js';

/** One atomic, visible action of a procedure. Its label is what traces print. */
export interface ProcedureStep {
  readonly label: string;
  /** Whether it can happen now; a step that cannot is waited for. Absent: always. */
  readonly ready?: (context: StepContext) => boolean;
  /** The alternatives it has now, by number; the step is repeated until there are none. Absent: one, and once. */
  readonly choices?: (context: StepContext) => readonly number[];
  readonly run: (context: StepContext, choice: number) => void;
}

/** What a compiled procedure consists of. Everything but a step is invisible: it is done with the step before it. */
export type Instruction =
  | { readonly kind: 'step'; readonly step: ProcedureStep }
  /** An assignment to locals. */
  | { readonly kind: 'set'; readonly run: (context: StepContext) => void }
  | { readonly kind: 'jump'; to: number }
  | { readonly kind: 'unless'; readonly condition: (context: StepContext) => boolean; to: number }
  | {
      readonly kind: 'call';
      readonly procedure: Procedure;
      readonly args: (context: StepContext) => readonly bigint[];
      readonly result: Local | undefined;
    }
  | { readonly kind: 'return'; readonly value: (context: StepContext) => bigint };

/**
 * A step program of the environment: a patcher, an int3 or IPI handler. Where the kernel's C would race, each access
 * is a step of its own; control flow over locals is free.
 */
export interface Procedure {
  /** The kernel's name for it, the older one in parentheses where it was renamed. */
  readonly name: string;
  readonly program: readonly Instruction[];
  /** A handler that looks at nothing of what it interrupts, and changes nothing of it. */
  readonly transparent?: boolean;
  /** A handler that does nothing but return, in one step. */
  readonly returnsAtOnce?: boolean;
}

/** Builds the program of a procedure in the order of the kernel's text. */
export class ProcedureBuilder {
  readonly program: Instruction[] = [];
  private locals = 0;

  /** Declares a local; the first ones are the arguments of a call, in order. */
  local(): Local {
    if (this.locals >= LOCALS) throw new Error('a procedure has too many locals');
    return this.locals++;
  }

  step(label: string, run: (context: StepContext) => void): void {
    this.program.push({ kind: 'step', step: { label, run } });
  }

  /** A step that happens once its condition holds: a spin in the kernel. */
  wait(label: string, ready: (context: StepContext) => boolean): void {
    this.program.push({ kind: 'step', step: { label, ready, run: () => {} } });
  }

  /** A step with alternatives, repeated until it has none left. */
  choose(step: Required<Pick<ProcedureStep, 'label' | 'choices' | 'run'>>): void {
    this.program.push({ kind: 'step', step });
  }

  if(condition: (context: StepContext) => boolean, yes: () => void, no?: () => void): void {
    const test = { kind: 'unless' as const, condition, to: 0 };
    this.program.push(test);
    yes();
    if (no !== undefined) {
      const skip = { kind: 'jump' as const, to: 0 };
      this.program.push(skip);
      test.to = this.program.length;
      no();
      skip.to = this.program.length;
    } else {
      test.to = this.program.length;
    }
  }

  while(condition: (context: StepContext) => boolean, body: () => void): void {
    const start = this.program.length;
    const test = { kind: 'unless' as const, condition, to: 0 };
    this.program.push(test);
    body();
    this.program.push({ kind: 'jump', to: start });
    test.to = this.program.length;
  }

  /** An assignment to locals: nobody else can see it, so it is no step. */
  set(local: Local, value: (context: StepContext) => bigint): void {
    this.program.push({ kind: 'set', run: (c) => c.set(local, value(c)) });
  }

  /** Runs `body` with `index` 0, 1, ... below the count. */
  for(index: Local, count: (context: StepContext) => bigint, body: () => void): void {
    this.set(index, () => 0n);
    this.while(
      (c) => c.get(index) < count(c),
      () => {
        body();
        this.set(index, (c) => c.get(index) + 1n);
      },
    );
  }

  call(procedure: Procedure, args: (context: StepContext) => readonly bigint[] = () => [], result?: Local): void {
    this.program.push({ kind: 'call', procedure, args, result });
  }

  return(value: (context: StepContext) => bigint = () => 0n): void {
    this.program.push({ kind: 'return', value });
  }
}

/** Defines a procedure: its name and how its program is built. */
export function procedure(name: string, build: (p: ProcedureBuilder) => void): Procedure {
  const builder = new ProcedureBuilder();
  build(builder);
  builder.return();
  return { name, program: builder.program };
}

/** The same of a handler that looks at nothing of what it interrupts, and changes nothing of it. */
export function transparent(name: string, build: (p: ProcedureBuilder) => void): Procedure {
  return { ...procedure(name, build), transparent: true };
}
