import { execute } from '../cpu/backend/bigint.js';
import {
  CELL,
  CONTEXT_CELLS,
  GPR_NAMES,
  type GprName,
  HELD_STORE_CELLS,
  XMM_CELLS,
  XMM_REGISTERS,
  XMM_SIZE,
} from '../cpu/cells.js';
import { decode } from '../cpu/decode.js';
import { executableOf } from '../cpu/executable.js';
import { RFLAGS, STATUS_FLAGS, statusFlagsOf } from '../cpu/flags.js';
import { OverlayView } from '../cpu/processor-view.js';
import { STATUS } from '../cpu/record.js';
import type { Memory } from '../memory/memory.js';

/** The registers of a CPU at a boundary. */
export interface Registers {
  readonly rip: bigint;
  readonly gprs: ReadonlyMap<GprName, bigint>;
  /** 128 bits each. */
  readonly xmm: readonly bigint[];
  /** Status flags, IF and DF. */
  readonly rflags: bigint;
}

/** What executing a version of a site does to an entry state. */
export interface Effect extends Registers {
  /** Bytes of memory that it writes. */
  readonly writes: ReadonlyMap<bigint, number>;
}

const COMPARED_FLAGS = STATUS_FLAGS | RFLAGS.if | RFLAGS.df;
/** What ends a version before its end; to serialise, say, does not. */
const RAISES = STATUS.fault | STATUS.trap;
/** More instructions than any site has. */
const MAX_INSTRUCTIONS = 8;

/** The registers of a CPU as an overlay or the machine has them. */
export function registersOf(rip: bigint, cell: (offset: number) => bigint): Registers {
  return {
    rip,
    gprs: new Map(GPR_NAMES.map((name, number) => [name, cell(8 * number)])),
    xmm: Array.from({ length: XMM_REGISTERS }, (_, n) => xmmOf(XMM_CELLS + XMM_SIZE * n, cell)),
    rflags: (cell(CELL.systemFlags) | statusFlagsOf(cell(CELL.result), cell(CELL.carries))) & COMPARED_FLAGS,
  };
}

function xmmOf(at: number, cell: (offset: number) => bigint): bigint {
  const high = cell(at + 8);
  return high === 0n ? cell(at) : (high << 64n) | cell(at);
}

/** The same of a copy of a CPU's cells. */
export function registersOfCells(cells: Uint8Array): Registers {
  const view = new DataView(cells.buffer, cells.byteOffset, cells.byteLength);
  // Cells at the end that are 0 are left out.
  const cell = (offset: number): bigint => (offset < cells.length ? view.getBigUint64(offset, true) : 0n);
  return registersOf(cell(CELL.rip), cell);
}

/** Where the cells end that every evaluation starts from, the shadow the last; then come caches and what is not the instruction's. */
const FIRST_CELLS = CELL.shadow + 8;
/** Where the other cells that an instruction may change begin. */
const LATER_CELLS = CELL.kernelGsBase;

/** A copy of the cells in a CPU's block that an evaluation starts from. Those at the end that are 0 are left out: most often many. */
export function entryCells(block: Uint8Array): Uint8Array {
  if (isZero(block.subarray(LATER_CELLS, CONTEXT_CELLS))) return block.slice(0, FIRST_CELLS);
  return block.slice(0, CONTEXT_CELLS).fill(0, FIRST_CELLS, LATER_CELLS).fill(0, HELD_STORE_CELLS, XMM_CELLS);
}

function isZero(bytes: Uint8Array): boolean {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  for (let i = 0; i < words.length; i++) if (words[i] !== 0) return false;
  return true;
}

/**
 * The effect of `version`, lying at `address`, on the entry state: the definitions are run on an overlay, so that
 * nothing in the machine changes.
 * @returns `raises` when the version does not get through (it faults, or traps), `unknown` when it is outside the
 * implemented set
 */
export function expectedEffect(
  memory: Memory,
  entry: Uint8Array,
  address: bigint,
  version: Uint8Array,
): Effect | 'raises' | 'unknown' {
  const cells = new Uint8Array(CONTEXT_CELLS);
  cells.set(entry);
  const view = new OverlayView(memory, cells);
  const end = address + BigInt(version.length);
  let rip = address;
  for (let i = 0; i < MAX_INSTRUCTIONS && rip >= address && rip < end; i++) {
    const decoded = decode(version.subarray(Number(rip - address)));
    const insn = execute(executableOf(rip, decoded), view);
    if ((insn.status & STATUS.unsupported) !== 0) return 'unknown';
    if ((insn.status & RAISES) !== 0) return 'raises';
    rip = insn.rip;
  }
  return { ...registersOf(rip, (offset) => view.cell(offset, 8)), writes: view.bytes };
}
