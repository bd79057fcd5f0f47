import { CELL, cpuBase } from '../cpu/cells.js';
import type { CpuState } from '../cpu/cpu-state.js';
import { RFLAGS } from '../cpu/flags.js';
import { hasErrorCode, VECTOR, vectorName } from '../cpu/vector.js';
import { LAYOUT, SCRATCH } from '../memory/layout.js';
import type { Memory } from '../memory/memory.js';
import type { Mismatch } from './mismatch.js';
import { REGISTER_NAMES, readRegister } from './registers.js';
import { finalRegister, initialRegister, type Vector } from './vector.js';
import type { VectorEnd } from './vector-end.js';

/** RF and TF belong to how a vector was recorded, not to its instruction. */
const NEVER_COMPARED = RFLAGS.rf | RFLAGS.tf;
/** The most bytes of memory that are told as one mismatch. */
const RUN = 16;

/**
 * Compares a CPU with what a vector says of the state after its code: registers, RIP, defined flags, every byte of
 * memory, the exception.
 * @param undefinedFlags RFLAGS bits that are left undefined.
 */
export function compareVector(
  vector: Vector,
  cpu: CpuState,
  memory: Memory,
  end: VectorEnd,
  undefinedFlags: bigint,
): readonly Mismatch[] {
  return [
    ...compareRegisters(vector, cpu, undefinedFlags),
    ...compareMemory(vector, memory),
    ...compareEnd(vector, memory, end),
  ];
}

function compareRegisters(vector: Vector, cpu: CpuState, undefinedFlags: bigint): Mismatch[] {
  const mismatches: Mismatch[] = [];
  for (const name of REGISTER_NAMES) {
    const mask = name === 'rflags' ? ~(undefinedFlags | NEVER_COMPARED) : -1n;
    const recorded = finalRegister(vector, name) & mask;
    const got = readRegister(cpu, name) & mask;
    if (recorded !== got) mismatches.push({ what: name, recorded: recorded.toString(16), got: got.toString(16) });
  }
  return mismatches;
}

function compareMemory(vector: Vector, memory: Memory): Mismatch[] {
  const { initial, final } = vector;
  const wanted = new Map<bigint, number>();
  const code = { address: initialRegister(vector, 'rip'), bytes: vector.bytes };
  for (const { address, bytes } of [...initial.ram, code, ...final.ram]) {
    bytes.forEach((byte, i) => {
      wanted.set(address + BigInt(i), byte);
    });
  }
  // What was written without being recorded must have stayed 0.
  for (const { address } of memory.written.entries()) {
    for (let at = address; at < address + 8n; at++) if (!wanted.has(at)) wanted.set(at, 0);
  }
  const wrong: { address: bigint; recorded: number; got: number }[] = [];
  const { u8 } = memory.linear;
  for (const [address, recorded] of wanted) {
    const got = u8[memory.offsetOf(address)] ?? 0;
    if (got !== recorded) wrong.push({ address, recorded, got });
  }
  return runsOf(wrong.sort((a, b) => (a.address < b.address ? -1 : 1)));
}

/** Bytes one behind the other make one mismatch. */
function runsOf(wrong: readonly { address: bigint; recorded: number; got: number }[]): Mismatch[] {
  const runs: { start: bigint; recorded: string; got: string }[] = [];
  for (const { address, recorded, got } of wrong) {
    const last = runs.at(-1);
    if (last !== undefined && last.got.length < 2 * RUN && address === last.start + BigInt(last.got.length / 2)) {
      last.recorded += hexByte(recorded);
      last.got += hexByte(got);
    } else {
      runs.push({ start: address, recorded: hexByte(recorded), got: hexByte(got) });
    }
  }
  return runs.map(({ start, recorded, got }) => ({ what: `[${start.toString(16)}]`, recorded, got }));
}

const hexByte = (byte: number): string => byte.toString(16).padStart(2, '0');

function compareEnd({ until, final: { exception } }: Vector, memory: Memory, end: VectorEnd): Mismatch[] {
  if (end.kind === 'endless') return [{ what: 'end', recorded: endName(until), got: `none in ${end.steps} steps` }];
  const raised = end.kind === 'exception' ? end.vector : undefined;
  // The INT3 that a program runs to need not be recorded as an exception.
  const atInt3 = until === 'int3' && raised === VECTOR.bp && exception === undefined;
  if (raised !== exception?.vector && !atInt3) {
    return [{ what: 'exception', recorded: named(exception?.vector), got: named(raised) }];
  }
  if (raised === undefined) return compareStop(until, end);
  const mismatches: Mismatch[] = [];
  const error = memory.linear.int32(LAYOUT.scratch + SCRATCH.errorCode) >>> 0;
  if (hasErrorCode(raised) && exception?.error !== undefined && error !== exception.error) {
    mismatches.push({ what: 'error code', recorded: String(exception.error), got: String(error) });
  }
  const cr2 = memory.linear.uint64(cpuBase(0) + CELL.cr2);
  if (raised === VECTOR.pf && exception?.cr2 !== undefined && cr2 !== exception.cr2) {
    mismatches.push({ what: 'cr2', recorded: exception.cr2.toString(16), got: cr2.toString(16) });
  }
  return mismatches;
}

/** A program that runs to an INT3 does not end at a HLT; one of so many instructions may, with its last. */
function compareStop(until: Vector['until'], { kind }: VectorEnd): Mismatch[] {
  return until === 'int3' && kind === 'hlt' ? [{ what: 'end', recorded: endName(until), got: endName('hlt') }] : [];
}

const named = (vector: number | undefined): string => (vector === undefined ? 'none' : vectorName(vector));
const endName = (until: Vector['until']): string =>
  typeof until === 'number' ? `after ${until} instruction${until === 1 ? '' : 's'}` : until.toUpperCase();
