import type { Syntax } from '../encoder/syntax.js';
import type { StraightLineHandler } from '../patcher/straight-line.js';
import type { SyncReach } from '../patcher/sync-reach.js';
import type { GeneralRegister, StatusFlag } from './schema-values.js';
import type { Origin, SourceText } from './source-text.js';

/**
 * A scenario with one variant's overrides applied and every default filled in: what the machine is built from. Numbers
 * that may need 64 bits are bigint; assembly and expressions are still text, with their place in the file.
 */
export interface Scenario {
  readonly name: string;
  /** The variant this is; undefined = the scenario as written. */
  readonly variant: string | undefined;
  readonly title: string | undefined;
  readonly refs: readonly string[];
  /** How all assembly in it is written. */
  readonly syntax: Syntax;
  readonly cpus: number;
  readonly text: readonly TextRegion[];
  readonly data: readonly DataRegion[];
  readonly sites: readonly Site[];
  /** One per task and CPU, in the order of the file: of several on one CPU the first runs, the others wait. */
  readonly tasks: readonly Task[];
  readonly handlers: readonly Handler[];
  /** Where the frame of a nested NMI goes: below the current RSP, or over the one at the top of the NMI stack. */
  readonly nmiStack: 'linux' | 'ist';
  readonly patch: PatchPlan;
  /** The name of a built-in algorithm, or the steps of a straight-line one. */
  readonly algorithm: string | StraightLine;
  /** CPUs that sync core does not reach at once. */
  readonly sync: SyncReach;
  /** Whether CPUs have a shadow stack. */
  readonly shadowStack: boolean;
  readonly profile: ProfileChoice;
  readonly budgets: Budgets;
  /** Default limit of steps for a single run. */
  readonly steps: number | undefined;
  readonly properties: PropertyChoice;
  readonly check: Checks;
  readonly goals: GoalChoice;
  readonly expect: Expectation | undefined;
}

/** Executable memory. The three kinds differ in where the bytes come from. */
export type TextRegion = AssembledText | ReservedText | ElfText;

interface Region {
  readonly origin: Origin;
}

/** Code in the file itself. Its size is known after assembly. */
export interface AssembledText extends Region {
  readonly kind: 'asm';
  readonly name: string | undefined;
  readonly base: bigint;
  readonly asm: SourceText;
  readonly writable: boolean;
}

/** Executable bytes for code that is generated at run time. */
export interface ReservedText extends Region {
  readonly kind: 'reserved';
  readonly name: string;
  readonly base: bigint;
  /** Bytes. */
  readonly size: number;
  readonly writable: boolean;
}

/** An ELF file; its content is loaded by whoever may read files. */
export interface ElfText extends Region {
  readonly kind: 'elf';
  readonly name: string | undefined;
  /** Relative to the scenario file. */
  readonly path: SourceText;
  /** Where a relocatable file goes. */
  readonly base: bigint | undefined;
  readonly writable: boolean;
}

/** Memory that is read and written but not executed: assembled from directives, zero, or text at a second address. */
export type DataRegion =
  | (Region & { readonly kind: 'asm'; readonly name: string; readonly base: bigint; readonly asm: SourceText })
  | (Region & { readonly kind: 'reserved'; readonly name: string; readonly base: bigint; readonly size: number })
  | AliasRegion;

/** A second linear address of text. Whole pages are mapped. */
export interface AliasRegion extends Region {
  readonly kind: 'alias';
  readonly name: string;
  readonly base: bigint;
  /** A symbol expression: what lies at `base`. */
  readonly target: SourceText;
  /** Bytes. */
  readonly size: number;
}

/** A place that is patched. */
export interface Site {
  /** A symbol, or a symbol and an offset. */
  readonly symbol: string;
  readonly clobbers: readonly GeneralRegister[];
  readonly flagClobbers: readonly StatusFlag[];
  /** Bytes; undefined = the length of the instruction there. */
  readonly length: number | undefined;
  readonly origin: Origin;
}

/** One thing that runs, on one CPU at a time. */
export type Task = GuestTask | ProcedureTask;

interface TaskBase {
  /** `worker`, or `worker@1` when the file gives a list of CPUs. */
  readonly name: string;
  /** Where it begins. */
  readonly cpu: number;
  /** The interrupt flag at start. */
  readonly if: 0 | 1;
  readonly stack: Stack;
  readonly origin: Origin;
}

/** Guest code. */
export interface GuestTask extends TaskBase {
  readonly kind: 'entry';
  /** A symbol expression. */
  readonly entry: SourceText;
  /** Symbol expressions; in them the symbol `cpu` is the CPU's number. Registers left out are 0. */
  readonly registers: Readonly<Partial<Record<GeneralRegister, SourceText>>>;
  /** Symbol expressions: the instructions at which the task calls schedule(). */
  readonly yields: readonly SourceText[];
}

/** A kernel procedure: `patch` applies {@link Scenario.patch}. */
export interface ProcedureTask extends TaskBase {
  readonly kind: 'procedure';
  readonly procedure: 'patch';
}

/** `private`: an own backing at a linear address shared by several tasks; such tasks are interchangeable. */
export interface Stack {
  readonly kind: 'own' | 'private';
  /** Bytes, a multiple of 16. */
  readonly size: number;
  /** Lowest address; undefined = chosen by the machine. */
  readonly base: bigint | undefined;
}

/** Guest code that handles a vector. */
export interface Handler {
  /** 0 to 255. */
  readonly vector: number;
  /** A symbol expression. */
  readonly entry: SourceText;
}

/** What the patcher does: the operations in order, all of it `repeat` times. */
export interface PatchPlan {
  readonly repeat: number;
  readonly list: readonly PatchOperation[];
}

/** One call of the patching API: a single patch, or a batch of at least one. */
export interface PatchOperation {
  readonly batch: boolean;
  readonly patches: readonly Patch[];
}

export interface Patch {
  /** The symbol of a {@link Site}. */
  readonly site: string;
  /** Assembly of the new instruction. */
  readonly new: SourceText;
  /** Assembly of what the INT3 handler emulates meanwhile; undefined = the new instruction. */
  readonly emulate: SourceText | undefined;
  readonly origin: Origin;
}

/** An algorithm that is written in the scenario: steps of the patcher's vocabulary, done for each patch. */
export interface StraightLine {
  readonly handler: StraightLineHandler;
  readonly steps: readonly string[];
}

/** A named profile and the rules in which the scenario departs from it. */
export interface ProfileChoice {
  readonly name: string;
  readonly rules: Readonly<Record<string, string | number | boolean>>;
}

/** How often an environment may act. */
export interface Budgets {
  readonly reschedule: number;
  readonly nmi: number;
  readonly mc: number;
}

/** Which properties are checked: exactly `only`, or the default set with `enable` added and `disable` removed. */
export interface PropertyChoice {
  readonly only: readonly string[] | undefined;
  readonly enable: readonly string[];
  readonly disable: readonly string[];
}

/** Changes to the goals that the algorithm declares and that the checks are by themselves. */
export interface GoalChoice {
  readonly add: readonly string[];
  readonly waive: readonly string[];
}

/** Expressions of the user's own over machine states. */
export interface Checks {
  readonly always: readonly NamedExpression[];
  readonly sometimes: readonly NamedExpression[];
  readonly finally: readonly NamedExpression[];
}

export interface NamedExpression {
  readonly name: string;
  readonly expression: SourceText;
}

/** The verdict a check must reach; a violation of any property unless one is named. */
export type Expectation =
  | { readonly verdict: 'verified' }
  | { readonly verdict: 'violated'; readonly property: string | undefined };
