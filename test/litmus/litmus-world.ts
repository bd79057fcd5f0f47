import { GPR_NAMES } from '../../src/cpu/cells.js';
import { assemble } from '../../src/encoder/assemble.js';
import type { IdtEntry } from '../../src/machine/delivery.js';
import { Machine } from '../../src/machine/machine.js';
import { type Procedure, procedure } from '../../src/machine/procedure.js';
import { LAYOUT, PAGE_SIZE } from '../../src/memory/layout.js';
import { Memory } from '../../src/memory/memory.js';
import { DATA, type Permissions, pageAddress } from '../../src/memory/page.js';
import { KernelData } from '../../src/patcher/kernel-data.js';
import { CALL_FUNCTION_VECTOR, syncCore } from '../../src/patcher/sync-core.js';
import type { Rules } from '../../src/profile/rules.js';
import type { LitmusCase } from './litmus-case.js';
import { addEvent, type EventScope, type LitmusEvent } from './litmus-event.js';

/** Guest code may store to itself. */
const WRITABLE_TEXT: Permissions = { read: true, write: true, execute: true };
const DATA_BASE = 0x40000000n;
const STACK_BASE = 0x50000000n;
const PAGE = BigInt(PAGE_SIZE);

/** The machine of a litmus case: CPU 0 executes the list of events, CPU 1 and 2 guest code. */
export class LitmusWorld {
  readonly machine: Machine;
  readonly symbols: ReadonlyMap<string, bigint>;

  constructor(
    private readonly litmus: LitmusCase,
    readonly rules: Rules,
    backend: 'wasm' | 'bigint',
    /** Where the machine is built; whatever lived there before is gone. */
    memory: Memory = new Memory(16),
  ) {
    memory.clear();
    memory.linear.u8.fill(0, LAYOUT.zero, LAYOUT.lineVersions);
    const cpus = 1 + litmus.cpus.length;
    const data = new KernelData();
    const sync = syncCore(data, cpus);
    const words = Object.keys(litmus.data).map((name, index): [string, bigint] => [
      name,
      DATA_BASE + 8n * BigInt(index),
    ]);
    const aliases = Object.entries(litmus.aliases).map(([name, { at }]): [string, bigint] => [name, BigInt(at)]);
    const code = assembleCode(litmus, new Map([...words, ...aliases]));
    this.symbols = new Map([...code.symbols, ...words, ...aliases]);
    // Pages that follow each other in the address space do not in the pool.
    const pages = code.blocks.flatMap(({ base, bytes }) => pagesOf(base, bytes.length));
    for (const page of pages.reverse()) memory.map(page, PAGE, WRITABLE_TEXT);
    for (const { base, bytes } of code.blocks) memory.map(base, BigInt(bytes.length), WRITABLE_TEXT, bytes);
    for (const { at, of } of Object.values(litmus.aliases)) memory.mapAlias(BigInt(at), this.at(of), 1n, DATA);
    memory.map(DATA_BASE, PAGE, DATA);
    Object.values(litmus.data).forEach((value, index) => {
      memory.linear.setUint64(memory.offsetOf(DATA_BASE + 8n * BigInt(index)), BigInt(value));
    });
    for (let cpu = 0; cpu < cpus; cpu++) memory.map(STACK_BASE + PAGE * BigInt(2 * cpu), PAGE, DATA);
    data.map(memory);

    const scope = { symbols: this.symbols, storeBoundary: rules.storeBoundary, sync };
    const patcher = eventProcedure('patcher', litmus.patcher, scope, false);
    const idt = new Map<number, IdtEntry>([[CALL_FUNCTION_VECTOR, { procedure: sync.handler }]]);
    for (const [vector, to] of Object.entries(litmus.handlers)) {
      const name = `handler of ${vector}`;
      const entry =
        typeof to === 'string' ? { address: this.at(to) } : { procedure: eventProcedure(name, to, scope, true) };
      idt.set(Number(vector), entry);
    }
    this.machine = new Machine({ memory, cpus, rules, backend, idt, symbols: this.symbols, procedures: [patcher] });
    this.machine.cpus.forEach((state, cpu) => {
      state.rsp = STACK_BASE + PAGE * BigInt(2 * cpu + 1) - 64n;
      state.setInterruptsEnabled(cpu === 0 || litmus.if === 1);
    });
    this.machine.startProcedure(0, patcher);
    litmus.cpus.forEach((entry, index) => {
      this.machine.startTask(index + 1, this.at(entry));
    });
  }

  at(label: string): bigint {
    const address = this.symbols.get(label);
    if (address === undefined) throw new Error(`${this.litmus.name}: no label ${label}`);
    return address;
  }

  /** What is observed where nothing is enabled or a CPU stopped for good: an exception, or values in the order of `observe`. */
  get outcome(): string {
    const { stopped } = this.machine;
    if (stopped !== undefined) return /#\w+/.exec(stopped.reason)?.[0] ?? stopped.reason;
    const values = this.litmus.observe.map((word) => this.observed(word)).map((value) => printed(value));
    if (!this.machine.isFinished(0)) values.push('stuck');
    return values.join(' ');
  }

  /** `rbx` of CPU 1, `2:rax` of CPU 2, or a word of data. */
  private observed(word: string): bigint {
    const [, cpu = '1', name = ''] = /^(?:(\d):)?(\w+)$/.exec(word) ?? [];
    const register = GPR_NAMES.find((gpr) => gpr === name);
    return register === undefined
      ? this.machine.memory.read(this.at(word), 8)
      : this.machine.state(Number(cpu)).gpr(register);
  }
}

function printed(value: bigint): string {
  return value < 10n ? String(value) : `0x${value.toString(16)}`;
}

function assembleCode(litmus: LitmusCase, words: ReadonlyMap<string, bigint>): ReturnType<typeof assemble> {
  const blocks = Object.entries(litmus.code).map(([base, source]) => ({
    base: BigInt(base),
    source,
    file: litmus.name,
  }));
  return assemble(blocks, words);
}

function pagesOf(base: bigint, length: number): bigint[] {
  const pages: bigint[] = [];
  for (let page = pageAddress(base); page < base + BigInt(length); page += PAGE) pages.push(page);
  return pages;
}

function eventProcedure(
  name: string,
  events: readonly LitmusEvent[],
  scope: EventScope,
  isHandler: boolean,
): Procedure {
  return procedure(name, (p) => {
    for (const event of events) addEvent(p, event, scope);
    if (isHandler) p.step('iretq', (c) => c.host.interruptReturn(c.cpu));
  });
}
