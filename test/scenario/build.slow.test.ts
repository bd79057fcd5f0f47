import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { RandomScheduler } from '../../src/explore/random-scheduler.js';
import { RoundRobin } from '../../src/explore/round-robin.js';
import { run } from '../../src/explore/run.js';
import { type BuildOptions, type BuiltScenario, buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';
import { buildElf } from './elf-builder.js';

const read = (path: string): Uint8Array => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)));

const built = (text: string, options: BuildOptions = {}): BuiltScenario =>
  buildScenario(loadScenario(text, 'scenario.yaml'), options);

/** A scenario of one worker that adds up its registers and halts. */
const worker = (
  more: string,
  tasks = '  worker: {cpu: 0, entry: start, registers: {rdi: cpu, rsi: table+8, rbx: -1}}',
): string => `
scenario: small
budgets: {reschedule: 0}
text:
  - base: 0xffffffff81000000
    name: code
    asm: |
      start:  lea (%rdi,%rsi), %rax
              push %rax
              hlt
              jmp start
      site:   .nops 5
      f:      ret
data:
  - {name: table, base: 0xffffffff83000000, asm: ".quad 1, 2, 3"}
tasks:
${tasks}
${more}`;

describe('a built scenario', () => {
  it('has registers by expressions, the others 0, RSP at the top of the stack and RIP at the entry', () => {
    const { machine, symbolAddresses } = built(worker('cpus: 1'));
    const state = machine.state(0);
    expect([state.gpr('rdi'), state.gpr('rsi'), state.gpr('rbx'), state.gpr('rax'), state.gpr('r15')]).toEqual([
      0n,
      0xffffffff83000008n,
      0xffffffffffffffffn,
      0n,
      0n,
    ]);
    expect(state.rip).toBe(symbolAddresses.get('start'));
    expect(state.rsp % 16n).toBe(0n);
    expect([
      machine.memory.translate(state.rsp - 8n, 'write') !== 0,
      machine.memory.translate(state.rsp, 'write'),
    ]).toEqual([true, 0]);
    expect(state.interruptsEnabled).toBe(true);
  });

  it('gives each CPU of a list a task of its own, with its number and its stack', () => {
    const tasks = '  worker: {cpu: [2, 0], entry: start, registers: {rdi: cpu, rsi: cpu+cpu}, if: 0, stack: 8192}';
    const { machine } = built(worker('cpus: 3', tasks));
    const [zero, one, two] = machine.cpus;
    expect([zero?.gpr('rdi'), two?.gpr('rdi'), two?.gpr('rsi')]).toEqual([0n, 2n, 4n]);
    expect([zero?.interruptsEnabled, one?.interruptsEnabled, two?.interruptsEnabled]).toEqual([false, true, false]);
    const tops = machine.cpus.map(({ rsp }) => rsp);
    expect(new Set(tops).size).toBe(3);
    for (const [index, size] of [
      [0, 8192n],
      [2, 8192n],
    ] as const) {
      const top = tops[index] ?? 0n;
      expect(machine.memory.translate(top - size, 'write')).not.toBe(0);
      expect(machine.memory.translate(top - size - 1n, 'write')).toBe(0);
    }
  });

  it('keeps large stacks apart too', () => {
    const size = 0x40000;
    const tasks = `  worker: {cpu: [0, 1, 2], entry: start, stack: ${size}}`;
    const { machine } = built(worker('cpus: 4', tasks));
    const tops = machine.cpus.map(({ rsp }) => rsp).sort((a, b) => (a < b ? -1 : 1));
    for (const [index, top] of tops.entries()) {
      const below = tops[index - 1];
      if (below !== undefined) expect(top - below).toBeGreaterThan(BigInt(size) - 1n);
      expect(machine.memory.translate(top, 'write')).toBe(0);
    }
  });

  it('puts stacks where the scenario says, one behind the other for a list of CPUs', () => {
    const tasks = '  worker: {cpu: [0, 1], entry: start, stack: {size: 256, base: 0xffffc90000400000}}';
    const { machine } = built(worker('cpus: 2', tasks));
    expect(machine.cpus.map(({ rsp }) => rsp)).toEqual([0xffffc90000400100n, 0xffffc90000400200n]);
  });

  it('knows the symbols of labels, regions, data and the simulated kernel', () => {
    const { symbols, symbolAddresses } = built(worker('cpus: 1'));
    expect(symbolAddresses.get('code')).toBe(0xffffffff81000000n);
    expect(symbolAddresses.get('table')).toBe(0xffffffff83000000n);
    expect(symbols.format((symbolAddresses.get('site') ?? 0n) + 3n)).toBe('site+0x3');
    expect(symbols.format(0xffffffff83000010n)).toBe('table+0x10');
    expect(symbols.format(symbolAddresses.get('text_poke_array.vec') ?? 0n)).toBe('text_poke_array.vec');
  });

  it('has text that may not be written and data that may not be executed, unless it says otherwise', () => {
    const { machine } = built(
      worker('cpus: 1')
        .replace('name: code', 'name: code\n    writable: yes')
        .replace('- base: 0xffffffff81', '- base: 0xffffffff82'),
    );
    const plain = built(worker('cpus: 1')).machine.memory;
    expect([plain.translate(0xffffffff81000000n, 'write'), plain.translate(0xffffffff83000000n, 'execute')]).toEqual([
      0, 0,
    ]);
    expect(machine.memory.translate(0xffffffff82000000n, 'write')).not.toBe(0);
  });

  it('runs: the worker computes, pushes and halts', () => {
    const { machine, monitors } = built(worker('cpus: 1'));
    const top = machine.state(0).rsp;
    const result = run(machine, monitors, new RoundRobin(), 100);
    expect(result).toMatchObject({ end: { kind: 'finished', waiting: [] }, steps: 3 });
    expect(machine.memory.read(top - 8n, 8)).toBe(0xffffffff83000008n);
  });

  it('has CPUs without a task that idle and acknowledge interrupts', () => {
    const text = worker(
      'cpus: 3\nsites: {site: {}}\npatch: [{site: site, new: "call.rel32 f"}]',
      '  patcher: {cpu: 1, procedure: patch}',
    );
    const { machine, monitors, symbolAddresses } = built(text);
    expect(machine.enabled().map(({ cpu }) => cpu)).toEqual([1]);
    expect(run(machine, monitors, new RoundRobin(), 500).end).toEqual({ kind: 'finished', waiting: [] });
    expect([machine.isFinished(1), machine.memory.read(symbolAddresses.get('site') ?? 0n, 1)]).toEqual([true, 0xe8n]);
  });

  it('leaves the patcher waiting for a CPU that has interrupts off for ever', () => {
    const text = worker(
      'cpus: 2\nsites: {site: {}}\npatch: [{site: site, new: "call.rel32 f"}]',
      '  patcher: {cpu: 0, procedure: patch}\n  worker: {cpu: 1, entry: start, if: 0, registers: {rsi: table}}',
    );
    const { machine, monitors } = built(text);
    expect(run(machine, monitors, new RoundRobin(), 500).end).toMatchObject({
      kind: 'finished',
      waiting: [{ cpu: 0, label: 'wait for all acks' }],
    });
  });

  it('applies single patches and batches in order, as often as is asked for', () => {
    const text = worker(
      `cpus: 1
sites: {site: {}, f: {}}
patch:
  repeat: 2
  list:
    - {site: site, new: "jmp.rel32 f"}
    - batch: [{site: site, new: "call.rel32 f"}, {site: f, new: int3}]
    - batch: [{site: f, new: ret}, {site: site, new: .nops 5}]`,
      '  patcher: {cpu: 0, procedure: patch}',
    );
    const { machine, monitors } = built(text);
    const patches: string[] = [];
    machine.observe({
      instructions: 'watched',
      observe: (event) => {
        if (event.kind === 'patch-begin' || event.kind === 'patch-return')
          patches.push(`${event.kind[6]}${event.patch}`);
      },
    });
    expect(run(machine, monitors, new RoundRobin(), 2000).end.kind).toBe('finished');
    expect(patches.join(' ')).toBe('b0 r0 b1 b2 r1 r2 b3 b4 r3 r4 b0 r0 b1 b2 r1 r2 b3 b4 r3 r4');
    expect(machine.memory.text.now).toBeGreaterThan(20);
  });

  it('checks only the properties that it names', () => {
    const torn = (properties: string): string | undefined => {
      const scenario = Buffer.from(read('scenarios/call-swap.yaml'))
        .toString()
        .replaceAll(/, +expect: \{[^}]*\}/g, '');
      const text = `${scenario}\nproperties: ${properties}\n`;
      const { machine, monitors } = built(text, { variant: 'memcpy' });
      run(machine, monitors, new RandomScheduler(1), 3000);
      return monitors.violation?.property;
    };
    expect(torn('[no-torn-instruction]')).toBe('no-torn-instruction');
    expect(torn('[quiesced-after-return]')).toBeUndefined();
    expect(torn('{disable: [no-torn-instruction]}')).not.toBe('no-torn-instruction');
  });

  it('shares nothing with another one that was built from the same file', () => {
    const loaded = loadScenario(worker('cpus: 1'), 'scenario.yaml');
    const [one, other] = [buildScenario(loaded), buildScenario(loaded)];
    const hash = other.machine.hash();
    expect(one.machine.hash()).toBe(hash);
    run(one.machine, one.monitors, new RoundRobin(), 10);
    expect(other.machine.hash()).toBe(hash);
  });
});

