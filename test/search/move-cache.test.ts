import { describe, expect, it } from 'vitest';
import { Machine } from '../../src/machine/machine.js';
import { type Procedure, procedure } from '../../src/machine/procedure.js';
import type { StepContext } from '../../src/machine/step-context.js';
import { Memory } from '../../src/memory/memory.js';
import { DATA, TEXT } from '../../src/memory/page.js';
import { Monitors } from '../../src/property/monitors.js';
import type { ReusedRange } from '../../src/property/reused-range.js';
import { Search } from '../../src/search/search.js';
import { Workshop } from '../../src/search/workshop.js';
import { checkingHits } from './checked-hits.js';
import { type Findings, fastFindings, type Watched } from './engines.js';
import { guests } from './guests.js';

const LIMITS = { states: 5000, first: false };

/** What a search with the cache finds: the same as without it, each move that is remembered is right, and some are. */
function remembered(build: () => Watched): Findings {
  const found = fastFindings(build(), LIMITS, false);
  let cached: Findings | undefined;
  const hits = checkingHits(1, () => {
    cached = fastFindings(build(), LIMITS, true);
  });
  expect(cached).toEqual(found);
  expect(found.end).toBe('exhausted');
  expect(hits).toBeGreaterThan(0);
  return found;
}

const CODE = 0x1000n;
const WORD = 0x2000n;
const OTHER = WORD + 64n;
const VECTOR = 0x40;
const RANGES: ReadonlyMap<string, ReusedRange> = new Map([['range', { address: CODE + 1n, size: 2 }]]);
const send = (c: StepContext): void => c.host.setPending(c.cpu === 2 ? 1 : 2, VECTOR);

/** CPUs that each run a procedure, and a last one whose guest code goes round: nop; jmp to it. */
function procedures(...tasks: readonly Procedure[]): Watched {
  const memory = new Memory(16);
  memory.map(CODE, 3n, TEXT, Uint8Array.of(0x90, 0xeb, 0xfd));
  memory.map(WORD, 0x1000n, DATA);
  const handler = procedure('handler', (p) => p.step('iretq', (c) => c.host.interruptReturn(c.cpu)));
  const idt = new Map([[VECTOR, { procedure: handler }]]);
  const machine = new Machine({ memory, cpus: tasks.length + 1, idt, procedures: tasks });
  machine.cpus.forEach((state, cpu) => {
    const stack = 0x10000n * BigInt(cpu + 1);
    memory.map(stack, 0x1000n, DATA);
    state.rsp = stack + 0x1000n;
    state.setInterruptsEnabled(true);
    const task = tasks[cpu];
    if (task === undefined) machine.startTask(cpu, CODE);
    else machine.startProcedure(cpu, task);
  });
  return { machine, monitors: new Monitors(machine, { sites: [], patches: [], ranges: RANGES }) };
}

/** A world whose machine is not deterministic: something outside its state decides what a step does. */
function moody(): Watched {
  let done = 0;
  const tasks = Array.from({ length: 6 }, (_, cpu) =>
    procedure(`moody ${cpu}`, (p) => {
      const address = WORD + BigInt(64 * cpu);
      p.step('store something', (c) => c.store(address, BigInt(++done % 3)));
      p.step('store nothing', (c) => c.store(address, 0n));
      p.step('store something else', (c) => c.store(address, BigInt(++done % 3)));
    }),
  );
  return procedures(...tasks);
}

const QUIET = 'budgets: {reschedule: 0}';

