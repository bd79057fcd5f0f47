import type { Memory } from '../memory/memory.js';
import { cpuBase } from './cells.js';
import { type AccessFault, checkAccess } from './data-access.js';
import { HeldStores } from './held-store.js';
import type { AccessSize, Size } from './insn.js';

/** What the bigint backend needs of a processor: its cells, and memory as it sees it. */
export interface ProcessorView {
  /** A cell by its offset inside the CPU's block. */
  cell(offset: number, size: Size): bigint;
  setCell(offset: number, size: Size, value: bigint): void;
  /** The exception that an access raises, if any; to be asked before every load and store. */
  check(access: {
    address: bigint;
    size: AccessSize;
    kind: 'read' | 'write';
    stack: boolean;
    user: boolean;
  }): AccessFault | undefined;
  load(address: bigint, size: Size): bigint;
  store(address: bigint, size: AccessSize, value: bigint): void;
}

/** A CPU of the machine itself. */
export class MachineView implements ProcessorView {
  private readonly base: number;
  /** The stores of a locked operation, which are one. */
  private locked: { readonly address: bigint; readonly bytes: number[] } | undefined;

  /** @param isLocked whether the instruction is a locked operation; only then {@link finish} has to be called. */
  constructor(
    private readonly memory: Memory,
    private readonly cpu: number,
    private readonly stores: HeldStores = new HeldStores(memory),
    private readonly isLocked: () => boolean = () => false,
  ) {
    this.base = cpuBase(cpu);
  }

  cell(offset: number, size: Size): bigint {
    return this.memory.linear.readSized(this.base + offset, size);
  }

  setCell(offset: number, size: Size, value: bigint): void {
    this.memory.linear.writeSized(this.base + offset, size, value);
  }

  check(access: Parameters<ProcessorView['check']>[0]): AccessFault | undefined {
    return checkAccess(this.memory, access);
  }

  load(address: bigint, size: Size): bigint {
    return this.memory.read(address, size);
  }

  store(address: bigint, size: AccessSize, value: bigint): void {
    if (this.memory.isData(address, size)) {
      if (size === 16) this.memory.writeWords(address, [BigInt.asUintN(64, value), value >> 64n]);
      else this.memory.write(address, size, value);
      return;
    }
    const bytes = Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
    if (!this.isLocked()) this.stores.store(this.cpu, address, Uint8Array.from(bytes), false);
    else if (this.locked === undefined) this.locked = { address, bytes };
    else this.locked.bytes.push(...bytes);
  }

  /** The instruction is over: what a locked operation stored is stored as one. */
  finish(): void {
    if (this.locked === undefined) return;
    this.stores.store(this.cpu, this.locked.address, Uint8Array.from(this.locked.bytes), true);
    this.locked = undefined;
  }
}

/** A CPU as it would go on from given cells: what it writes stays in the overlay, the machine is not changed. */
export class OverlayView implements ProcessorView {
  /** Memory bytes written, by address. */
  readonly bytes = new Map<bigint, number>();
  private readonly cells: DataView;

  /** @param cells the beginning of the CPU's block; changed by {@link setCell}. */
  constructor(
    private readonly memory: Memory,
    cells: Uint8Array,
  ) {
    this.cells = new DataView(cells.buffer, cells.byteOffset, cells.byteLength);
  }

  cell(offset: number, size: Size): bigint {
    let value = 0n;
    if (size === 8) return this.cells.getBigUint64(offset, true);
    for (let i = size - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.cells.getUint8(offset + i));
    return value;
  }

  setCell(offset: number, size: Size, value: bigint): void {
    if (size === 8) this.cells.setBigUint64(offset, value, true);
    else for (let i = 0; i < size; i++) this.cells.setUint8(offset + i, Number((value >> BigInt(8 * i)) & 0xffn));
  }

  check(access: Parameters<ProcessorView['check']>[0]): AccessFault | undefined {
    return checkAccess(this.memory, access);
  }

  load(address: bigint, size: Size): bigint {
    let value = this.memory.read(address, size);
    for (let i = 0; i < size && this.bytes.size > 0; i++) {
      const byte = this.bytes.get(address + BigInt(i));
      if (byte === undefined) continue;
      const shift = BigInt(8 * i);
      value = (value & ~(0xffn << shift)) | (BigInt(byte) << shift);
    }
    return value;
  }

  store(address: bigint, size: AccessSize, value: bigint): void {
    for (let i = 0; i < size; i++) this.bytes.set(address + BigInt(i), Number((value >> BigInt(8 * i)) & 0xffn));
  }
}
