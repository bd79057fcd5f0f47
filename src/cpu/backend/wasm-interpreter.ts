import { BRANCH_TARGET_ENTRIES, CPU_STRIDE, LAYOUT, MAX_CPUS, SCRATCH } from '../../memory/layout.js';
import { CELL } from '../cells.js';
import type { Handler } from '../definition.js';
import { RECORD } from '../record.js';
import { isInLoop } from './loop-handlers.js';
import { beginAccessLog } from './wasm-access.js';
import { I32, I64, OP, WasmCode } from './wasm-code.js';
import { pushDispatch } from './wasm-dispatch.js';
import { type Exits, HOST, LOCAL, localTypes } from './wasm-locals.js';
import { type FunctionImport, type FunctionType, wasmModule } from './wasm-module.js';
import { callRare, rareFunctions } from './wasm-rare.js';
import { pushStatus, setStatus } from './wasm-status.js';

/** What the host gives the interpreter, in the order of {@link HOST}. Pointers are offsets in linear memory. */
const IMPORTS: readonly FunctionImport[] = [
  // read, write: (record, address, size, stack) -> pointer, or 0 with an exception in the status word
  { name: 'read', type: [[I32, I64, I32, I32], [I32]] },
  { name: 'write', type: [[I32, I64, I32, I32], [I32]] },
  // touch: (pointer, size), before words change that are not known to be dirty
  { name: 'touch', type: [[I32, I32], []] },
  // fall, taken, refetch: record -> record;  lookup: (CPU block, address) -> record
  { name: 'fall', type: [[I32], [I32]] },
  { name: 'taken', type: [[I32], [I32]] },
  { name: 'lookup', type: [[I32, I64], [I32]] },
  { name: 'refetch', type: [[I32], [I32]] },
  // divide: signed -> overflow, operands and results in scratch cells
  { name: 'divide', type: [[I32], [I32]] },
];

const RUN: FunctionType = [[I32], [I32]];

/**
 * Emits the interpreter: a loop over the schedule's bytes with one `br_table` over all handlers, of which it has the
 * common ones and calls a function each for the rare ones. The exported function `run(count)` executes up to `count`
 * steps, step i on CPU `schedule[i]`, stops after a step with a status other than 0, and returns how many steps it
 * did.
 */
export function emitInterpreter(handlers: readonly Handler[]): Uint8Array<ArrayBuffer> {
  const code = new WasmCode();
  setStatus(code, () => code.const32(0));
  beginAccessLog(code);
  lookAhead(code, 0);
  const end = code.block();
  const loop = code.loop();
  selectCpu(code);
  validateRecord(code);
  lookAhead(code, 1);
  beginStep(code);

  const done = code.block();
  const fall = code.block();
  const self = code.block();
  const indirect = code.block();
  const taken = code.block();
  const exits: Exits = { fall, taken, indirect, self };
  const values = pushDispatch(code, { handlers, has: isInLoop }, exits);
  callRare(code, exits);
  code.end();
  followLink(code, RECORD.taken, HOST.taken);
  code.branch(done);
  code.end();
  followBranchTarget(code);
  code.branch(done);
  code.end();
  code.branch(done);
  code.end();
  followLink(code, RECORD.fall, HOST.fall);
  code.end();

  commitStep(code, loop, end);
  code.end();
  code.end();
  code.get(LOCAL.done);
  const run = { name: 'run', type: RUN, locals: localTypes(RUN[0].length, values), code };
  return wasmModule(IMPORTS, [run, ...rareFunctions(handlers)]);
}

/**
 * nextCpu := block of CPU schedule[done + ahead]; nextRecord, nextHandler := what it goes on with, unless it is the
 * CPU of this step. Known a step before they are needed: where CPUs take turns the processor mostly guesses the wrong
 * handler, and would learn it only after three loads, one after the other. Behind the batch's end there may be any
 * CPU's number.
 */
function lookAhead(code: WasmCode, ahead: number): void {
  code.get(LOCAL.done);
  code.load8(LAYOUT.schedule + ahead);
  code.const32(MAX_CPUS - 1);
  code.op(OP.i32And);
  code.const32(CPU_STRIDE);
  code.op(OP.i32Mul);
  code.const32(LAYOUT.cpu);
  code.op(OP.i32Add);
  code.tee(LOCAL.nextCpu);
  code.load32(CELL.nextRecord);
  code.tee(LOCAL.nextRecord);
  code.load32(RECORD.handler);
  code.set(LOCAL.nextHandler);
}

/**
 * cpu := block of CPU schedule[done]; record and handler := those of its next record, which the step before may have
 * set.
 */
