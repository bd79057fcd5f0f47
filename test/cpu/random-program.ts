import { GPR_NAMES, type GprName, SELECTOR } from '../../src/cpu/cells.js';
import { decode } from '../../src/cpu/decode.js';
import type { DecodedInstruction } from '../../src/cpu/decoded-instruction.js';
import { RFLAGS, STATUS_FLAGS } from '../../src/cpu/flags.js';
import { STATUS } from '../../src/cpu/record.js';
import { VECTOR } from '../../src/cpu/vector.js';
import { DATA, RODATA } from '../../src/memory/page.js';
import { aim, setCell, usesXmm } from './aim.js';
import type { Encodings } from './encodings.js';
import { AT, NON_CANONICAL, RSP, type TestMachine, WRITABLE_TEXT } from './machine-with.js';
import { Random } from './random.js';
import { suitSystem } from './suit-system.js';

/** Where programs lie: their middle is about where two pages meet. */
const START = AT.code + 0x1000n - 0x80n;
/** Data is not all zero, so that divisions succeed. */
const PATTERN = Uint8Array.from({ length: 0x2000 }, (_, i) => (i * 37 + (i >> 8)) & 0xff);
const FILLED = [
  [AT.data, DATA],
  [AT.readonly, RODATA],
  [AT.stack, DATA],
] as const;
const TOP_PAGE = 0xfffffffffffff000n;
const MASK = 0xffffffffffffffffn;
/** Bits of the status after which an instruction was not executed. */
const NOT_DONE = STATUS.fault | STATUS.unsupported;
/** A repeated instruction is followed for so many iterations. */
const MAX_ITERATIONS = 3;

/** What a step does to the machine before it executes its instruction. */
interface Preparation {
  readonly registers: Map<GprName, bigint>;
  readonly words: Map<bigint, bigint>;
  readonly xmm: Map<number, bigint>;
  readonly rflags: bigint | undefined;
  readonly cpl: bigint;
  readonly segmentBase: bigint;
}

/** What random programs have met. */
export interface Coverage {
  /** Keys of handlers that were executed without a fault. */
  readonly handlers: Set<string>;
  /** How steps ended: exceptions without addresses and error codes, and signals. */
  readonly ends: Set<string>;
  /** Most text events in a program. */
  textEvents: number;
}

/** A program of random instructions with what each of them finds in registers and memory, made of numbers. */
export class RandomProgram {
  readonly instructions: readonly Uint8Array[];
  /** What was executed, for a person to read when it failed. */
  readonly trace: string[] = [];
  private readonly randoms: readonly Random[];

  constructor(
    seeds: readonly number[],
    encodings: Encodings,
    private readonly coverage: Coverage,
  ) {
    this.randoms = seeds.map((seed) => new Random(seed));
    this.instructions = this.randoms.map((random) => randomInstruction(random, encodings));
  }

  /** Runs it on both backends, which compare themselves after every step. */
  run(machine: TestMachine): void {
    const code = this.instructions.map((bytes) => Buffer.from(bytes).toString('hex')).join('');
    const words = { [`${TOP_PAGE}`]: 0x1111111111111111n, [`${0n}`]: 0x2222222222222222n };
    machine.load({ code, at: START, text: WRITABLE_TEXT, words });
    machine.both(({ memory }) => {
      for (const [page, permissions] of FILLED) memory.map(page, 0x2000n, permissions, PATTERN);
    });
    let rip = START;
    this.instructions.forEach((bytes, i) => {
      const random = this.randoms[i];
      if (random !== undefined) this.runOne(machine, rip, bytes, random);
      rip += BigInt(bytes.length);
    });
    machine.compareMemory();
    this.coverage.textEvents = Math.max(this.coverage.textEvents, machine.wasm.memory.text.now);
  }

