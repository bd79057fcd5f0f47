import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StateVector } from '../../src/machine/state-vector.js';
import { type BuiltScenario, buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';
import { plainKey } from '../../src/search/plain-key.js';

const SCENARIO = `scenario: vectors
text:
  - base: 0xffffffff8100c0bc
    asm: |
      worker:
      site:   call.rel32 old
              push %rbx
              pop %rcx
              xorb $1, shared(%rip)
              jmp.rel8 worker
  - base: 0xffffffff82000000
    asm: |
      old:    mov $1, %ebx
              ret
              .skip 0x1234
      new:    mov $2, %ebx
              ret
  - {name: stub, base: 0xffffffff83000000, size: 33}
data: [{name: shared, base: 0xffffffff83800000, size: 8}]
sites:
  site: {clobbers: [rax, rcx, rdx, rsi, rdi, r8, r9, r10, r11], flag-clobbers: all}
cpus: 3
tasks:
  patcher: {cpu: 0, procedure: patch}
  worker:  {cpu: [1, 2], entry: worker, stack: {private: 4096}}
  second:  {cpu: 2, entry: worker}
patch:
  repeat: 50
  list:
    - {site: site, new: "call.rel32 new"}
    - {site: site, new: "call.rel32 old"}
budgets: {reschedule: 30, nmi: 30}
variants:
  ideal: {}
  stores: {algorithm: memcpy, properties: [interrupt-flag]}
  stub: {algorithm: stub-plain, profile: amd-apm}
  paranoid: {profile: paranoid}
  per-unit: {algorithm: text-poke-bp-no-sync, profile: {name: ideal, fetch: per-unit, unit: 2}, properties: [interrupt-flag, no-use-after-reuse]}
  torn: {algorithm: int3-retries, profile: {name: intel-practice, fetch: torn, unit: 1}}
  strict: {algorithm: memcpy, profile: {name: intel-sdm, fetch: undefined-xmc-strict}, properties: [no-old-after-sync1]}
`;
const VARIANTS = ['ideal', 'stores', 'stub', 'paranoid', 'per-unit', 'torn', 'strict'];
const loaded = loadScenario(SCENARIO, 'vectors.yaml');

const numbers = (max: number): fc.Arbitrary<number[]> =>
  fc.array(fc.nat(1023), { minLength: 1, maxLength: max, size: 'max' });

/** A machine, and its states as vectors. */
class World {
  private readonly built: BuiltScenario;
  readonly vector: StateVector;

  constructor(variant: string) {
    this.built = buildScenario(loaded, { variant });
    this.vector = this.built.machine.vector();
  }

  /** Goes on by the steps that the numbers choose; ends where a property is violated. */
  walk(choices: readonly number[]): void {
    const { machine, monitors } = this.built;
    for (const number of choices) {
      const steps = machine.enabled();
      const step = steps[number % Math.max(1, steps.length)];
      if (step === undefined || monitors.violation !== undefined) return;
      machine.apply(step);
    }
  }

  /** The vector of the state that the machine is in. */
  get ids(): Int32Array {
    this.vector.read();
    return this.vector.ids.slice(0, this.vector.length);
  }

  /** All of the state, without vectors. */
  get key(): string {
    const { machine } = this.built;
    return plainKey(machine, machine.save());
  }

  get enabled(): unknown {
    return this.built.machine.enabled().map((step) => ({ ...step, times: undefined }));
  }
}

/** Lines that came later are as they were in the beginning. */
const trimmed = (ids: Int32Array): string => [...ids].join().replace(/(,0)+$/, '');

describe.each(VARIANTS)('Vectors of states, %s:', (variant) => {
  const one = new World(variant);
  const first = one.ids;

  it('writing a vector puts the machine into its state, whatever state it is in', () => {
    fc.assert(
      fc.property(numbers(150), numbers(150), numbers(80), (before, after, again) => {
        one.vector.write(first, first.length);
        one.walk(before);
        const [ids, key, enabled] = [one.ids, one.key, one.enabled];
        one.walk(again);
        const end = trimmed(one.ids);
        one.walk(after);
        one.vector.write(ids, ids.length);
        expect(one.key).toBe(key);
        expect(one.enabled).toEqual(enabled);
        expect(trimmed(one.ids)).toBe(trimmed(ids));
        one.walk(again);
        expect(trimmed(one.ids)).toBe(end);
      }),
      { numRuns: 12 },
    );
  });

  it('they are equal if and only if all of the state is', () => {
    const [ofIds, ofKey] = [new Map<string, string>(), new Map<string, string>()];
    fc.assert(
      fc.property(numbers(40), (choices) => {
        one.vector.write(first, first.length);
        for (const number of choices) {
          one.walk([number]);
          const [ids, key] = [trimmed(one.ids), one.key];
          expect(ofIds.get(ids) ?? key).toBe(key);
          expect(ofKey.get(key) ?? ids).toBe(ids);
          ofIds.set(ids, key);
          ofKey.set(key, ids);
        }
      }),
      { numRuns: 15 },
    );
    expect(ofIds.size).toBeGreaterThan(50);
  });

  it('what marks tell of changes is all that changed', () => {
    fc.assert(
      fc.property(fc.array(numbers(10), { maxLength: 12 }), fc.nat(11), (walks, back) => {
        one.vector.write(first, first.length);
        const kept = [first];
        for (const choices of walks) {
          one.walk(choices);
          const { ids } = one;
          one.vector.forget();
          expect(one.ids).toEqual(ids);
          kept.push(ids);
        }
        const old = kept[back % kept.length] ?? one.ids;
        one.vector.write(old, old.length);
        one.vector.forget();
        expect(trimmed(one.ids)).toBe(trimmed(old));
      }),
      { numRuns: 12 },
    );
  });
});

describe('A vector that brings text back', () => {
  it('lets CPUs execute that, not what they have decoded in another state', () => {
    const { machine } = buildScenario(loaded, { variant: 'stores' });
    const vector = machine.vector();
    vector.read();
    const first = vector.ids.slice(0, vector.length);
    const executed: string[] = [];
    machine.observe({
      instructions: 'all',
      observe: (event) => {
        if (event.kind === 'instruction') executed.push(Buffer.from(event.bytes).toString('hex'));
      },
    });
    const callSite = (): void => machine.apply({ kind: 'instruction', cpu: 1 });
    callSite();
    vector.write(first, first.length);
    for (let i = 0; i < 6; i++) machine.apply({ kind: 'procedure', cpu: 0, choice: Math.max(0, i - 1) });
    callSite();
    vector.write(first, first.length);
    callSite();
    expect(executed).toEqual(['e83f3fff00', 'e87951ff00', 'e83f3fff00']);
  });
});
