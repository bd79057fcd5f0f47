import type { Machine } from '../machine/machine.js';

/** The most bytes that are cleared at a time: more is no stack that was popped, but RSP set to something else. */
const MOST_BYTES = 4096n;

/**
 * Clears what a step left below RSP on the private stack of its task. Nothing reads it again before it is written, or
 * {@link wasRead} says that something has.
 */
export class DeadStack {
  /** Something read below RSP: nothing may be forgotten there. */
  wasRead = false;
  /** It is to leave everything as it is. */
  isOff = false;
  private owner = 0;
  private rsp = 0n;

  constructor(private readonly machine: Machine) {}

  get hasToStop(): boolean {
    return this.wasRead && !this.isOff;
  }

  before(cpu: number): void {
    const { machine } = this;
    this.owner = machine.tasks.owner(cpu);
    this.rsp = machine.cpus[cpu]?.rsp ?? 0n;
  }

  after(cpu: number): void {
    const { machine, rsp } = this;
    const { memory } = machine;
    const now = machine.cpus[cpu]?.rsp ?? 0n;
    if (this.isOff) return;
    if (machine.tasks.owner(cpu) !== this.owner) return;
    for (const { address, kind } of machine.accesses()) {
      if (kind !== 'write' && address < rsp && address >= rsp - MOST_BYTES && this.isPrivate(address))
        this.wasRead = true;
    }
    if (now <= rsp || now - rsp > MOST_BYTES || !this.isPrivate(rsp)) return;
    const { rip, bytes } = machine.interpreter.executed();
    // What a site's instructions leave on the stack is compared with what they should have left.
    if (machine.watched.touches(rip, Math.max(1, bytes.length))) return;
    for (let at = rsp; at < now && this.isPrivate(at); at += 8n) {
      const size = now - at < 8n ? Number(now - at) : 8;
      if (memory.read(at, size) !== 0n) memory.write(at, size, 0n);
    }
  }

  private isPrivate(address: bigint): boolean {
    return this.machine.memory.pageAt(address)?.owner !== undefined;
  }
}
