import { expect } from 'vitest';
import { BigintInterpreter } from '../../src/cpu/backend/bigint.js';
import { WasmInterpreter } from '../../src/cpu/backend/wasm.js';
import { CELL, CONTEXT_CELLS, GPR_NAMES, type GprName } from '../../src/cpu/cells.js';
import { CpuState } from '../../src/cpu/cpu-state.js';
import { RFLAGS } from '../../src/cpu/flags.js';
import type { DataAccess, Interpreter } from '../../src/cpu/interpreter.js';
import { STATUS } from '../../src/cpu/record.js';
import { hasErrorCode, VECTOR, vectorName } from '../../src/cpu/vector.js';
import { LAYOUT, SCRATCH } from '../../src/memory/layout.js';
import { Memory } from '../../src/memory/memory.js';
import { DATA, type Permissions, RODATA, TEXT } from '../../src/memory/page.js';

/** Text that may be written, so that code can change itself. */
export const WRITABLE_TEXT: Permissions = { read: true, write: true, execute: true };

/** Where things lie in the memory of a test machine: two pages each, a hole behind each pair but the first. */
export const AT = { data: 0x20000000n, readonly: 0x20002000n, code: 0x10000000n, stack: 0x30000000n } as const;
/** RSP unless a test says otherwise: in the middle of the stack. */
export const RSP = AT.stack + 0x1000n;
export const NON_CANONICAL = 0x8000000000000000n;

/** What a test machine begins with. Registers that are not named are 0, RSP is {@link RSP}. */
export interface Setup extends Partial<Readonly<Record<GprName, bigint>>> {
  /** Bytes of the code in hex, with blanks where they help. */
  readonly code: string;
  /** Where the code lies, and where RIP is; default {@link AT}.code. */
  readonly at?: bigint;
  readonly text?: Permissions;
  /** RFLAGS by names, as in `CF ZF`; default none. */
  readonly flags?: string;
  readonly iopl?: 0 | 3;
  readonly cpl?: 0 | 3;
  readonly fsBase?: bigint;
  readonly gsBase?: bigint;
  /** Eight-byte words of data or stack, by address. */
  readonly words?: Readonly<Record<string, bigint>>;
}

const FLAGS: Readonly<Record<string, bigint>> = {
  CF: RFLAGS.cf,
  PF: RFLAGS.pf,
  AF: RFLAGS.af,
  ZF: RFLAGS.zf,
  SF: RFLAGS.sf,
  TF: RFLAGS.tf,
  IF: RFLAGS.if,
  DF: RFLAGS.df,
  OF: RFLAGS.of,
  NT: RFLAGS.nt,
  RF: RFLAGS.rf,
  AC: RFLAGS.ac,
  ID: RFLAGS.id,
};

/** RFLAGS of names. */
export function rflagsOf(names: string): bigint {
  return names.split(' ').reduce((rflags, name) => rflags | (FLAGS[name] ?? 0n), RFLAGS.fixed);
}

/** Bytes of hex digits, blanks ignored. */
export function hex(digits: string): Uint8Array {
  return Uint8Array.from(Buffer.from(digits.replaceAll(' ', ''), 'hex'));
}

/** A machine of each backend in the same state. Every step runs on both, and they must agree on everything. */
export function machineWith(setup: Setup): TestMachine {
  return new TestMachine().load(setup);
}

/** Executes one instruction after another on one machine; what a call gives is good until the next. */
export function stepper(): (setup: Setup) => TestMachine {
  const machine = new TestMachine();
  return (setup) => machine.load(setup).step();
}

interface Side {
  readonly memory: Memory;
  readonly cpu: CpuState;
  readonly interpreter: Interpreter;
}

function side(make: (memory: Memory) => Interpreter): Side {
  const memory = new Memory(16);
  return { memory, cpu: new CpuState(memory.linear, 0), interpreter: make(memory) };
}

