import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CELL, cpuBase } from '../../src/cpu/cells.js';
import { StaleFetch } from '../../src/cpu/stale-fetch.js';
import { canonicalText, type FetchableText } from '../../src/machine/canonical-text.js';
import { Memory } from '../../src/memory/memory.js';
import { memoryOf, type RandomText, randomFrom, randomStores, randomText, rulesOf } from '../litmus/random-text.js';

const CPUS = 2;
type Version = readonly [time: number, value: number, cpu?: number];

const versions = (...all: readonly Version[]) => all.map(([time, value, cpu]) => ({ time, value, cpu }));

function text(more: Partial<FetchableText>): FetchableText {
  return { versions: new Map(), now: 9, floors: [0, 0], unitFloors: [new Map(), new Map()], ...more };
}

describe('Canonical text', () => {
  it('forgets versions that every floor has passed, and bytes of which one version is left', () => {
    const canonical = canonicalText(
      text({
        versions: new Map([
          [7, versions([0, 1], [2, 2, 0], [5, 3, 1])],
          [8, versions([0, 1], [3, 2, 0])],
        ]),
        floors: [3, 4],
      }),
    );
    expect(canonical).toEqual({
      versions: new Map([[7, versions([0, 2], [1, 3, 1])]]),
      now: 1,
      floors: [0, 0],
      unitFloors: [new Map(), new Map()],
    });
  });

  it('numbers text times by their order', () => {
    const canonical = canonicalText(
      text({
        versions: new Map([
          [7, versions([0, 1], [20, 2, 0])],
          [9, versions([0, 1], [10, 3, 1], [30, 4, 0])],
        ]),
        now: 40,
        floors: [15, 0],
        unitFloors: [new Map([[8, 33]]), new Map([[8, 11], [0, 5]])], // biome-ignore format: a row
      }),
    );
    expect(canonical.now).toBe(3);
    expect(canonical.floors).toEqual([1, 0]);
    expect(canonical.versions).toEqual(
      new Map([
        [7, versions([0, 1], [2, 2, 0])],
        [9, versions([0, 1], [1, 3, 1], [3, 4, 0])],
      ]),
    );
    // A floor below the first change, and one that is not above that of the CPU, says nothing.
    expect(canonical.unitFloors).toEqual([new Map([[8, 3]]), new Map([[8, 1]])]);
  });

  it('keeps who stored a version that is still ahead of somebody', () => {
    const all = versions([0, 1], [1, 2, 0], [2, 3, 1]);
    const cpus = (floors: readonly number[]): (number | undefined)[] | undefined =>
      canonicalText(text({ versions: new Map([[7, all]]), floors }))
        .versions.get(7)
        ?.map(({ cpu }) => cpu);
    expect(cpus([0, 1])).toEqual([undefined, 0, 1]);
    expect(cpus([1, 1])).toEqual([undefined, 1]);
    expect(cpus([2, 2])).toBeUndefined();
  });

  it('does not depend on the order in which bytes were first stored to', () => {
    const [a, b] = [[7, versions([0, 1], [1, 2])] as const, [8, versions([0, 1], [2, 2])] as const];
    const one = canonicalText(text({ versions: new Map([a, b]) }));
    const other = canonicalText(text({ versions: new Map([b, a]) }));
    expect([...one.versions]).toEqual([...other.versions]);
  });
});

/** A CPU goes on by a fetch, or serialises; by number. */
interface Happening {
  readonly cpu: number;
  readonly number: number;
}
const happenings = fc.array(fc.record({ cpu: fc.nat(CPUS - 1), number: fc.nat(20) }), { maxLength: 4 });

class World {
  readonly fetch: StaleFetch;

  constructor(
    private readonly random: RandomText,
    private readonly from: number,
    readonly memory: Memory,
  ) {
    memoryOf(random, memory);
    for (let cpu = 0; cpu < CPUS; cpu++) memory.linear.setInt32(cpuBase(cpu) + CELL.fetchFloor, 0);
    this.fetch = new StaleFetch(this.memory, rulesOf(random), CPUS);
  }

  get rip(): bigint {
    return BigInt(this.random.base + this.from);
  }

  store({ cpu, at, bytes }: { readonly cpu: number; readonly at: number; readonly bytes: readonly number[] }): void {
    const address = BigInt(this.random.base + at);
    const mapped = bytes.filter((_, i) => this.memory.pageAt(address + BigInt(i)) !== undefined);
    this.memory.text.writer = cpu;
    if (mapped.length > 0) this.memory.storeBytes(address, Uint8Array.from(mapped));
  }

  happen({ cpu, number }: Happening): void {
    if (number === 0) this.fetch.serialized(cpu);
    else if (number === 1 && this.memory.pageAt(this.rip) !== undefined) this.fetch.ownStore(cpu, this.rip, 1, 'same');
    else {
      const choices = this.fetch.choices(cpu, this.rip);
      this.fetch.executed(cpu, choices?.[number % Math.max(choices.length, 1)]);
    }
  }

  /** What each CPU may fetch now, byte for byte and in this order, and what is current. */
  get offered(): string[][] {
    return Array.from({ length: CPUS }, (_, cpu) =>
      (this.fetch.choices(cpu, this.rip) ?? []).map(({ times, fetched, byteTimes }) => {
        const bytes = fetched.bytes.subarray(0, byteTimes.length).join();
        const current = this.fetch.isCurrent(cpu, this.rip, times) ? ' current' : '';
        const stale = byteTimes.map((time, i) => time !== this.memory.text.timeOf(fetched.offsets[i] ?? 0));
        return `${bytes}${current} ${stale.join()}`;
      }),
    );
  }

  get canonical(): FetchableText {
    const { now, bytes } = this.memory.text.save();
    const floors = Array.from({ length: CPUS }, (_, cpu) => this.fetch.floor(cpu));
    return canonicalText({ versions: bytes, now, floors, unitFloors: this.fetch.save() });
  }

  /** Forgets the past. */
  canonicalise(): void {
    const { versions: bytes, now, floors, unitFloors } = this.canonical;
    this.memory.text.restore({ now, bytes });
    floors.forEach((floor, cpu) => {
      this.fetch.setFloor(cpu, floor);
    });
    this.fetch.restore(unitFloors);
  }
}

describe('Canonicalising text', () => {
  it('changes nothing that anybody may fetch, now or later, and is the same when done again', () => {
    const [one, other] = [new Memory(3), new Memory(3)];
    const round = fc.tuple(randomStores(2), happenings);
    fc.assert(
      fc.property(randomText, randomFrom, fc.array(round, { minLength: 1, maxLength: 4 }), (random, from, rounds) => {
        const [kept, forgetful] = [new World(random, from, one), new World(random, from, other)];
        for (const [stores, happened] of rounds) {
          for (const world of [kept, forgetful]) {
            for (const store of stores) world.store(store);
            for (const happening of happened) world.happen(happening);
          }
          const { offered } = kept;
          expect(forgetful.offered).toEqual(offered);
          expect(forgetful.canonical).toEqual(kept.canonical);
          forgetful.canonicalise();
          expect(forgetful.offered).toEqual(offered);
          expect(forgetful.canonical).toEqual(kept.canonical);
        }
      }),
      { numRuns: 300 },
    );
  });
});
