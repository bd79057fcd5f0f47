import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInLoop } from '../../src/cpu/backend/loop-handlers.js';
import type { WasmInterpreter } from '../../src/cpu/backend/wasm.js';
import { emitInterpreter } from '../../src/cpu/backend/wasm-interpreter.js';
import { STATUS } from '../../src/cpu/record.js';
import { HANDLERS } from '../../src/cpu/semantics/index.js';
import { Cpus, dataOf } from './cpus.js';
import { AT } from './machine-with.js';

const CPUS = 4;
/** A loop with a store, a call, branches, and a store of AL to its own text, which is loaded into BL. */
const CODE = [
  '48 ff c0', // 00 inc %rax
  '48 01 e8', // 03 add %rbp,%rax
  '48 89 07', // 06 mov %rax,(%rdi)
  'e8 06 00 00 00', // 09 call 14
  '74 f0', // 0e je 00
  'b3 00', // 10 mov $0,%bl
  'eb ec', // 12 jmp 00
  '88 05 f7 ff ff ff', // 14 mov %al,-9(%rip): 11
  'c3', // 1a ret
].join(' ');

/** Executes a whole schedule by batches, each of which ends early where the host has to help. */
function runAll(cpus: Cpus, wasm: WasmInterpreter, schedule: readonly number[]): number[] {
  const statuses: number[] = [];
  for (let done = 0; done < schedule.length; ) {
    cpus.schedule(schedule.slice(done));
    const now = wasm.run(schedule.length - done);
    expect(now).toBeGreaterThan(0);
    done += now;
    if (wasm.lastStatus !== 0) statuses.push(done, wasm.lastStatus);
  }
  return statuses;
}

function stepAll(cpus: Cpus, step: (cpu: number) => number, schedule: readonly number[]): number[] {
  const statuses: number[] = [];
  schedule.forEach((cpu, i) => {
    const status = step(cpu);
    if (status !== 0) statuses.push(i + 1, status);
  });
  expect(cpus.states).toHaveLength(CPUS);
  return statuses;
}

describe("the interpreter's loop", () => {
  it('has few enough handlers for V8 to allocate registers well, all common ones among them', () => {
    const inLoop = HANDLERS.filter(isInLoop);
    // 160 handlers and 31 KB were below V8's limit, 346 and 67 KB above it, where a step takes a quarter longer.
    expect(emitInterpreter(inLoop).length).toBeLessThan(40_000);
    const keys = inLoop.map(({ key }) => key);
    expect(keys).toEqual(expect.arrayContaining(['mov/rm/8', 'add/rr/4', 'jne//8', 'call//8', 'ret//8', 'push/r/8']));
    expect(keys).not.toContain('cpuid//8');
  });
});

describe('run', () => {
  it('over a schedule is the same as its single steps, and as the oracle', () => {
    const programs = [
      CODE,
      // inc %rax; mov %rax,(%rdi); jmp back
      '48 ff c0 48 89 07 eb f8',
      // push %rax; pop %rbx; xadd %rax,(%rdi); int3; jmp back
      '50 5b 48 0f c1 07 cc eb f7',
      // sti; cpuid; mfence; hlt; jmp back
      'fb 0f a2 0f ae f0 f4 eb f7',
      // stosb through text: each CPU writes over the code from its own place on
      '48 ff c0 aa eb fa 90 90 90 90 90',
    ];
    // Few decode records, so that the cache starts anew in the middle of a batch.
    const records = fc.constantFrom(undefined, 2, 3, 5, 8);
    const schedules = fc.array(fc.nat({ max: CPUS - 1 }), { minLength: 1, maxLength: 200, size: 'max' });
    fc.assert(
      fc.property(fc.constantFrom(...programs), schedules, records, (code, schedule, maxRecords) => {
        const [batch, single, oracle] = [new Cpus(CPUS, code), new Cpus(CPUS, code), new Cpus(CPUS, code)];
        const [stepping, bigint] = [single.wasm(maxRecords), oracle.bigint()];
        const wanted = stepAll(oracle, (cpu) => bigint.step(cpu), schedule);
        expect(stepAll(single, (cpu) => stepping.step(cpu), schedule)).toEqual(wanted);
        expect(runAll(batch, batch.wasm(maxRecords), schedule)).toEqual(wanted);
        expect(single.look()).toEqual(oracle.look());
        expect(batch.look()).toEqual(oracle.look());
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('does as many steps as it is told, in the order of the schedule', () => {
    // inc %rax; mov %rax,(%rdi); jmp back
    const cpus = new Cpus(2, '48 ff c0 48 89 07 eb f8');
    const wasm = cpus.wasm();
    cpus.schedule([0, 0, 1, 0, 1, 1]);
    expect([wasm.run(4), wasm.lastStatus]).toEqual([4, 0]);
    expect(cpus.states.map(({ rip }) => rip - AT.code)).toEqual([0n, 3n]);
    expect(cpus.memory.read(dataOf(0), 8)).toBe(1n);
  });

  it('does nothing when it is told to do no steps', () => {
    const cpus = new Cpus(1, '48 ff c0');
    const wasm = cpus.wasm();
    expect(wasm.run(0)).toBe(0);
    expect(cpus.state0.rip).toBe(AT.code);
  });

  it('stops behind a step with a status', () => {
    // nop; int3; nop
    const cpus = new Cpus(1, '90 cc 90');
    const wasm = cpus.wasm();
    cpus.schedule([0, 0, 0]);
    expect(wasm.run(3)).toBe(2);
    expect(wasm.lastStatus).toBe(STATUS.trap | 3);
    expect(cpus.state0.rip).toBe(AT.code + 2n);
    expect([wasm.run(1), wasm.lastStatus]).toEqual([1, 0]);
  });

  it('fills the whole schedule', () => {
    const cpus = new Cpus(2, '48 ff c0 eb fb');
    const wasm = cpus.wasm();
    cpus.schedule(Array.from({ length: 0x10000 }, (_, i) => i & 1));
    expect(wasm.run(0x10000)).toBe(0x10000);
    expect(cpus.states.map((state) => state.gpr('rax'))).toEqual([0x4000n, 0x4000n]);
  });

  it('keeps the last accesses of a long batch', () => {
    // mov %rax,(%rdi); jmp back
    const cpus = new Cpus(1, '48 89 07 eb fb');
    const wasm = cpus.wasm();
    cpus.schedule(new Array(100).fill(0));
    wasm.run(100);
    expect(wasm.accesses()).toHaveLength(50);
    wasm.step(0);
    expect(wasm.accesses()).toEqual([{ address: dataOf(0), size: 8, kind: 'write' }]);
  });
});
