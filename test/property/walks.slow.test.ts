import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Machine } from '../../src/machine/machine.js';
import { formatStep, type Step } from '../../src/machine/step.js';
import type { Monitors } from '../../src/property/monitors.js';
import { type BuiltScenario, buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';

const SCENARIO = `scenario: walks
text:
  - base: 0xffffffff8100c0bc
    asm: |
      worker:
      site:   call.rel32 old
              push %rbx
              pop %rcx
              jmp.rel8 worker
  - base: 0xffffffff82000000
    asm: |
      old:    mov $1, %ebx
              ret
              .skip 0x1234
      new:    mov $2, %ebx
              ret
  - {name: stub, base: 0xffffffff83000000, size: 33}
sites:
  site: {clobbers: [rax, rcx, rdx, rsi, rdi, r8, r9, r10, r11], flag-clobbers: all}
cpus: 3
tasks:
  patcher: {cpu: 0, procedure: patch}
  worker:  {cpu: [1, 2], entry: worker, stack: {private: 4096}}
patch:
  repeat: 3
  list:
    - {site: site, new: "call.rel32 new"}
    - {site: site, new: "call.rel32 old"}
budgets: {reschedule: 2, nmi: 1}
properties: {enable: [no-old-after-sync1]}
check:
  always: {small: "worker@1.rbx in (0, 1, 2)", stacked: "[worker@2.rsp - 8] in (0, site) or worker@2.rbx"}
  sometimes: {called: "worker@1.rip == new", gone: "worker@2.rip == worker@1.rip"}
  finally: {never: "worker@1.rax"}
variants:
  ideal: {}
  stub: {algorithm: stub-plain}
  no-sync: {algorithm: text-poke-bp-no-sync, profile: paranoid}
  skips: {algorithm: int3-skips, profile: amd-apm}
  memcpy: {algorithm: memcpy, profile.fetch: undefined-xmc-strict}
  strict: {profile: {name: intel-sdm, fetch: undefined-xmc}}
`;

const loaded = loadScenario(SCENARIO, 'walks.yaml');

const built = (variant: string, backend: 'wasm' | 'bigint' = 'wasm'): BuiltScenario =>
  buildScenario(loaded, { variant, backend });

function choose(machine: Machine, number: number): Step | undefined {
  const steps = machine.enabled();
  return steps[number % Math.max(1, steps.length)];
}

/** Everything that is known at the end: the state, what the monitors keep, what they found but for the events before. */
function ending({ machine, monitors }: { machine: Machine; monitors: Monitors }): string {
  const { violation } = monitors;
  const all = { hash: machine.hash(), kept: monitors.save(), violation, enabled: machine.enabled().map(formatStep) };
  return JSON.stringify(all, (key, value: unknown) => {
    if (key === 'events') return undefined;
    return typeof value === 'bigint' ? String(value) : value;
  });
}

const choices = fc.array(fc.nat(1000), { minLength: 50, maxLength: 400 });

describe('monitors along random walks', () => {
  for (const variant of loaded.variants) {
    const [here, there] = [built(variant), built(variant)];
    const [start, otherStart] = [here.machine.save(), there.machine.save()];

    it(`find the same when the machine was elsewhere in between: ${variant}`, () => {
      fc.assert(
        fc.property(choices, fc.array(fc.nat(1000), { maxLength: 20 }), fc.nat(15), (numbers, detour, every) => {
          here.machine.restore(start);
          there.machine.restore(otherStart);
          numbers.forEach((number, index) => {
            const step = choose(here.machine, number);
            if (step === undefined) return;
            here.machine.apply(step);
            if (index % (every + 2) === 0) {
              const snapshot = there.machine.save();
              for (const other of detour) {
                const away = choose(there.machine, other);
                if (away !== undefined) there.machine.apply(away);
              }
              there.machine.restore(snapshot);
            }
            there.machine.apply(step);
          });
          expect(ending(there)).toBe(ending(here));
        }),
        { numRuns: 15 },
      );
    });
  }

  it('change nothing: a machine of which nothing is asked comes to the same states by the same steps', () => {
    const unwatched = loadScenario(
      SCENARIO.replace(/^properties:[\s\S]*(?=^variants:)/m, 'properties: []\n'),
      'walks.yaml',
    );
    expect(unwatched.variant().check.always).toEqual([]);
    for (const variant of loaded.variants) {
      const [one, other] = [built(variant).machine, buildScenario(unwatched, { variant }).machine];
      const [start, otherStart] = [one.save(), other.save()];
      fc.assert(
        fc.property(choices, (numbers) => {
          one.restore(start);
          other.restore(otherStart);
          for (const number of numbers) {
            const step = choose(other, number);
            if (step === undefined) break;
            one.apply(step);
            other.apply(step);
            expect([one.hash(), one.enabled()]).toEqual([other.hash(), other.enabled()]);
          }
        }),
        { numRuns: 5 },
      );
    }
  });

  it('find the same on both backends', () => {
    const [wasm, bigint] = [built('no-sync'), built('no-sync', 'bigint')];
    const starts = [wasm.machine.save(), bigint.machine.save()] as const;
    fc.assert(
      fc.property(choices, (numbers) => {
        wasm.machine.restore(starts[0]);
        bigint.machine.restore(starts[1]);
        for (const number of numbers) {
          const step = choose(wasm.machine, number);
          if (step === undefined) break;
          wasm.machine.apply(step);
          bigint.machine.apply(step);
        }
        expect(ending(wasm)).toBe(ending(bigint));
      }),
      { numRuns: 10 },
    );
    expect(wasm.monitors.goals).toEqual(bigint.monitors.goals);
  });
});
