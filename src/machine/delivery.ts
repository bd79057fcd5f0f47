import { ACTIVITY } from '../cpu/cells.js';
import type { CpuState } from '../cpu/cpu-state.js';
import { type Interpreter, noteInstruction } from '../cpu/interpreter.js';
import { STATUS } from '../cpu/record.js';
import { hasErrorCode, VECTOR, vectorName } from '../cpu/vector.js';
import { LAYOUT, SCRATCH } from '../memory/layout.js';
import type { Memory } from '../memory/memory.js';
import { TEXT } from '../memory/page.js';
import type { Rules } from '../profile/rules.js';
import { type Contexts, MAX_CONTEXTS } from './contexts.js';
import type { MachineEvent } from './event.js';
import { deliver, FRAME } from './interrupt-frame.js';
import { isOnStack, type NmiStack } from './nmi-stack.js';
import type { Procedure } from './procedure.js';

/** Where an IDT entry leads: to guest code, or to a procedure. */
export type IdtEntry = { readonly address: bigint } | { readonly procedure: Procedure };

/** A CPU that stopped for good, and why. */
export interface Stop {
  readonly cpu: number;
  readonly rip: bigint;
  readonly kind: 'unhandled-exception' | 'unsupported' | 'died';
  readonly reason: string;
}

/** What delivery needs of the machine around it. */
export interface DeliveryHost {
  readonly memory: Memory;
  readonly interpreter: Interpreter;
  readonly rules: Rules;
  state(cpu: number): CpuState;
  context(cpu: number): Contexts;
  /** Is told when a frame was pushed: entry code is executed, whatever the handler is. */
  readonly kernel: { enteredKernel(cpu: number): void };
  startHandler(cpu: number, procedure: Procedure): void;
  /** An instruction was executed that had no choice of what to fetch. */
  executed(cpu: number): void;
  isFinished(cpu: number): boolean;
  emit(event: MachineEvent): void;
  serialize(cpu: number): void;
}

/** Where procedures lie as far as RIP is concerned: one IRETQ, which the last step of a handler executes. */
export const PROCEDURE_TEXT = 0xffffffff80000000n;
const IRETQ = Uint8Array.of(0x48, 0xcf);

/** Maps the text that {@link PROCEDURE_TEXT} stands for. */
export function mapProcedureText(memory: Memory): void {
  memory.map(PROCEDURE_TEXT, BigInt(IRETQ.length), TEXT, IRETQ);
}

/** Vectors from here on are interrupts. */
const FIRST_MASKABLE = 32;

/** Bytes that a vector pushes below the frame. */
const errorCodeSize = (vector: number): bigint => (hasErrorCode(vector) ? 8n : 0n);

/** How interrupts and exceptions enter and leave contexts. */
export class Delivery {
  /** The first CPU that stopped for good. */
  stopped: Stop | undefined;

  constructor(
    private readonly host: DeliveryHost,
    private readonly idt: ReadonlyMap<number, IdtEntry>,
    /** By CPU; none where NMIs push to the current stack. */
    private readonly nmiStacks: readonly NmiStack[] = [],
  ) {}

  /** NMIs push to stacks of their own, one for each CPU. */
  get hasNmiStacks(): boolean {
    return this.nmiStacks.length > 0;
  }

  /** Every handler is a procedure: entering one fetches no text. */
  get handlersAreProcedures(): boolean {
    return [...this.idt.values()].every((entry) => 'procedure' in entry);
  }

  /** Whether the handler of a vector does nothing but return. */
  returnsAtOnce(vector: number): boolean {
    const entry = this.idt.get(vector);
    return entry !== undefined && 'procedure' in entry && entry.procedure.returnsAtOnce === true;
  }

  /** No handler of a maskable interrupt looks at what it interrupts. */
  get interruptsAreTransparent(): boolean {
    return [...this.idt].every(
      ([vector, entry]) => vector < FIRST_MASKABLE || ('procedure' in entry && entry.procedure.transparent === true),
    );
  }

  /**
   * An exception, at the RIP that the CPU has now.
   * @param pushed the error code, if the vector has one; what the interpreter left of an earlier exception otherwise
   */
  raise(cpu: number, vector: number, pushed: number): void {
    const { rip } = this.host.state(cpu);
    const errorCode = hasErrorCode(vector) ? pushed : 0;
    this.host.emit({ kind: 'trap', cpu, vector, rip, errorCode });
    this.enter(cpu, vector, errorCode);
  }

