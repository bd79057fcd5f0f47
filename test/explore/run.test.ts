import { describe, expect, it } from 'vitest';
import { RandomScheduler } from '../../src/explore/random-scheduler.js';
import { recordedEnd } from '../../src/explore/recorded-end.js';
import { RoundRobin } from '../../src/explore/round-robin.js';
import { run } from '../../src/explore/run.js';
import { verdictOf, verdictText } from '../../src/explore/verdict.js';
import { procedure } from '../../src/machine/procedure.js';
import { NAIVE_MEMCPY } from '../../src/patcher/naive-memcpy.js';
import { Monitors } from '../../src/property/monitors.js';
import { type Setup, World } from '../machine/world.js';
import { CALL_CLOBBERS, type PatchSetup, PatchWorld } from '../patcher/patch-world.js';

const SWAP: PatchSetup = {
  asm: 'worker: site: call.rel32 f; jmp worker; masked: jmp masked; idle: hlt; jmp idle; f: ret; .skip 0x1234; g: ret',
  sites: { site: { clobbers: CALL_CLOBBERS } },
  patches: [{ site: 'site', new: 'call.rel32 g' }],
  workers: ['worker'],
};

const runPatch = (setup: Partial<PatchSetup>, limit = 2000) => {
  const { machine, monitors } = new PatchWorld({ ...SWAP, ...setup });
  return run(machine, monitors, new RoundRobin(), limit);
};

const runWorld = (setup: Setup, limit = 100) => {
  const { machine } = new World(setup);
  const monitors = new Monitors(machine, { sites: [], patches: [], ranges: new Map() });
  return { ...run(machine, monitors, new RoundRobin(), limit), machine };
};

describe('a run', () => {
  it('ends at the limit of steps', () => {
    const result = runPatch({}, 25);
    expect([result.end, result.steps, result.schedule.length]).toEqual([{ kind: 'limit' }, 25, 25]);
  });

  it('of no steps is over at once', () => {
    expect(runPatch({}, 0)).toMatchObject({ end: { kind: 'limit' }, steps: 0, schedule: [] });
  });

  it('is finished when nothing is enabled: all returned, or halted', () => {
    const result = runPatch({ workers: ['idle'] });
    expect(result.end).toEqual({ kind: 'finished', waiting: [] });
    expect(result.steps).toBeLessThan(200);
  });

  it('is finished too when procedures wait for ever, and names them and what they wait for', () => {
    const forever = procedure('waiter', (p) => {
      p.step('before', () => {});
      p.wait('for what never comes', () => false);
    });
    const done = procedure('done', (p) => p.step('one', () => {}));
    const result = runWorld({ asm: 'here: hlt', cpus: 4, tasks: [forever, 'here', done, forever] });
    expect(result.end).toEqual({
      kind: 'finished',
      waiting: [
        { cpu: 0, procedure: 'waiter', label: 'for what never comes' },
        { cpu: 3, procedure: 'waiter', label: 'for what never comes' },
      ],
    });
  });

  it('names the sync core that waits for a CPU which halted with IF=0', () => {
    const result = runPatch({ workers: ['idle'], if: 0 });
    expect(result.end).toEqual({
      kind: 'finished',
      waiting: [{ cpu: 0, procedure: 'smp_text_poke_sync_each_cpu (text_poke_sync)', label: 'wait for all acks' }],
    });
  });

  it('is stopped, not finished, when a CPU stopped for good and nothing forbids it; such a CPU does not wait', () => {
    const dies = procedure('dies', (p) => {
      p.step('die', (c) => c.host.stop(c.cpu, 'BUG'));
      p.step('never', () => {});
    });
    const { machine } = new World({ tasks: [dies] });
    const monitors = new Monitors(machine, { sites: [], patches: [], ranges: new Map() }, []);
    expect(run(machine, monitors, new RoundRobin(), 10).end).toMatchObject({
      kind: 'stopped',
      stop: { cpu: 0, kind: 'died', reason: 'BUG' },
      waiting: [],
    });
  });

  it('names those who wait for a CPU that stopped for good', () => {
    const asm = 'worker: site: call.rel32 f; f: ud2; g: ret';
    const { end } = runPatch({ asm, properties: ['no-torn-instruction'] });
    expect(end).toEqual({
      kind: 'stopped',
      stop: expect.objectContaining({ cpu: 1, kind: 'unhandled-exception', reason: 'unhandled #UD' }),
      waiting: [{ cpu: 0, procedure: 'smp_text_poke_sync_each_cpu (text_poke_sync)', label: 'wait for all acks' }],
    });
    expect(verdictText(verdictOf(end))).toBe('INCONCLUSIVE a CPU stopped');
    expect(recordedEnd(end, '0'.repeat(16))).toEqual({
      kind: 'stopped',
      cpu: '1',
      address: expect.stringMatching(/^0xffffffff81/),
      reason: 'unhandled #UD',
      hash: '0'.repeat(16),
    });
  });

  it('ends with the step that violates a property', () => {
    // The worker comes to the site between the two bytes that differ.
    const asm = `start: nop; nop; ${SWAP.asm}`;
    const result = runPatch({ asm, workers: ['start'], algorithm: NAIVE_MEMCPY });
    expect(result.end).toMatchObject({
      kind: 'violated',
      violation: { property: 'no-torn-instruction', step: result.steps },
    });
    expect(result.schedule.at(-1)).toEqual({ kind: 'instruction', cpu: 1 });
  });

  it('ends at an instruction outside the implemented set, with no verdict', () => {
    const result = runWorld({ asm: 'here: nop; .byte 0xd9, 0xe8', tasks: ['here'] });
    expect(result.end).toMatchObject({
      kind: 'unsupported',
      stop: { cpu: 0, kind: 'unsupported', reason: 'unsupported instruction d9 e8' },
    });
    expect(result.steps).toBe(2);
  });

  it('gives the hash of its end, and its schedule leads there again', () => {
    const world = new PatchWorld(SWAP);
    const result = run(world.machine, world.monitors, new RandomScheduler(9), 700);
    const again = new PatchWorld(SWAP);
    for (const step of result.schedule) again.apply(step);
    expect([again.machine.hash(), world.machine.hash()]).toEqual([result.hash, result.hash]);
  });

  it('of the same seed is the same on both backends', () => {
    const [wasm, bigint] = (['wasm', 'bigint'] as const).map((backend) => {
      const { machine, monitors } = new PatchWorld({ ...SWAP, workers: ['worker', 'worker'], backend, order: 'any' });
      return run(machine, monitors, new RandomScheduler(11), 1500);
    });
    expect(wasm).toEqual(bigint);
  });
});
