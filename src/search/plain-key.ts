import { CELL, cpuBase } from '../cpu/cells.js';
import { canonicalText } from '../machine/canonical-text.js';
import { canonicalValue } from '../machine/canonical-value.js';
import type { Machine } from '../machine/machine.js';
import type { MachineSnapshot } from '../machine/machine-snapshot.js';
import { CPU_STRIDE, LAYOUT } from '../memory/layout.js';

/** Cells of a CPU's block that are caches, and the floor, which is part of what may be fetched. */
const NO_STATE = [CELL.fetchFloor, CELL.nextRecord, CELL.known, CELL.hashLane0, CELL.hashLane1];

/**
 * Everything that the future of a machine depends on, as text: equal for equal states only. All of the state is written
 * out; nothing is hashed, and nothing is remembered from one state to the next.
 */
export function plainKey(machine: Machine, snapshot: MachineSnapshot): string {
  const { memory, cpus, stopped } = machine;
  const words = [...memory.written.entries()].filter(({ value, initial }) => value !== initial);
  const parts = [
    ...cpus.map(({ cpu }) => blockText(machine, cpu)),
    othersText(machine),
    ...words.map(({ address, value }) => `${address.toString(16)}=${value.toString(16)}`).sort(),
    fetchText(machine, snapshot),
    canonicalValue(stopped),
    canonicalValue(snapshot.observers),
  ];
  return parts.map((part) => `${part.length}:${part}`).join('');
}

/** Cells, contexts and procedure frames. */
function blockText(machine: Machine, cpu: number): string {
  machine.state(cpu).normaliseFlags();
  const base = cpuBase(cpu);
  const block = machine.memory.linear.u8.slice(base, base + CPU_STRIDE);
  for (const cell of NO_STATE) block.fill(0, cell, cell + 4);
  return bytesText(block);
}

/** Tasks and budgets, up to the last byte that is not 0. */
function othersText({ memory, tasks }: Machine): string {
  const bytes = memory.linear.u8.subarray(LAYOUT.machine, LAYOUT.machine + tasks.extent);
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytesText(bytes.slice(0, end));
}

const decoder = new TextDecoder('windows-1252');

/** A character for each byte: the encoding has all 256. */
function bytesText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** What each CPU may still fetch; nothing where all fetch what memory holds. */
function fetchText({ memory, cpus }: Machine, { unitFloors }: MachineSnapshot): string {
  if (unitFloors === undefined) return '';
  const floors = cpus.map(({ cpu }) => memory.linear.int32(cpuBase(cpu) + CELL.fetchFloor));
  const { now, bytes } = memory.text.save();
  const canonical = canonicalText({ versions: bytes, now, floors, unitFloors });
  const versions = [...canonical.versions].map(([offset, all]) => [memory.addressOf(offset), all]);
  const units = canonical.unitFloors.map((floorsOfCpu) =>
    [...floorsOfCpu].map(([offset, time]) => [memory.addressOf(offset), time]),
  );
  return canonicalValue([canonical.floors, units, versions]);
}
