import { ACCESS_ENTRY_SIZE, ACCESS_LOG_SIZE, LAYOUT, MARK, PAGE_SIZE, SCRATCH, TLB } from '../../memory/layout.js';
import type { AccessSegment, AccessSize } from '../insn.js';
import type { DataAccess } from '../interpreter.js';
import { RECORD, STATUS } from '../record.js';
import { OP, type WasmCode } from './wasm-code.js';
import { HOST, LOCAL } from './wasm-locals.js';
import { pushStatus, setStatus } from './wasm-status.js';
import type { WasmValue } from './wasm-values.js';

/** A data access in the making. */
export interface WasmAccess {
  readonly address: WasmValue;
  readonly size: AccessSize;
  readonly kind: DataAccess['kind'];
  readonly segment: AccessSegment | undefined;
}

/**
 * Emits code that leaves on the stack (and in `LOCAL.pointer`) where in linear memory an access lands: in a page
 * through the TLB, or wherever the host says, which may also say that the access faults; then it leaves to level
 * `onFault`.
 */
export function pushAccess(code: WasmCode, access: WasmAccess, onFault: number): void {
  const { address, size, kind, segment } = access;
  const writes = kind !== 'read';
  const tag = writes ? TLB.write : TLB.read;
  address.push(code);
  code.set(LOCAL.address);
  pushTlbHit(code, tag, size);
  code.if();
  code.get(LOCAL.tlb);
  code.load32(tag + 8);
  pushPageOffset(code);
  code.op(OP.i32Add);
  code.set(LOCAL.pointer);
  if (writes) touch(code, size);
  code.else();
  askHost(code, size, writes ? HOST.write : HOST.read, segment);
  code.op(OP.i32Eqz);
  code.if();
  // The host left vector and flags of the exception in the status word.
  code.branch(onFault);
  code.end();
  if (writes) noteSlowStore(code);
  code.end();
  logAccess(code, size, kind);
  code.get(LOCAL.pointer);
}

/**
 * tlb := the TLB entry of the page in which the access begins; leaves whether it is that of the page in which the
 * access ends. Where these are two, it is not: the next page has another entry.
 */
function pushTlbHit(code: WasmCode, tag: number, size: AccessSize): void {
  code.get(LOCAL.address);
  code.const64(12n);
  code.op(OP.i64ShrU);
  code.op(OP.i32WrapI64);
  code.const32(TLB.entries - 1);
  code.op(OP.i32And);
  code.const32(4);
  code.op(OP.i32Shl);
  code.get(LOCAL.cpu);
  code.const32(1);
  code.op(OP.i32Shl);
  code.op(OP.i32Add);
  code.tee(LOCAL.tlb);
  code.load64(8, tag);
  code.get(LOCAL.address);
  if (size > 1) {
    code.const64(BigInt(size - 1));
    code.op(OP.i64Add);
  }
  code.const64(-BigInt(PAGE_SIZE));
  code.op(OP.i64And);
  code.op(OP.i64Eq);
}

function pushPageOffset(code: WasmCode): void {
  code.get(LOCAL.address);
  code.op(OP.i32WrapI64);
  code.const32(PAGE_SIZE - 1);
  code.op(OP.i32And);
}

/** pointer := what the host says. */
function askHost(code: WasmCode, size: AccessSize, host: number, segment: AccessSegment | undefined): void {
  code.get(LOCAL.record);
  code.get(LOCAL.address);
  code.const32(size);
  if (segment === 'operand') {
    code.get(LOCAL.record);
    code.load32(RECORD.stack);
  } else {
    code.const32(segment === 'stack' ? 1 : 0);
  }
  code.call(host);
  code.tee(LOCAL.pointer);
}

/** Below the pool is the bounce buffer: the host completes the store after the step. */
function noteSlowStore(code: WasmCode): void {
  setStatus(code, () => {
    code.get(LOCAL.pointer);
    code.const32(LAYOUT.pool);
    code.op(OP.i32LtU);
    code.const32(Math.log2(STATUS.slowStore));
    code.op(OP.i32Shl);
    pushStatus(code);
    code.op(OP.i32Or);
  });
}

/** Tells the host of the words about to change, unless it knows. */
function touch(code: WasmCode, size: AccessSize): void {
  code.get(LOCAL.pointer);
  code.const32(3);
  code.op(OP.i32ShrU);
  code.load8(0);
  // Two words, or three with 16 bytes.
  for (const last of size === 1 ? [] : size === 16 ? [8, 15] : [size - 1]) {
    code.get(LOCAL.pointer);
    code.const32(last);
    code.op(OP.i32Add);
    code.const32(3);
    code.op(OP.i32ShrU);
    code.load8(0);
    code.op(OP.i32And);
  }
  code.const32(MARK.dirty | MARK.written);
  code.op(OP.i32Ne);
  code.if();
  code.get(LOCAL.pointer);
  code.const32(size);
  code.call(HOST.touch);
  code.end();
}

/** The log of a batch begins anew. */
export function beginAccessLog(code: WasmCode): void {
  code.const32(0);
  code.const32(0);
  code.store32(LAYOUT.scratch + SCRATCH.accessLogEnd);
}

/** Where the log ends lies in memory: most steps have no access. */
function logAccess(code: WasmCode, size: AccessSize, kind: DataAccess['kind']): void {
  code.const32(0);
  code.load32(LAYOUT.scratch + SCRATCH.accessLogEnd);
  code.tee(LOCAL.log);
  code.get(LOCAL.address);
  code.store64(8, LAYOUT.accessLog);
  code.get(LOCAL.log);
  code.const32(size | ({ read: 0, write: 1, update: 2 }[kind] << 8));
  code.store32(LAYOUT.accessLog + 8);
  code.const32(0);
  code.get(LOCAL.log);
  code.const32(ACCESS_ENTRY_SIZE);
  code.op(OP.i32Add);
  code.const32(ACCESS_LOG_SIZE - 1);
  code.op(OP.i32And);
  code.store32(LAYOUT.scratch + SCRATCH.accessLogEnd);
}
