import { CELL, GPR_NAMES } from '../cpu/cells.js';
import { BigintInterpreter } from '../cpu/backend/bigint.js';
import { WasmInterpreter } from '../cpu/backend/wasm.js';
import { CpuState } from '../cpu/cpu-state.js';
import { RFLAGS } from '../cpu/flags.js';
import { STATUS } from '../cpu/record.js';
import { hasErrorCode, VECTOR, vectorName } from '../cpu/vector.js';
import { LAYOUT, SCRATCH } from '../memory/layout.js';
import { Memory } from '../memory/memory.js';
import { DATA, pageAddress, TEXT } from '../memory/page.js';
import type { Vector } from './vector.js';

/** How a vector went: passed, or each difference in words; or the instruction is not implemented. */
export type VectorResult =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly mismatches: readonly string[] }
  | { readonly kind: 'unsupported' };

/** More iterations than any recorded string instruction has. */
const MAX_STEPS = 0x10000;

/** Executes a vector's instruction on one backend, at CPL 3, and compares everything with what was recorded. */
export function runVector(vector: Vector, backend: 'wasm' | 'bigint'): VectorResult {
  const memory = new Memory(64);
  prepareMemory(memory, vector);
  const cpu = new CpuState(memory.linear, 0);
  for (const [name, value] of vector.initial.registers) cpu.setGpr(name, value);
  cpu.rip = vector.initial.rip;
  cpu.rflags = vector.initial.rflags ?? 0x202n;
  cpu.setCell('cpl', 3n);
  const interpreter = backend === 'wasm' ? new WasmInterpreter(memory) : new BigintInterpreter(memory);
  let status = 0;
  // One step is one iteration of a repeated instruction.
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    status = interpreter.step(0);
    if (status !== 0 || cpu.rip !== vector.initial.rip || !isRepeated(vector)) break;
  }
  if ((status & STATUS.unsupported) !== 0) return { kind: 'unsupported' };
  const mismatches = [...compareState(vector, cpu), ...compareMemory(vector, memory), ...compareEnd(vector, memory, status)];
  return mismatches.length === 0 ? { kind: 'passed' } : { kind: 'failed', mismatches };
}

function prepareMemory(memory: Memory, { bytes, initial }: Vector): void {
  memory.map(initial.rip, BigInt(bytes.length), TEXT, bytes);
  for (const { address } of initial.ram) memory.map(pageAddress(address), 1n, DATA);
  for (const { address, bytes: contents } of initial.ram) memory.map(address, BigInt(contents.length), DATA, contents);
}

function isRepeated({ bytes }: Vector): boolean {
  return bytes.includes(0xf3) || bytes.includes(0xf2);
}

function compareState(vector: Vector, cpu: CpuState): string[] {
  const { initial, final } = vector;
  const mismatches: string[] = [];
  const compare = (what: string, wanted: bigint, got: bigint): void => {
    if (wanted !== got) mismatches.push(`${what}: recorded ${wanted.toString(16)}, got ${got.toString(16)}`);
  };
  for (const name of GPR_NAMES) {
    compare(name, final.registers.get(name) ?? initial.registers.get(name) ?? 0n, cpu.gpr(name));
  }
  compare('rip', final.rip, cpu.rip);
  const mask = ~(vector.undefinedFlags | RFLAGS.rf | RFLAGS.tf);
  compare('rflags', (final.rflags ?? initial.rflags ?? 0x202n) & mask, cpu.rflags & mask);
  return mismatches;
}

function compareMemory({ initial, final }: Vector, memory: Memory): string[] {
  const wanted = new Map<bigint, number>();
  for (const { address, bytes } of [...initial.ram, ...final.ram]) {
    bytes.forEach((byte, i) => {
      wanted.set(address + BigInt(i), byte);
    });
  }
  for (const { offset, address } of memory.written.entries()) {
    for (let i = 0; i < 8; i++) {
      const at = address + BigInt(i);
      if (!wanted.has(at) && memory.linear.u8[offset + i] !== 0) wanted.set(at, 0);
    }
  }
  const mismatches: string[] = [];
  for (const [address, byte] of wanted) {
    const got = memory.bytes(address, 1)[0] ?? 0;
    if (got !== byte) mismatches.push(`[${address.toString(16)}]: recorded ${hexByte(byte)}, got ${hexByte(got)}`);
  }
  return mismatches;
}

const hexByte = (byte: number): string => byte.toString(16).padStart(2, '0');

function compareEnd({ final: { exception } }: Vector, memory: Memory, status: number): string[] {
  const raised = (status & (STATUS.fault | STATUS.trap)) !== 0 ? status & 0xff : undefined;
  if (exception === undefined) return raised === undefined ? [] : [`recorded no exception, got ${vectorName(raised)}`];
  if (raised !== exception.vector) {
    return [`recorded ${vectorName(exception.vector)}, got ${raised === undefined ? 'none' : vectorName(raised)}`];
  }
  const mismatches: string[] = [];
  const error = memory.linear.int32(LAYOUT.scratch + SCRATCH.errorCode);
  if (hasErrorCode(raised) && exception.error !== undefined && error !== exception.error) {
    mismatches.push(`error code: recorded ${exception.error}, got ${error}`);
  }
  const cr2 = memory.linear.uint64(LAYOUT.cpu + CELL.cr2);
  if (raised === VECTOR.pf && exception.cr2 !== undefined && cr2 !== exception.cr2) {
    mismatches.push(`cr2: recorded ${exception.cr2.toString(16)}, got ${cr2.toString(16)}`);
  }
  return mismatches;
}