describe('What is remembered of moves is right, although', () => {
  it('another CPU stores what an instruction loads', () => {
    const code = { a: 'movl $1, word(%rip); hlt', b: 'nop; mov word(%rip), %eax; hlt' };
    expect(remembered(() => guests(code, QUIET)).states).toBe(16);
  });

  it('another CPU stores to the stack that an instruction pops from', () => {
    const code = { a: 'movl $1, word(%rip); hlt', b: 'lea word(%rip), %rsp; pop %rax; hlt' };
    expect(remembered(() => guests(code, QUIET)).states).toBe(16);
  });

  it('another CPU stores what an instruction stores too, whether that changes anything or not', () => {
    const code = { a: 'movl $1, word(%rip); movl $2, word(%rip); hlt', b: 'nop; movl $1, word(%rip); hlt' };
    remembered(() => guests(code, QUIET));
  });

  it('another CPU stores to another word of the line that is written', () => {
    const code = { a: 'movl $1, word+4(%rip); hlt', b: 'nop; movl $1, word(%rip); hlt', c: 'nop; nop; hlt' };
    remembered(() => guests(code, QUIET));
  });

  it('a line was read before anybody had written to it', () => {
    const code = { a: 'nop; nop; nop; movl $1, word(%rip); hlt', b: 'mov word(%rip), %eax; xor %eax, %eax; jmp b' };
    remembered(() => guests(code, QUIET));
  });

  it('another CPU changes the text that is executed', () => {
    // The displacement of a jump: hlt is skipped or not.
    const code = { a: 'nop; movb $0, b+1(%rip); hlt', b: 'jmp over; hlt; over: nop; jmp b' };
    const writable = (): Watched => {
      const built = guests(code, QUIET);
      const { memory } = built.machine;
      const page = memory.pageAt(0xffffffff81000000n);
      if (page === undefined) throw new Error('the code is mapped');
      Object.assign(page, { permissions: { read: true, write: true, execute: true } });
      return built;
    };
    remembered(writable);
  });

  it('a property speaks of the registers of several tasks, and of memory', () => {
    const more = `${QUIET}\ncheck: {always: {apart: "not (a.rip == second and b.rax == 1 and u32[word] == 1)"}}`;
    const code = {
      a: 'nop; second: nop; jmp a',
      b: 'mov $1, %eax; xor %eax, %eax; jmp b',
      c: 'movl $1, word(%rip); movl $0, word(%rip); jmp c',
    };
    const { ended } = remembered(() => guests(code, more));
    expect(ended.length).toBeGreaterThan(2);
  });

  it('an interrupt that is sent may be pending already', () => {
    const once = (name: string): Procedure => procedure(name, (p) => p.step('send', send));
    remembered(() => procedures(once('one'), once('other')));
  });

  it('a procedure waits for what others store, and chooses by it', () => {
    const writer = procedure('writer', (p) => {
      p.step('1', (c) => c.store(WORD, 1n));
      p.step('2', (c) => c.store(WORD, 2n));
    });
    const reader = procedure('reader', (p) => {
      const got = p.local();
      p.wait('until 1', (c) => c.load(WORD) > 0n);
      p.choose({
        label: 'as many as the word says',
        choices: (c) => (c.scratch === 0n ? Array.from({ length: Number(c.load(WORD)) }, (_, i) => i) : []),
        run: (c, choice) => {
          c.set(got, BigInt(choice) + 1n);
          c.scratch = 1n;
        },
      });
      p.if(
        (c) => c.load(WORD) === 2n,
        () => p.step('the word was 2', () => {}),
      );
    });
    remembered(() => procedures(writer, reader));
  });

  it('a step writes first what it looked at, as it was', () => {
    const again = procedure('again', (p) => {
      const got = p.local();
      p.step('1', (c) => c.store(OTHER, 1n));
      p.step('the same', (c) => {
        c.set(got, c.load(WORD));
        c.store(WORD, c.get(got));
      });
    });
    const writer = procedure('writer', (p) => p.step('1', (c) => c.store(WORD, 1n)));
    remembered(() => procedures(again, writer));
  });

  it('a monitor looks at where other CPUs are', () => {
    const retire = procedure('retire', (p) =>
      p.step('the range gets another use', (c) => {
        c.host.emit({ kind: 'range-retired', cpu: c.cpu, range: 'range' });
      }),
    );
    const { ended } = remembered(() =>
      procedures(
        retire,
        procedure('other', (p) => p.step('something', () => {})),
      ),
    );
    expect(ended.some((end) => end.startsWith('no-use-after-reuse'))).toBe(true);
  });
});

describe('A line that is written for the first time', () => {
  it('makes the cache forget what looked at it, and nothing else', () => {
    const looker = (address: bigint): Procedure => procedure('looker', (p) => p.wait('', (c) => c.load(address) > 0n));
    const { machine, monitors } = procedures(looker(WORD), looker(OTHER), looker(WORD + 8n));
    const { cache, vector } = new Workshop(machine, monitors, { moveCache: true });
    vector.read();
    const state = vector.ids.slice(0, vector.length);
    const known = (): boolean[] => machine.cpus.map(({ cpu }) => cache?.knows(state, state.length, cpu) === true);
    for (const { cpu } of machine.cpus) cache?.moves(state, state.length, cpu);
    expect(known()).toEqual([true, true, true, true]);
    machine.memory.write(WORD, 8, 1n);
    expect(known()).toEqual([false, true, false, true]);
    machine.memory.write(OTHER, 8, 1n);
    expect(known()).toEqual([false, false, false, true]);
    machine.memory.write(WORD, 8, 0n);
    machine.memory.write(OTHER, 8, 0n);
    for (const { cpu } of machine.cpus) cache?.moves(state, state.length, cpu);
    machine.memory.write(WORD, 8, 2n);
    expect(known()).toEqual([true, true, true, true]);
  });
});

describe('A machine whose steps depend on something else than its state', () => {
  it('is found out: some moves that are remembered are done again in every search', () => {
    const { machine, monitors } = moody();
    const search = new Search(machine, monitors, { limits: { states: 1e6, memory: 2 ** 31 }, moveCache: true });
    expect(() => search.advance(Number.POSITIVE_INFINITY)).toThrow(/done again came out differently/);
  });
});