export class TestMachine {
  readonly wasm = side((memory) => new WasmInterpreter(memory));
  readonly bigint = side((memory) => new BigintInterpreter(memory));
  /** What the last step gave. */
  status = 0;

  /** Forgets what was and sets everything up anew. */
  load(setup: Setup): this {
    this.both((one) => set(one, setup));
    return this;
  }

  /** Does the same to both machines. */
  both(action: (one: Side) => void): this {
    action(this.wasm);
    action(this.bigint);
    return this;
  }

  step(count = 1): this {
    for (let i = 0; i < count; i++) {
      this.status = this.wasm.interpreter.step(0);
      const status = this.bigint.interpreter.step(0);
      if (status !== this.status || !sameState(this.wasm, this.bigint)) {
        expect(describeSide(this.wasm, this.status)).toEqual(describeSide(this.bigint, status));
      }
    }
    return this;
  }

  /** Compares all of memory. */
  compareMemory(): this {
    const pages = Buffer.compare(pool(this.wasm), pool(this.bigint));
    if (pages !== 0) expect(writtenWords(this.wasm)).toEqual(writtenWords(this.bigint));
    expect(pages).toBe(0);
    expect(this.wasm.memory.text.save()).toEqual(this.bigint.memory.text.save());
    return this;
  }

  reg(name: GprName): bigint {
    return this.wasm.cpu.gpr(name);
  }

  get rip(): bigint {
    return this.wasm.cpu.rip;
  }

  get rflags(): bigint {
    return this.wasm.cpu.rflags;
  }

  /** The names of the flags that are set. */
  get flags(): string {
    return Object.entries(FLAGS)
      .filter(([, bit]) => (this.rflags & bit) !== 0n)
      .map(([name]) => name)
      .join(' ');
  }

  /** The exception of the last step as the manuals write it, with the address of a page fault: `#PF(6) 20004000`. */
  get exception(): string | undefined {
    return exceptionOf(this.wasm, this.status);
  }

  /** The names of what the last step signalled. */
  get signals(): string {
    const names = ['serialize', 'mfence', 'halt', 'iret', 'syscall', 'sysret', 'unsupported'] as const;
    return names.filter((name) => (this.status & STATUS[name]) !== 0).join(' ');
  }

  get accesses(): DataAccess[] {
    return this.wasm.interpreter.accesses();
  }

  cell(name: Parameters<CpuState['cell']>[0]): bigint {
    return this.wasm.cpu.cell(name);
  }

  /** Sets a cell in both machines. */
  with(name: Parameters<CpuState['cell']>[0], value: bigint): this {
    return this.both(({ cpu }) => cpu.setCell(name, value));
  }

  read(address: bigint, size = 8): bigint {
    return this.wasm.memory.read(address, size);
  }

  /** Everything that a faulting instruction must leave alone: registers, flags, memory. */
  get committed(): unknown {
    const { status, exception, accesses, cr2, ...state } = describeSide(this.wasm, this.status);
    return state;
  }
}

function set({ memory, cpu }: Side, setup: Setup): void {
  const { code, at = AT.code, text = TEXT, flags = '', iopl = 0, cpl = 0, fsBase = 0n, gsBase = 0n, words } = setup;
  memory.clear();
  memory.map(AT.data, 0x2000n, DATA);
  memory.map(AT.readonly, 0x2000n, RODATA);
  memory.map(AT.stack, 0x2000n, DATA);
  const bytes = hex(code);
  memory.map(at, BigInt(bytes.length), text, bytes);
  for (const [address, word] of Object.entries(words ?? {})) {
    memory.map(BigInt(address), 8n, pageDefault(memory, BigInt(address)), wordBytes(word));
  }
  cpu.reset();
  cpu.rip = at;
  cpu.rsp = RSP;
  cpu.rflags = rflagsOf(flags) | (iopl === 3 ? RFLAGS.iopl : 0n);
  cpu.setCell('cpl', BigInt(cpl));
  cpu.setCell('fsBase', fsBase);
  cpu.setCell('gsBase', gsBase);
  for (const name of GPR_NAMES) {
    const value = setup[name];
    if (value !== undefined) cpu.setGpr(name, value);
  }
}

