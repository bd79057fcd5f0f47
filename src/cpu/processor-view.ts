import type { Memory } from '../memory/memory.js';
import { cpuBase } from './cells.js';
import { type AccessFault, checkAccess } from './data-access.js';
import type { Size } from './insn.js';

/** What the bigint backend needs of a processor: its cells, and memory as it sees it. */
export interface ProcessorView {
  /** A cell by its offset inside the CPU's block. */
  cell(offset: number, size: Size): bigint;
  setCell(offset: number, size: Size, value: bigint): void;
  /** The exception that an access raises, if any; to be asked before every load and store. */
  check(access: {
    address: bigint;
    size: Size;
    kind: 'read' | 'write';
    stack: boolean;
    user: boolean;
  }): AccessFault | undefined;
  load(address: bigint, size: Size): bigint;
  store(address: bigint, size: Size, value: bigint): void;
}

/** A CPU of the machine itself. */
export class MachineView implements ProcessorView {
  private readonly base: number;

  constructor(
    private readonly memory: Memory,
    cpu: number,
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

  store(address: bigint, size: Size, value: bigint): void {
    this.memory.write(address, size, value);
  }
}

/** A CPU as it would go on from here: writes stay in the overlay, the machine is not changed. */
export class OverlayView implements ProcessorView {
  /** Cells and memory bytes written, by offset and by address. */
  readonly cells = new Map<number, number>();
  readonly bytes = new Map<bigint, number>();

  constructor(private readonly below: ProcessorView) {}

  cell(offset: number, size: Size): bigint {
    return overlaid(this.below.cell(offset, size), size, (i) => this.cells.get(offset + i));
  }

  setCell(offset: number, size: Size, value: bigint): void {
    for (let i = 0; i < size; i++) this.cells.set(offset + i, Number((value >> BigInt(8 * i)) & 0xffn));
  }

  check(access: Parameters<ProcessorView['check']>[0]): AccessFault | undefined {
    return this.below.check(access);
  }

  load(address: bigint, size: Size): bigint {
    return overlaid(this.below.load(address, size), size, (i) => this.bytes.get(address + BigInt(i)));
  }

  store(address: bigint, size: Size, value: bigint): void {
    for (let i = 0; i < size; i++) this.bytes.set(address + BigInt(i), Number((value >> BigInt(8 * i)) & 0xffn));
  }
}

function overlaid(value: bigint, size: number, byteAt: (i: number) => number | undefined): bigint {
  let result = value;
  for (let i = 0; i < size; i++) {
    const byte = byteAt(i);
    if (byte === undefined) continue;
    const shift = BigInt(8 * i);
    result = (result & ~(0xffn << shift)) | (BigInt(byte) << shift);
  }
  return result;
}
