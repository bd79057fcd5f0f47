import { execute } from '../cpu/backend/bigint.js';
import { CELL, GPR_NAMES, type GprName } from '../cpu/cells.js';
import { decode } from '../cpu/decode.js';
import { executableOf } from '../cpu/executable.js';
import { RFLAGS, STATUS_FLAGS, statusFlagsOf } from '../cpu/flags.js';
import { MachineView, OverlayView } from '../cpu/processor-view.js';
import type { Memory } from '../memory/memory.js';

/** The registers of a CPU at a boundary. */
export interface Registers {
  readonly rip: bigint;
  readonly gprs: ReadonlyMap<GprName, bigint>;
  /** Status flags, IF and DF. */
  readonly rflags: bigint;
}

/** What executing a version of a site does to an entry state. */
export interface Effect extends Registers {
  /** Bytes of memory that it writes. */
  readonly writes: ReadonlyMap<bigint, number>;
}

const COMPARED_FLAGS = STATUS_FLAGS | RFLAGS.if | RFLAGS.df;
/** More instructions than any site has. */
const MAX_INSTRUCTIONS = 8;

/** The registers of a CPU as an overlay or the machine has them. */
export function registersOf(rip: bigint, cell: (offset: number) => bigint): Registers {
  return {
    rip,
    gprs: new Map(GPR_NAMES.map((name, number) => [name, cell(8 * number)])),
    rflags: (cell(CELL.systemFlags) | statusFlagsOf(cell(CELL.result), cell(CELL.carries))) & COMPARED_FLAGS,
  };
}

/** The raw cells of a CPU that a later evaluation starts from. */
export type EntryCells = readonly (readonly [offset: number, value: bigint])[];

export const ENTRY_CELLS: readonly number[] = [
  ...GPR_NAMES.map((_, number) => 8 * number),
  CELL.result,
  CELL.carries,
  CELL.systemFlags,
  CELL.fsBase,
  CELL.gsBase,
  CELL.cpl,
];

/**
 * The effect of `version`, lying at `address`, on the entry state: the definitions are run on an overlay, so that
 * nothing in the machine changes.
 * @returns undefined when the version does not get through (it faults, or traps).
 */
export function expectedEffect(
  memory: Memory,
  cpu: number,
  entry: EntryCells,
  address: bigint,
  version: Uint8Array,
): Effect | undefined {
  const view = new OverlayView(new MachineView(memory, cpu));
  for (const [offset, value] of entry) view.setCell(offset, 8, value);
  const end = address + BigInt(version.length);
  let rip = address;
  for (let i = 0; i < MAX_INSTRUCTIONS && rip >= address && rip < end; i++) {
    const decoded = decode(version.subarray(Number(rip - address)));
    const insn = execute(executableOf(rip, decoded), view);
    if (insn.status !== 0) return undefined;
    rip = insn.rip;
  }
  return { ...registersOf(rip, (offset) => view.cell(offset, 8)), writes: view.bytes };
}