  /** Delivers a vector through the IDT; a CPU with no entry for it, or no stack to push to, stops for good. */
  enter(cpu: number, vector: number, errorCode: number): void {
    const state = this.host.state(cpu);
    const entry = this.idt.get(vector);
    if (entry === undefined) {
      this.die(cpu, 'unhandled-exception', `unhandled ${vectorName(vector)}`);
      return;
    }
    if (this.host.context(cpu).depth === MAX_CONTEXTS) {
      this.die(cpu, 'unsupported', `unsupported: interrupts nest deeper than ${MAX_CONTEXTS}`);
      return;
    }
    const stack = this.stackOf(cpu, vector)?.top ?? state.rsp;
    if (!this.hasStack(stack, vector)) {
      this.die(cpu, 'unhandled-exception', `no stack for the frame of ${vectorName(vector)}`);
      return;
    }
    if (this.host.rules.serialiseAtExceptionEntry) this.host.serialize(cpu);
    deliver(this.host.memory, state, vector, errorCode, stack);
    // The error code is not of the frame: a handler drops it, and may then go through an IRET to itself.
    this.host.context(cpu).push(vector, state.rsp + errorCodeSize(vector));
    this.host.kernel.enteredKernel(cpu);
    if ('procedure' in entry) this.host.startHandler(cpu, entry.procedure);
    else state.rip = entry.address;
  }

  /** The stack of its own that a vector has on a CPU. */
  private stackOf(cpu: number, vector: number | undefined): NmiStack | undefined {
    return vector === VECTOR.nmi ? this.nmiStacks[cpu] : undefined;
  }

  private hasStack(rsp: bigint, vector: number): boolean {
    const top = rsp & ~15n;
    return [8n, BigInt(FRAME.size) + errorCodeSize(vector)].every(
      (below) => this.host.memory.translate(BigInt.asUintN(64, top - below), 'write') !== 0,
    );
  }

  /** After an IRET of guest code: the context whose frame lies below the new RSP is over; an IRET to itself ends none. */
  leave(cpu: number): void {
    const state = this.host.state(cpu);
    const contexts = this.host.context(cpu);
    if (contexts.vector !== undefined && this.isOver(cpu, contexts, state.rsp)) contexts.pop();
    state.nmiBlocked = false;
    this.host.emit({ kind: 'iret', cpu, rip: state.rip });
    if (this.host.rules.iretSerialises) this.host.serialize(cpu);
  }

  /** On a stack of its own, what is below and above the frame says nothing: it is over when its frame was read, or left. */
  private isOver(cpu: number, { vector, entryRsp }: Contexts, rsp: bigint): boolean {
    const stack = this.stackOf(cpu, vector);
    if (stack === undefined) return rsp > entryRsp;
    // The first that an IRET reads is where RSP was.
    return this.host.interpreter.accesses()[0]?.address === entryRsp || !isOnStack(stack, rsp);
  }

  /** The last step of a handler that is a procedure: IRETQ through the frame at RSP, which may be damaged. */
  interruptReturn(cpu: number): void {
    const state = this.host.state(cpu);
    state.rip = PROCEDURE_TEXT;
    const status = this.host.interpreter.step(cpu);
    noteInstruction(this.host.interpreter);
    this.host.executed(cpu);
    if ((status & STATUS.fault) !== 0) {
      this.raise(cpu, status & 0xff, this.host.memory.linear.int32(LAYOUT.scratch + SCRATCH.errorCode));
      return;
    }
    if ((status & STATUS.unsupported) !== 0) {
      this.die(cpu, 'unsupported', 'unsupported: IRETQ to compatibility mode');
      return;
    }
    this.host.context(cpu).pop();
    state.nmiBlocked = false;
    // With nothing left to do the CPU idles, as it did before its first interrupt.
    if (this.host.isFinished(cpu)) state.halted = true;
    this.host.emit({ kind: 'iret', cpu, rip: state.rip });
    if (this.host.rules.iretSerialises) this.host.serialize(cpu);
  }

  die(cpu: number, kind: Stop['kind'], reason: string): void {
    const state = this.host.state(cpu);
    state.setCell('activity', ACTIVITY.dead);
    this.stopped ??= { cpu, rip: state.rip, kind, reason };
    this.host.emit({ kind: 'stopped', cpu, rip: state.rip, reason });
  }
}