  private runOne(machine: TestMachine, rip: bigint, bytes: Uint8Array, random: Random): void {
    const decoded = decode(bytes);
    const preparation = prepare(decoded.kind === 'instruction' ? decoded : undefined, rip, machine, random);
    this.trace.push(describe(rip, bytes, preparation));
    machine.both(({ cpu, memory }) => {
      for (const [name, value] of preparation.registers) cpu.setGpr(name, value);
      for (const [n, value] of preparation.xmm) cpu.setXmm(n, value);
      for (const [address, value] of preparation.words) memory.write(address, 8, value);
      if (preparation.rflags !== undefined) cpu.rflags = preparation.rflags;
      cpu.setCell('cpl', preparation.cpl);
      cpu.setCell('fsBase', preparation.segmentBase);
      cpu.setCell('gsBase', preparation.segmentBase ^ 0x40n);
      if (cpu.rip !== rip) cpu.rip = rip;
    });
    for (let i = 0; i < MAX_ITERATIONS && machine.rip === rip; i++) {
      machine.step();
      const end = machine.exception?.replace(/[( ].*/, '') ?? machine.signals;
      // INT may raise whatever vector.
      const isInt = (machine.status & STATUS.trap) !== 0 && machine.wasm.interpreter.executed().bytes.at(-2) === 0xcd;
      this.coverage.ends.add(isInt ? 'INT n' : end);
      if ((machine.status & NOT_DONE) !== 0) break;
    }
    const done = (machine.status & NOT_DONE) === 0 || (machine.status & 0xff) === VECTOR.ud;
    if (done && decoded.kind === 'instruction') this.coverage.handlers.add(decoded.handler);
  }
}

function randomInstruction(random: Random, encodings: Encodings): Uint8Array {
  const anyBytes = new Uint8Array(15);
  random.fill(anyBytes);
  if (random.oneIn(30)) return anyBytes.slice(0, 1 + random.below(15));
  const { keys } = encodings;
  const key = keys[random.below(keys.length)] ?? '';
  return encodings.random(key, random, (rest) => displacement(rest, random));
}

/** Makes a displacement or an absolute address of what would be one: near the code, or an address of data. */
function displacement(rest: Uint8Array, random: Random): void {
  const at = random.below(2);
  if (rest.length < at + 8) return;
  const value = random.oneIn(2) ? BigInt(random.below(0x400) - 0x200) : target(random, 0n);
  new DataView(rest.buffer, rest.byteOffset).setBigUint64(at, value & MASK, true);
}

/** An address where something can go wrong. */
function target(random: Random, code: bigint): bigint {
  const near = (address: bigint): bigint => address - BigInt(random.below(17));
  return random.pick<() => bigint>([
    () => AT.data + BigInt(random.below(0x2000)),
    () => AT.data + BigInt(random.below(0x400)) * 8n,
    () => near(AT.data + 0x1000n),
    () => near(AT.readonly),
    () => AT.readonly + BigInt(random.below(0x2000)),
    () => near(AT.readonly + 0x2000n),
    () => AT.stack + BigInt(random.below(0x2000)),
    () => code + BigInt(random.below(0x60)),
    () => near(AT.code + 0x1000n) + 8n,
    () => near(0x0000800000000000n),
    () => near(0xffff800000000000n),
    () => near(0n) & MASK,
    () => BigInt(random.below(16)),
    () => random.u64(),
  ])();
}

const INTERESTING = [
  0n,
  1n,
  2n,
  0x7fn,
  0x80n,
  0xffn,
  0x8000n,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  1n << 63n,
  MASK,
] as const;

function value(random: Random): bigint {
  return random.oneIn(2) ? random.pick(INTERESTING) : random.u64() >> BigInt(random.below(64));
}

function prepare(
  instruction: DecodedInstruction | undefined,
  rip: bigint,
  machine: TestMachine,
  random: Random,
): Preparation {
  const registers = new Map<GprName, bigint>();
  const words = new Map<bigint, bigint>();
  const segmentBase = random.pick([0n, 0n, 0x10n, 0xfffffffffffffff0n]);
  for (const name of GPR_NAMES) if (random.oneIn(3)) registers.set(name, value(random));
  registers.set('rsp', stackPointer(random));
  if (random.oneIn(2)) registers.set('rcx', BigInt(random.below(70)));
  if (random.oneIn(2)) registers.set('rdx', random.pick([0n, MASK, 0xffffffffn, 1n]));
  if (instruction?.memory !== undefined) {
    aim(instruction, instruction.memory, registers, target(random, rip), segmentBase, random);
  }
  if (instruction?.handler.match(/movs|cmps|stos|scas|lods|ins|outs/)) {
    const dirt = instruction.handler.includes('addr32') ? random.u64() << 32n : 0n;
    for (const name of ['rsi', 'rdi'] as const) registers.set(name, (target(random, rip) ^ dirt) & MASK);
  }
  if (instruction?.handler.includes('bit string'))
    setCell(registers, instruction.src, random, BigInt(random.below(400) - 200));
  if (instruction?.handler.match(/^(call|jmp)\/r/)) setCell(registers, instruction.dest, random, target(random, rip));
  if (instruction?.handler.startsWith('cmpxchg') && random.oneIn(2))
    matchMemory(machine, registers, target(random, rip));
  if (random.oneIn(2)) frame(registers.get('rsp') ?? 0n, rip, words, random);
  if (instruction !== undefined && random.oneIn(2)) {
    suitSystem(instruction, registers, words, segmentBase, random);
  }
  return {
    registers,
    words,
    xmm: instruction !== undefined && usesXmm(instruction) ? xmmValues(random) : new Map(),
    rflags: random.oneIn(2) ? flags(random) : undefined,
    cpl: random.pick([0n, 0n, 0n, 3n]),
    segmentBase,
  };
}

const LANES = [0n, 1n, 0x7fn, 0x80n, 0xffn, 0x7fffn, 0x8000n, 0xffffn, 0x7fffffffn, 0x80000000n, 0xffffffffn] as const;

/** Other contents for about half of the XMM registers: random ones, or lanes near the borders. */
function xmmValues(random: Random): Map<number, bigint> {
  const registers = Array.from({ length: 16 }, (_, n) => n).filter(() => random.oneIn(2));
  return new Map(
    registers.map((n) => {
      if (random.oneIn(3)) return [n, (random.u64() << 64n) | random.u64()];
      const bits = random.pick([8, 16, 32, 64]);
      let all = 0n;
      for (let at = 0; at < 128; at += bits) all |= BigInt.asUintN(bits, random.pick(LANES)) << BigInt(at);
      return [n, all];
    }),
  );
}

/** Lets a compare-and-exchange succeed: the accumulator as memory, where there is any. */
function matchMemory(machine: TestMachine, registers: Map<GprName, bigint>, address: bigint): void {
  if (machine.wasm.memory.pageAt(address) === undefined || machine.wasm.memory.pageAt(address + 16n) === undefined)
    return;
  registers.set('rax', machine.read(address));
  registers.set('rdx', machine.read(address + 8n));
}

function stackPointer(random: Random): bigint {
  if (random.oneIn(12)) return random.pick([AT.stack + 3n, AT.stack + 0x1ffcn, AT.readonly + 0x40n, NON_CANONICAL]);
  return RSP - BigInt(random.below(64)) * (random.oneIn(4) ? 1n : 8n);
}

/** Five words that RET and IRETQ may pop, each damaged now and then. */
function frame(rsp: bigint, rip: bigint, words: Map<bigint, bigint>, random: Random): void {
  if (rsp < AT.stack || rsp + 48n > AT.stack + 0x2000n) return;
  const { kernelCode, kernelData, userCode, userData } = SELECTOR;
  const user = random.oneIn(2);
  const sane = [
    rip + BigInt(random.below(64)),
    user ? userCode : kernelCode,
    flags(random),
    RSP,
    user ? userData : kernelData,
  ];
  sane.forEach((word, i) => {
    words.set(rsp + 8n * BigInt(i), random.oneIn(12) ? value(random) : word);
  });
}

function flags(random: Random): bigint {
  let rflags = random.u64() & STATUS_FLAGS;
  for (const bit of [RFLAGS.if, RFLAGS.df, RFLAGS.ac, RFLAGS.id, RFLAGS.rf]) if (random.oneIn(3)) rflags |= bit;
  for (const bit of [RFLAGS.nt, RFLAGS.iopl, RFLAGS.tf]) if (random.oneIn(8)) rflags |= bit;
  return rflags;
}

function describe(rip: bigint, bytes: Uint8Array, preparation: Preparation): string {
  const { registers, words, xmm, rflags, cpl, segmentBase } = preparation;
  const wide = [...xmm].map(([n, set]) => `xmm${n}=${set.toString(16)}`).join(' ');
  const list = [...registers].map(([name, set]) => `${name}=${set.toString(16)}`).join(' ');
  const memory = [...words].map(([address, word]) => `[${address.toString(16)}]=${word.toString(16)}`).join(' ');
  const rest = `cpl=${cpl} base=${segmentBase.toString(16)} rflags=${rflags?.toString(16) ?? '-'}`;
  return `${rip.toString(16)}: ${Buffer.from(bytes).toString('hex')}  ${list} ${wide} ${memory} ${rest}`;
}
