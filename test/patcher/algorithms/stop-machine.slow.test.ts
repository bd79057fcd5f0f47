import { describe, expect, it } from 'vitest';
import { RandomScheduler } from '../../../src/explore/random-scheduler.js';
import { run } from '../../../src/explore/run.js';
import { reachable } from './reachable.js';
import { CALL_G, NOP5, worldOf } from './world.js';

const setup = { algorithm: 'stop-machine', from: NOP5, to: [CALL_G, NOP5], workers: 3 };

describe('stop_machine', () => {
  it('writes while every other CPU is in multi_cpu_stop with IF=0', () => {
    for (let seed = 0; seed < 10; seed++) {
      const { machine, monitors } = worldOf(setup);
      const seen: (readonly [procedure: string | undefined, enabled: boolean])[] = [];
      machine.observe({
        instructions: 'watched',
        observe(event) {
          if (event.kind !== 'text-store') return;
          for (const { cpu, interruptsEnabled } of machine.cpus) {
            seen.push([cpu === event.cpu ? undefined : machine.procedureAt(cpu)?.procedure, interruptsEnabled]);
          }
        },
      });
      const { end } = run(machine, monitors, new RandomScheduler(seed), 3000);
      expect(['finished', 'limit']).toContain(end.kind);
      expect(machine.isFinished(0)).toBe(true);
      expect(seen.length).toBeGreaterThan(0);
      const places = new Set([undefined, 'multi_cpu_stop', 'stop_machine_text_poke']);
      expect(seen.every(([procedure, enabled]) => places.has(procedure) && !enabled)).toBe(true);
    }
  });

  it('leaves the writing to whichever CPU is the first', () => {
    const writers = new Set<number>();
    for (let seed = 0; seed < 8; seed++) {
      const { machine, monitors } = worldOf(setup);
      machine.observe({
        instructions: 'watched',
        observe: (event) => event.kind === 'text-store' && writers.add(event.cpu),
      });
      run(machine, monitors, new RandomScheduler(seed), 1000);
    }
    expect([...writers].sort()).toEqual([0, 1, 2, 3]);
  });

  it('serialises every CPU after the writing and before it goes on', () => {
    const { machine, monitors } = worldOf(setup);
    const order: string[] = [];
    machine.observe({
      instructions: 'watched',
      observe(event) {
        if (event.kind === 'text-store') order.push('store');
        if (event.kind === 'serialize') order.push(`serialize ${event.cpu}`);
        if (event.kind === 'patch-return') order.push('return');
      },
    });
    run(machine, monitors, new RandomScheduler(1), 3000);
    const first = order.slice(0, order.indexOf('return'));
    const after = first.slice(first.lastIndexOf('store') + 1);
    expect(new Set(after)).toEqual(new Set([0, 1, 2, 3].map((cpu) => `serialize ${cpu}`)));
  });

  it('lets the patcher have its interrupts back, whatever it had', () => {
    const { machine, monitors } = worldOf({ ...setup, workers: 1 });
    run(machine, monitors, new RandomScheduler(0), 3000);
    expect([machine.isFinished(0), machine.state(0).interruptsEnabled]).toEqual([true, true]);
  });

  it('is safe for two patches in a row under every schedule', () => {
    const { violations, stuck } = reachable(worldOf({ ...setup, workers: 1 }));
    expect([[...violations.keys()], stuck]).toEqual([[], 0]);
  });
});