describe('the call-swap scenario', () => {
  const text = Buffer.from(read('scenarios/call-swap.yaml')).toString();

  it('holds under text_poke_bp, whatever the seed', () => {
    for (const seed of [1, 2, 3]) {
      const { machine, monitors } = built(text, { variant: 'text-poke-bp' });
      const result = run(machine, monitors, new RandomScheduler(seed), 4000);
      expect([seed, result.end]).toEqual([seed, { kind: 'limit' }]);
    }
  });

  it('is torn under memcpy soon, whatever the seed', () => {
    for (const seed of [1, 2, 3]) {
      const { machine, monitors } = built(text, { variant: 'memcpy' });
      const { end, steps } = run(machine, monitors, new RandomScheduler(seed), 5000);
      expect([seed, end.kind, end.kind === 'violated' && end.violation.property]).toEqual([
        seed,
        'violated',
        'no-torn-instruction',
      ]);
      expect(steps).toBeLessThan(2000);
    }
  });

  it('goes the same way on both backends', () => {
    const [wasm, bigint] = (['wasm', 'bigint'] as const).map((backend) => {
      const { machine, monitors } = built(text, { backend });
      const { hash, steps, end } = run(machine, monitors, new RandomScheduler(5), 2500);
      return { hash, steps, end };
    });
    expect(wasm).toEqual(bigint);
  });
});

