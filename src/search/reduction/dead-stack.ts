import type { Machine } from '../../machine/machine.js';
import type { Step } from '../../machine/step.js';

/** The most bytes that are cleared at a time: more is no stack that was popped, but RSP set to something else. */
const MOST_BYTES = 4096n;

/**
 * Clears what a step left below RSP on the private stack of its task. Nothing depends on it unless something reads below
 * RSP, or makes room by lowering RSP without writing there: {@link hasToStop} says so (docs/soundness/dead-stack.md). When
 * interrupts are accepted shows there too, on stacks of any kind.
 */
export class DeadStack {
  /** Something depends on what lies below RSP: it is to leave everything as it is. */
  isOff = false;
  private wasUsed = false;
  private owner = 0;
  private rsp = 0n;
  private depth = 0;

  /** @param clears whether it clears anything, or only watches */
  constructor(
    private readonly machine: Machine,
    private readonly clears: boolean,
  ) {}

  /** Something may depend on what lies below RSP: nothing may be forgotten there. */
  get hasToStop(): boolean {
    return this.wasUsed && !this.isOff;
  }

  /** To be called before a step. */
  before(cpu: number): void {
    const { machine } = this;
    this.owner = machine.tasks.owner(cpu);
    this.rsp = machine.cpus[cpu]?.rsp ?? 0n;
    this.depth = machine.contexts[cpu]?.depth ?? 0;
  }

  /** To be called after it. */
  after({ kind, cpu }: Step): void {
    const { machine, rsp } = this;
    const now = machine.cpus[cpu]?.rsp ?? 0n;
    if (this.isOff) return;
    if (machine.kernel.observedBelowRsp) this.wasUsed = true;
    if (machine.tasks.owner(cpu) !== this.owner) return;
    const isDelivery = (machine.contexts[cpu]?.depth ?? 0) > this.depth;
    if (!isDelivery && this.usesDead(rsp, now)) this.wasUsed = true;
    if (!this.clears || now <= rsp || now - rsp > MOST_BYTES) return;
    // What a site's instructions leave on the stack is compared with what they should have left.
    if (kind !== 'instruction' || !this.executesWatched()) this.clear(rsp, now);
  }

  /** Whether the step read below RSP, or lowered RSP to where it did not write. */
  private usesDead(rsp: bigint, now: bigint): boolean {
    const lowest = now < rsp ? now : rsp;
    let written = 0n;
    for (const { address, size, kind } of this.machine.accesses()) {
      if (kind !== 'write' && address < lowest && address >= lowest - MOST_BYTES) return true;
      if (kind !== 'read' && address >= now && address + BigInt(size) <= rsp) written += BigInt(size);
    }
    return now < rsp && written < rsp - now;
  }

  private executesWatched(): boolean {
    const { interpreter, watched } = this.machine;
    const { rip, bytes } = interpreter.executed();
    return watched.touches(rip, Math.max(1, bytes.length));
  }

  private clear(from: bigint, to: bigint): void {
    const { memory } = this.machine;
    let at = from;
    while (at < to && this.isPrivate(at)) {
      const size = at % 8n === 0n && to - at >= 8n ? 8 : 1;
      if (memory.read(at, size) !== 0n) memory.write(at, size, 0n);
      at += BigInt(size);
    }
  }

  private isPrivate(address: bigint): boolean {
    return this.machine.memory.pageAt(address)?.owner !== undefined;
  }
}