function selectCpu(code: WasmCode): void {
  code.get(LOCAL.cpu);
  code.get(LOCAL.nextCpu);
  code.op(OP.i32Eq);
  code.if();
  loadHandler(code);
  code.else();
  for (const [to, from] of [
    [LOCAL.cpu, LOCAL.nextCpu],
    [LOCAL.record, LOCAL.nextRecord],
    [LOCAL.handler, LOCAL.nextHandler],
  ] as const) {
    code.get(from);
    code.set(to);
  }
  code.end();
}

function loadHandler(code: WasmCode): void {
  code.get(LOCAL.record);
  code.load32(RECORD.handler);
  code.set(LOCAL.handler);
}

/**
 * RIP is the truth, the record a hint: look it up when it is for another RIP, or meanwhile for another CPU; fetch
 * again when its lines changed. Where there is none it is record 0, whose block is 0, as no CPU's is.
 */
function validateRecord(code: WasmCode): void {
  code.get(LOCAL.record);
  code.load32(RECORD.block);
  code.get(LOCAL.cpu);
  code.op(OP.i32Xor);
  code.op(OP.i64ExtendI32U);
  code.get(LOCAL.record);
  code.load64(8, RECORD.rip);
  code.get(LOCAL.cpu);
  code.load64(8, CELL.rip);
  code.op(OP.i64Xor);
  code.op(OP.i64Or);
  code.const64(0n);
  code.op(OP.i64Ne);
  code.if();
  code.get(LOCAL.cpu);
  code.get(LOCAL.cpu);
  code.load64(8, CELL.rip);
  code.call(HOST.lookup);
  code.set(LOCAL.record);
  loadHandler(code);
  code.end();
  for (const [line, version] of [
    [RECORD.firstLine, RECORD.firstVersion],
    [RECORD.lastLine, RECORD.lastVersion],
  ] as const) {
    code.get(LOCAL.record);
    code.load32(line);
    code.load32(0);
    code.get(LOCAL.record);
    code.load32(version);
    code.op(OP.i32Xor);
  }
  code.op(OP.i32Or);
  code.if();
  code.get(LOCAL.record);
  code.call(HOST.refetch);
  code.set(LOCAL.record);
  loadHandler(code);
  code.end();
}

/** The shadow of the instruction before is over, and the host can ask what was executed. */
function beginStep(code: WasmCode): void {
  code.get(LOCAL.cpu);
  code.const64(0n);
  code.store64(8, CELL.shadow);
  code.const32(0);
  code.get(LOCAL.record);
  code.store32(LAYOUT.scratch + SCRATCH.record);
}

function followLink(code: WasmCode, field: number, host: number): void {
  code.get(LOCAL.record);
  code.load32(field);
  code.tee(LOCAL.pointer);
  code.if(I32);
  code.get(LOCAL.pointer);
  code.else();
  code.get(LOCAL.record);
  code.call(host);
  code.end();
  code.set(LOCAL.record);
}

/** record := the record at `LOCAL.address`, through the CPU's branch-target table. */
function followBranchTarget(code: WasmCode): void {
  code.get(LOCAL.address);
  code.op(OP.i32WrapI64);
  code.const32(BRANCH_TARGET_ENTRIES - 1);
  code.op(OP.i32And);
  code.const32(4);
  code.op(OP.i32Shl);
  code.get(LOCAL.record);
  code.load32(RECORD.cpu);
  code.const32(Math.log2(BRANCH_TARGET_ENTRIES * 16));
  code.op(OP.i32Shl);
  code.op(OP.i32Add);
  code.tee(LOCAL.pointer);
  code.load64(8, LAYOUT.branchTargets);
  code.get(LOCAL.address);
  code.op(OP.i64Eq);
  code.if(I32);
  code.get(LOCAL.pointer);
  code.load32(LAYOUT.branchTargets + 8);
  code.else();
  code.get(LOCAL.cpu);
  code.get(LOCAL.address);
  code.call(HOST.lookup);
  code.end();
  code.set(LOCAL.record);
}

/** The CPU goes on at the record's RIP; another step follows unless this one left a status or was the last. */
function commitStep(code: WasmCode, loop: number, end: number): void {
  code.get(LOCAL.cpu);
  code.get(LOCAL.record);
  code.store32(CELL.nextRecord);
  code.get(LOCAL.cpu);
  code.get(LOCAL.record);
  code.load64(8, RECORD.rip);
  code.store64(8, CELL.rip);
  code.get(LOCAL.done);
  code.const32(1);
  code.op(OP.i32Add);
  code.set(LOCAL.done);
  pushStatus(code);
  code.branchIf(end);
  code.get(LOCAL.done);
  code.get(LOCAL.count);
  code.op(OP.i32LtU);
  code.branchIf(loop);
}
