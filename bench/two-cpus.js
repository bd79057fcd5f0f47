import { CpuState } from '../dist/cpu/cpu-state.js';
import { LAYOUT } from '../dist/memory/layout.js';
import { Memory } from '../dist/memory/memory.js';
import { DATA, TEXT } from '../dist/memory/page.js';
import { DATA_BASE, TEXT_BASE } from './programs.js';

/** Steps of a batch: what a schedule holds. */
export const BATCH = 0x10000;
export const PAGE = 4096;

const stackOf = (cpu) => 0xffffc90000010000n + BigInt(cpu) * 0x10000n;

/** Two CPUs that begin at the same text, with one page of data for both and a stack for each. */
export const START = {
  text: TEXT_BASE,
  data: [DATA_BASE, stackOf(0), stackOf(1)],
  cpus: [0, 1].map((cpu) => ({
    rip: TEXT_BASE,
    rflags: 2n,
    rsp: stackOf(cpu) + BigInt(PAGE),
    rdi: DATA_BASE,
    rcx: 0x1000000n + 77n * BigInt(cpu),
    rbx: 3n + BigInt(cpu),
  })),
};

/** The two CPUs on an interpreter, with a schedule of a batch in which the first `turns` of them take turns. */
export function twoCpus(bytes, Interpreter, turns = 2) {
  const memory = new Memory(64);
  memory.map(START.text, BigInt(bytes.length), TEXT, bytes);
  for (const page of START.data) memory.map(page, BigInt(PAGE), DATA);
  const states = START.cpus.map(({ rip, rflags, rsp, ...registers }, cpu) => {
    const state = new CpuState(memory.linear, cpu);
    Object.assign(state, { rip, rflags, rsp });
    for (const [name, value] of Object.entries(registers)) state.setGpr(name, value);
    return state;
  });
  const { u8 } = memory.linear;
  for (let i = 0; i < BATCH; i++) u8[LAYOUT.schedule + i] = i % turns;
  return { memory, states, interpreter: new Interpreter(memory) };
}