describe('a scenario with an ELF file', () => {
  it('runs what a compiler made, and patches it', () => {
    const text = Buffer.from(read('examples/crc-t10dif/crc-t10dif.yaml')).toString();
    const files = new Map([['crc-t10dif.elf', read('examples/crc-t10dif/crc-t10dif.elf')]]);
    const { machine, monitors, symbols, symbolAddresses } = built(text, { files });
    const result = run(machine, monitors, new RoundRobin(), 30_000);
    expect(result.end).toEqual({ kind: 'limit' });
    expect(machine.memory.text.now).toBeGreaterThan(10);
    expect(symbols.format((symbolAddresses.get('crc_t10dif_table') ?? 0n) + 1n)).toBe('crc_t10dif_table+0x1');
  });

  it('sees the names of the file in assembly, in tasks and in patches', () => {
    // inc %eax; ret
    const segments = [{ address: 0xffffffffa0000000n, bytes: [0xff, 0xc0, 0xc3] }];
    const elf = buildElf({ segments, symbols: [{ name: 'in_file', address: 0xffffffffa0000000n }] }).bytes;
    const text = `
scenario: elf
budgets: {reschedule: 0}
text:
  - {elf: lib.elf}
  - base: 0xffffffff81000000
    asm: |
      start:  call in_file
      site:   .nops 5
              hlt
cpus: 1
sites: {site: {clobbers: [rax], flag-clobbers: all}}
tasks: {worker: {cpu: 0, entry: start, registers: {rbx: in_file}}}
`;
    const { machine, monitors } = built(text, { files: new Map([['lib.elf', elf]]) });
    expect(machine.state(0).gpr('rbx')).toBe(0xffffffffa0000000n);
    expect(run(machine, monitors, new RoundRobin(), 50).end.kind).toBe('finished');
    expect(machine.state(0).gpr('rax')).toBe(1n);
  });
});