const pageDefault = (memory: Memory, address: bigint): Permissions => memory.pageAt(address)?.permissions ?? DATA;

function wordBytes(word: bigint): Uint8Array {
  return Uint8Array.from({ length: 8 }, (_, i) => Number((word >> BigInt(8 * i)) & 0xffn));
}

function sameState(a: Side, b: Side): boolean {
  const [x, y] = [cells(a), cells(b)];
  if (Buffer.compare(x.slice(0, 0x88), y.slice(0, 0x88)) !== 0 || Buffer.compare(x.slice(0x98), y.slice(0x98)) !== 0) {
    return false;
  }
  if (Buffer.compare(laterCells(a), laterCells(b)) !== 0) return false;
  const [p, q] = [a.memory.written.hash(), b.memory.written.hash()];
  if (a.cpu.rflags !== b.cpu.rflags || p[0] !== q[0] || p[1] !== q[1]) return false;
  return a.memory.text.now === b.memory.text.now && sameReports(a.interpreter, b.interpreter);
}

/** The cells of CPU 0 below the hint for the next record. */
function cells({ memory }: Side): Uint8Array {
  return memory.linear.u8.subarray(LAYOUT.cpu, LAYOUT.cpu + 0x120);
}

/** The cells behind those that are caches. */
function laterCells({ memory }: Side): Uint8Array {
  return memory.linear.u8.subarray(LAYOUT.cpu + CELL.nmiBlocked, LAYOUT.cpu + CONTEXT_CELLS);
}

function sameReports(a: Interpreter, b: Interpreter): boolean {
  const [p, q] = [a.accesses(), b.accesses()];
  const [x, y] = [a.executed(), b.executed()];
  return (
    x.rip === y.rip &&
    Buffer.compare(x.bytes, y.bytes) === 0 &&
    p.length === q.length &&
    p.every(({ address, size, kind }, i) => address === q[i]?.address && size === q[i]?.size && kind === q[i]?.kind)
  );
}

function pool({ memory }: Side): Uint8Array {
  return memory.linear.u8.subarray(LAYOUT.pool, LAYOUT.pool + 16 * 4096);
}

function writtenWords({ memory }: Side): string[] {
  return [...memory.written.entries()]
    .filter(({ value, initial }) => value !== initial)
    .map(({ address, value }) => `${address.toString(16)}: ${value.toString(16)}`)
    .sort();
}

function exceptionOf({ memory, cpu }: Side, status: number): string | undefined {
  if ((status & (STATUS.fault | STATUS.trap)) === 0) return undefined;
  const vector = status & 0xff;
  const error = memory.linear.int32(LAYOUT.scratch + SCRATCH.errorCode);
  const address = vector === VECTOR.pf ? ` ${cpu.cell('cr2').toString(16)}` : '';
  return `${vectorName(vector)}${hasErrorCode(vector) ? `(${error})` : ''}${address}`;
}

/** Everything that both backends must agree on, readable. */
function describeSide(one: Side, status: number) {
  const { memory, cpu, interpreter } = one;
  const { rip, bytes } = interpreter.executed();
  return {
    executed: `${rip.toString(16)}: ${Buffer.from(bytes).toString('hex')}`,
    status: status.toString(16),
    exception: exceptionOf(one, status),
    registers: Object.fromEntries(GPR_NAMES.map((name) => [name, cpu.gpr(name).toString(16)])),
    rip: cpu.rip.toString(16),
    rflags: cpu.rflags.toString(16),
    cr2: cpu.cell('cr2').toString(16),
    cells: (['cr3', 'cpl', 'shadow', 'activity', 'fsBase', 'gsBase'] as const).map((name) => cpu.cell(name)),
    laterCells: Buffer.from(laterCells(one)).toString('hex'),
    memory: writtenWords(one),
    textTime: memory.text.now,
    accesses: interpreter.accesses(),
  };
}
