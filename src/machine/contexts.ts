import { CONTEXT_CELLS, cpuBase } from '../cpu/cells.js';
import type { LinearMemory } from '../memory/linear-memory.js';

/** How deep interrupts may nest on one CPU, counting the task; and how many procedure frames it may have in all. */
export const MAX_CONTEXTS = 6;
export const MAX_FRAMES = 7;
/** 64-bit locals of a procedure. */
export const LOCALS = 8;

const COUNTS = { contexts: 0, frames: 4 } as const;
const CONTEXT_BASE = 8;
const CONTEXT_SIZE = 16;
const FRAME_BASE = CONTEXT_BASE + MAX_CONTEXTS * CONTEXT_SIZE;
const FRAME_SIZE = 16 + 8 * LOCALS;
/** What a context that is a task has instead of a vector. */
const TASK = -1;

/**
 * The contexts of one CPU: the task at the bottom, an interrupt or exception frame on top of it for each delivery that
 * has not returned. A context executes guest code, or the procedure frames it holds. All of it is state in linear
 * memory: counts (2 x 4 bytes), contexts (vector 4, first frame 4, RSP at entry 8), frames (procedure + 1 4, program
 * counter 4, scratch 8, locals 8 each).
 */
export class Contexts {
  private readonly base: number;

  constructor(
    private readonly linear: LinearMemory,
    cpu: number,
  ) {
    this.base = cpuBase(cpu) + CONTEXT_CELLS;
  }

  get depth(): number {
    return this.linear.int32(this.base + COUNTS.contexts);
  }

  get frames(): number {
    return this.linear.int32(this.base + COUNTS.frames);
  }

  /** How many bytes from `CONTEXT_CELLS` on may differ from 0. */
  get extent(): number {
    return FRAME_BASE + this.frames * FRAME_SIZE;
  }

  /** The vector of the top context, or undefined in a task. */
  get vector(): number | undefined {
    const vector = this.linear.int32(this.context(this.depth - 1));
    return vector === TASK ? undefined : vector;
  }

  /** The vectors of all contexts, the task's first, which is undefined. */
  get vectors(): readonly (number | undefined)[] {
    return Array.from({ length: this.depth }, (_, index) => {
      const vector = this.linear.int32(this.context(index));
      return vector === TASK ? undefined : vector;
    });
  }

  /** The procedure frames of the top context, the outermost first: which procedure, and where in it. */
  get calls(): readonly { readonly procedure: number; readonly pc: number }[] {
    const first = this.linear.int32(this.context(this.depth - 1) + 4);
    return Array.from({ length: this.frames - first }, (_, index) => {
      const at = this.base + FRAME_BASE + (first + index) * FRAME_SIZE;
      return { procedure: this.linear.int32(at) - 1, pc: this.linear.int32(at + 4) };
    });
  }

  /** Where the top context's frame lies: RSP right after it was pushed, above the error code if there is one. */
  get entryRsp(): bigint {
    return this.linear.uint64(this.context(this.depth - 1) + 8);
  }

  /** Whether the top context executes a procedure rather than guest code. */
  get inProcedure(): boolean {
    return this.frames > this.linear.int32(this.context(this.depth - 1) + 4);
  }

  push(vector: number | undefined, rsp: bigint): void {
    const { depth } = this;
    if (depth >= MAX_CONTEXTS) throw new Error('interrupts nest too deeply');
    const at = this.context(depth);
    this.linear.setInt32(at, vector ?? TASK);
    this.linear.setInt32(at + 4, this.frames);
    this.linear.setUint64(at + 8, rsp);
    this.linear.setInt32(this.base + COUNTS.contexts, depth + 1);
  }

  /** Removes the top context with the frames it still has. */
  pop(): void {
    const at = this.context(this.depth - 1);
    while (this.frames > this.linear.int32(at + 4)) this.popFrame();
    this.linear.setInt32(this.base + COUNTS.contexts, this.depth - 1);
    this.linear.u8.fill(0, at, at + CONTEXT_SIZE);
  }

  pushFrame(procedure: number): void {
    const { frames } = this;
    if (frames >= MAX_FRAMES) throw new Error('procedures nest too deeply');
    this.linear.setInt32(this.base + COUNTS.frames, frames + 1);
    this.linear.setInt32(this.frame, procedure + 1);
  }

  /** Removes the top frame and clears it, so that a frame's past is not part of the state. */
  popFrame(): void {
    const at = this.frame;
    this.linear.u8.fill(0, at, at + FRAME_SIZE);
    this.linear.setInt32(this.base + COUNTS.frames, this.frames - 1);
  }

  /** The procedure of the top frame. */
  get procedure(): number {
    return this.linear.int32(this.frame) - 1;
  }

  get pc(): number {
    return this.linear.int32(this.frame + 4);
  }

  set pc(value: number) {
    this.linear.setInt32(this.frame + 4, value);
  }

  /** What the current step keeps between its repetitions: the mask of bytes that a poke has written. */
  get scratch(): bigint {
    return this.linear.uint64(this.frame + 8);
  }

  set scratch(value: bigint) {
    this.linear.setUint64(this.frame + 8, value);
  }

  local(index: number): bigint {
    return this.linear.uint64(this.frame + 16 + 8 * index);
  }

  setLocal(index: number, value: bigint): void {
    this.linear.setUint64(this.frame + 16 + 8 * index, value);
  }

  private context(index: number): number {
    return this.base + CONTEXT_BASE + index * CONTEXT_SIZE;
  }

  private get frame(): number {
    return this.base + FRAME_BASE + (this.frames - 1) * FRAME_SIZE;
  }
}
