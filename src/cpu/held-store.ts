import type { Memory } from '../memory/memory.js';
import { cpuBase, HELD_STORE_CELLS } from './cells.js';

/** The most bytes that a store has. */
const MOST_BYTES = 16;
/** In the word of the mask: TF was set when the instruction began, so that #DB follows the last byte. */
const TRAP = 1 << MOST_BYTES;

/** No manual promises that more bytes become visible together, wherever they lie. */
const MOST_BYTES_OF_ONE_EVENT = 8;

const HELD = {
  address: HELD_STORE_CELLS,
  value: HELD_STORE_CELLS + 8,
  left: HELD_STORE_CELLS + 8 + MOST_BYTES,
} as const;

/**
 * Stores of guest instructions to text. One of up to 8 bytes is one event iff it lies inside one aligned unit of the
 * store boundary; a locked one always is. Any other is held back when its instruction retires: its bytes become visible
 * one by one, in any order, before that CPU does anything else. What is held is state in the CPU's block: address (8
 * bytes), value (16), mask of the bytes that are left (8); all 0 while nothing is.
 */
export class HeldStores {
  constructor(
    private readonly memory: Memory,
    /** Bytes; every store is one event unless given. */
    private readonly boundary = Number.POSITIVE_INFINITY,
  ) {}

  /**
   * A store of a CPU's instruction, which is to data or was found to be allowed. What changes no byte is over at once:
   * a read-modify-write that writes nothing back is that, too.
   */
  store(cpu: number, address: bigint, bytes: Uint8Array, locked: boolean): void {
    if (locked || this.isOneEvent(address, bytes)) this.memory.storeBytes(address, bytes);
    else this.hold(cpu, address, bytes);
  }

  private isOneEvent(address: bigint, bytes: Uint8Array): boolean {
    if (this.boundary === Number.POSITIVE_INFINITY) return true;
    const inUnit = Number(address & BigInt(this.boundary - 1));
    if (bytes.length <= MOST_BYTES_OF_ONE_EVENT && inUnit + bytes.length <= this.boundary) return true;
    const last = address + BigInt(bytes.length - 1);
    const isText = [address, last].some((end) => this.memory.pageAt(end)?.text === true);
    return !isText || this.memory.bytes(address, bytes.length).every((byte, i) => byte === bytes[i]);
  }

  private hold(cpu: number, address: bigint, bytes: Uint8Array): void {
    // Of several stores of one instruction (ENTER) the last one is held.
    if (this.left(cpu) !== 0) this.storeAll(cpu);
    const { linear } = this.memory;
    const base = cpuBase(cpu);
    linear.setUint64(base + HELD.address, address);
    bytes.forEach((byte, i) => {
      linear.u8[base + HELD.value + i] = byte;
    });
    linear.setInt32(base + HELD.left, (1 << bytes.length) - 1);
  }

  /** Which bytes of a CPU's store are not visible yet, as a mask; 0 when there is none. */
  left(cpu: number): number {
    return this.memory.linear.int32(cpuBase(cpu) + HELD.left) & (TRAP - 1);
  }

  /** The last byte is to be followed by #DB. */
  trapAfter(cpu: number): void {
    this.memory.linear.setInt32(cpuBase(cpu) + HELD.left, this.left(cpu) | TRAP);
  }

  /**
   * Makes one byte visible.
   * @returns whether others are still held, or it was the last one, or the last one and #DB follows
   */
  storeByte(cpu: number, index: number): 'held' | 'over' | 'trap' {
    const { linear } = this.memory;
    const base = cpuBase(cpu);
    const byte = linear.u8[base + HELD.value + index] ?? 0;
    const left = linear.int32(base + HELD.left) & ~(1 << index);
    this.memory.storeBytes(linear.uint64(base + HELD.address) + BigInt(index), Uint8Array.of(byte));
    linear.setInt32(base + HELD.left, left);
    if (this.left(cpu) !== 0) return 'held';
    this.clear(cpu);
    return left === 0 ? 'over' : 'trap';
  }

  private storeAll(cpu: number): void {
    const base = cpuBase(cpu) + HELD.value;
    const length = 32 - Math.clz32(this.left(cpu));
    const bytes = this.memory.linear.u8.slice(base, base + length);
    this.memory.storeBytes(this.memory.linear.uint64(cpuBase(cpu) + HELD.address), bytes);
    this.clear(cpu);
  }

  private clear(cpu: number): void {
    const base = cpuBase(cpu);
    this.memory.linear.u8.fill(0, base + HELD.address, base + HELD.left + 8);
  }
}
