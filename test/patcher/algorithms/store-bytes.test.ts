import { describe, expect, it } from 'vitest';
import { procedure } from '../../../src/machine/procedure.js';
import type { Algorithm } from '../../../src/patcher/algorithm.js';
import { packBytes, pokeBytes, storeBytes } from '../../../src/patcher/poke-bytes.js';
import { PatchWorld, TEXT_BASE } from '../patch-world.js';

/** Stores ascending bytes at an offset in a line, by `store` or by `poke`, and nothing else. */
function storing(offset: number, length: number, how: number | 'poke'): PatchWorld {
  const algorithm: Algorithm = {
    name: 'storing',
    title: '',
    install: () => ({
      apply: procedure('store', (p) => {
        const what = { address: p.local(), length: p.local(), value: p.local() };
        p.set(what.address, () => TEXT_BASE + 4n + BigInt(offset));
        p.set(what.length, () => BigInt(length));
        p.set(what.value, () => packBytes(Uint8Array.from({ length }, (_, i) => i + 1)));
        if (how === 'poke') pokeBytes(p, 'poke', what, 'any');
        else storeBytes(p, 'store', what, how);
      }),
      idt: new Map(),
      goals: [],
      ranges: new Map(),
    }),
  };
  const asm = '.skip 4; line: .skip 128; site: nop; spin: jmp.rel8 spin';
  const patches = [{ site: 'site', new: 'nop' }];
  return new PatchWorld({ asm, sites: { site: {} }, patches, workers: ['spin'], algorithm, properties: [] }).proc();
}

const choices = (world: PatchWorld): number[] =>
  world.machine.enabled().flatMap((step) => (step.kind === 'procedure' ? [step.choice] : []));

const storeEvents = (world: PatchWorld): number[] =>
  world.events.flatMap((event) => (event.kind === 'text-store' ? [event.after.length] : []));

describe('store', () => {
  it('is one event inside one aligned unit of the store boundary', () => {
    for (const [offset, length, boundary] of [
      [0, 5, 8],
      [3, 5, 8],
      [8, 8, 8],
      [59, 5, 64],
      [0, 1, 1],
      [63, 1, 64],
    ] as const) {
      const world = storing(offset, length, boundary);
      expect(choices(world)).toEqual([0]);
      world.proc();
      expect([offset, storeEvents(world), world.next()]).toEqual([
        offset,
        [length],
        'patch returns; mutex_unlock(&text_mutex)',
      ]);
    }
  });

  it('is a store of each byte in any order where it straddles one', () => {
    for (const [offset, length, boundary] of [
      [4, 5, 8],
      [60, 5, 64],
      [0, 2, 1],
      [57, 8, 64],
    ] as const) {
      const world = storing(offset, length, boundary);
      expect(choices(world)).toEqual(Array.from({ length }, (_, i) => i));
      world.apply({ kind: 'procedure', cpu: 0, choice: 1 });
      expect(choices(world)).toEqual(Array.from({ length }, (_, i) => i).filter((i) => i !== 1));
      world.proc(0, length - 1);
      expect(storeEvents(world)).toEqual(Array.from({ length }, () => 1));
    }
  });

  it('writes the same bytes either way, and as many as it should', () => {
    for (const offset of [0, 60]) {
      for (const how of [8, 64, 'poke'] as const) {
        const world = storing(offset, 5, how).finish();
        const bytes = world.machine.memory.bytes(world.at('line') + BigInt(offset) - 1n, 7);
        expect([...bytes]).toEqual([offset === 0 ? bytes[0] : 0, 1, 2, 3, 4, 5, 0]);
      }
    }
  });

  it('differs from poke, which is never one event', () => {
    expect(choices(storing(0, 5, 'poke'))).toEqual([0, 1, 2, 3, 4]);
    expect(storeEvents(storing(0, 5, 'poke').finish())).toEqual([1, 1, 1, 1, 1]);
  });
});
