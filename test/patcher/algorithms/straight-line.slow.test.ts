import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/input-error.js';
import type { Patch } from '../../../src/machine/patch.js';
import { type STRAIGHT_LINE_HANDLERS, straightLine } from '../../../src/patcher/straight-line.js';
import { parseStep, VOCABULARY } from '../../../src/patcher/vocabulary.js';
import { reachable } from './reachable.js';
import { builtIn, steppedWorld } from './stepped-world.js';
import { NOP5, worldOf } from './world.js';

const TEXT_POKE_BP = ['publish', 'write-int3', 'sync', 'write-tail', 'sync', 'write-first-byte', 'sync', 'retire'];

/** The message and hint of the InputError that `action` throws. */
function errorOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof InputError) return `${error.message} (${error.hint})`;
    throw error;
  }
  return 'no error';
}

const violated = (steps: readonly string[], handler: string, from = NOP5, rules = ''): string[] => {
  const algorithm = `{handler: ${handler}, steps: [${steps.map((step) => `"${step}"`)}]}`;
  const { violations, stuck } = reachable(worldOf({ algorithm, from, rules }));
  return [...violations.keys(), ...(stuck === 0 ? [] : ['stuck'])].sort();
};

describe('a straight-line algorithm', () => {
  it('does for one site what text_poke_bp does, but for the look at the array', () => {
    const [ours, kernels] = [straightLine('mine', 'emulate', TEXT_POKE_BP), builtIn('text-poke-bp')].map((algorithm) =>
      steppedWorld(algorithm).finish().labels(),
    );
    const only = ['if (!text_poke_array.nr_entries) return', 'text_poke_array.vec[i].old = *addr'];
    expect(ours).toEqual(kernels?.filter((label) => !only.includes(label)));
  });

  it('is text_poke_bp, and violates nothing, whatever is fetched', () => {
    expect(violated(TEXT_POKE_BP, 'emulate')).toEqual([]);
    expect(violated(TEXT_POKE_BP, 'emulate', NOP5, 'fetch: any, unit: 1')).toEqual([]);
  });

  it('applies the patches of a batch one by one', () => {
    const world = steppedWorld(straightLine('mine', 'emulate', ['write-int3', 'write-first-byte']), {
      patches: [
        { site: 'site', new: 'call.rel32 g' },
        { site: 'site', new: 'call.rel32 f' },
      ],
      batches: [2],
      workers: ['spin'],
    }).finish();
    const stores = world.events.flatMap((event) => (event.kind === 'text-store' ? [event.after[0]] : []));
    expect(stores).toEqual([0xcc, 0xe8, 0xcc, 0xe8]);
  });

  it('goes wrong where a step is missing', () => {
    const without = (word: string): string[] => TEXT_POKE_BP.filter((other) => other !== word);
    // The handler finds nothing, ever.
    expect(
      violated(
        without('publish').filter((word) => word !== 'retire'),
        'emulate',
      ),
    ).toEqual(['int3-handled']);
    // Nobody handles #BP at all.
    expect(violated(TEXT_POKE_BP, 'none')).toEqual(['int3-handled']);
    // INT3 is not there to keep CPUs from the tail.
    expect(violated(without('write-int3'), 'emulate')).toEqual(['no-torn-instruction']);
    // INT3 stays.
    expect(violated(without('write-first-byte'), 'emulate')).toEqual(['int3-handled', 'quiesced-after-return']);
    // Nothing keeps a handler from the array while it is emptied.
    const forgetful = ['publish', 'write-int3', 'sync', 'write-tail', 'sync', 'write-first-byte', 'forget'];
    expect(violated(forgetful, 'emulate')).toEqual(['int3-handled', 'no-use-after-reuse']);
    expect(violated([...TEXT_POKE_BP.slice(0, -1), 'forget'], 'emulate')).toEqual([]);
  });

  it('has the handler that it names', () => {
    const call = 'call.rel32 f';
    expect(violated(TEXT_POKE_BP, 'skip', call)).toEqual(['site-effect']);
    expect(violated(TEXT_POKE_BP, 'skip')).toEqual([]);
    expect(violated(TEXT_POKE_BP, 'retry', call)).toEqual([]);
  });

  it('stores, pokes and syncs by itself', () => {
    expect(violated(['store', 'sync'], 'none')).toEqual([]);
    expect(violated(['store 0..4', 'sync'], 'none', NOP5, 'fetch: torn, unit: 1')).toEqual(['no-torn-instruction']);
    expect(violated(['store'], 'none', NOP5, 'fetch: monotone, unit: 8')).toEqual(['quiesced-after-return']);
    // Serialising the patcher alone helps nobody.
    expect(violated(['store', 'sync-self'], 'none', NOP5, 'fetch: monotone, unit: 8')).toEqual([
      'quiesced-after-return',
    ]);
    expect(violated(['poke'], 'none')).toEqual(['no-torn-instruction']);
    const byHand = ['publish', 'write-int3', 'sync', 'poke 1..4', 'sync', 'poke 0', 'sync', 'retire'];
    expect(violated(byHand, 'emulate')).toEqual([]);
  });

  it('keeps the interrupts of the patcher off between irq-off and irq-on', () => {
    const world = steppedWorld(straightLine('mine', 'none', ['irq-off', 'store', 'irq-on', 'sync-self']));
    const enabled: (readonly [string | undefined, boolean])[] = [];
    while (!world.machine.isFinished(0)) {
      enabled.push([world.next(), world.machine.state(0).interruptsEnabled]);
      world.proc();
    }
    expect(enabled.slice(1, -1)).toEqual([
      ['local_irq_disable()', true],
      ['store the bytes at once', false],
      ['local_irq_enable()', false],
      ['sync_core() on this CPU', true],
    ]);
  });

  it('declares goals by what it does', () => {
    const goals = (steps: readonly string[]) => steppedWorld(straightLine('mine', 'none', steps)).installed.goals;
    expect(goals(['write-int3', 'write-tail', 'sync'])).toEqual([
      'int3-executed',
      'half-written-fetched',
      'ipi-waited-for-if',
    ]);
    expect(goals(['store', 'sync'])).toEqual([]);
  });
});

describe('the vocabulary', () => {
  it('says what each word means', () => {
    for (const [word, { title }] of VOCABULARY) {
      expect(title).not.toBe('');
      expect(parseStep(word)).toEqual({ text: word, word, range: undefined });
    }
  });

  it('reads bytes after the words that take them', () => {
    expect(parseStep('poke 1..4').range).toEqual({ first: 1, last: 4 });
    expect(parseStep('  store   0 ').range).toEqual({ first: 0, last: 0 });
  });

  it('refuses what it does not know, and says what may have been meant', () => {
    expect(errorOf(() => parseStep('write-int'))).toContain(
      "unknown step 'write-int' (did you mean 'write-int3'? known: publish,",
    );
    expect(errorOf(() => parseStep(''))).toContain("unknown step ''");
    expect(errorOf(() => parseStep('constructor'))).toContain("unknown step 'constructor'");
    expect(errorOf(() => parseStep('poke one'))).toContain("step 'poke one': expected bytes as in 'poke 1..4'");
    expect(errorOf(() => parseStep('poke 1..2..3'))).toContain("expected bytes as in 'poke 1..4'");
    expect(errorOf(() => parseStep('sync 1'))).toContain("step 'sync' takes no bytes");
    expect(errorOf(() => parseStep('poke 4..1'))).toContain("step 'poke 4..1' is about no byte");
  });

  it('refuses to drop references that nobody took: that would wait for ever', () => {
    const message = "step 'retire' has no 'publish' before it (it drops what publish has set)";
    expect(errorOf(() => straightLine('mine', 'none', ['retire']))).toBe(message);
    expect(errorOf(() => straightLine('mine', 'none', ['publish', 'retire', 'retire']))).toBe(message);
    expect(errorOf(() => straightLine('mine', 'none', ['publish', 'forget', 'retire']))).toBe(message);
    expect(errorOf(() => straightLine('mine', 'none', ['publish', 'retire', 'publish', 'retire']))).toBe('no error');
  });

  it('refuses to poke outside the site', () => {
    const patch = (length: number): Patch => ({
      site: 'here',
      address: 0xffffffff81000000n,
      bytes: new Uint8Array(length).fill(0x90),
      emulate: undefined,
    });
    const require = (step: string, length: number): string =>
      errorOf(() => straightLine('mine', 'none', [step]).require?.(patch(length)));
    expect(require('poke 2..5', 5)).toBe(
      "step 'poke 2..5' pokes outside site here, which is 5 bytes long (its bytes are 0..4)",
    );
    expect(require('store 1', 1)).toContain('pokes outside site here');
    expect(require('poke 0..4', 5)).toBe('no error');
    expect(require('poke', 9)).toContain("step 'poke' writes more than 8 bytes of site here");
    expect(require('poke 0..7', 9)).toBe('no error');
  });

  it('asks for an instruction that can be emulated only where one is published or handled', () => {
    const nop: Patch = { site: 'here', address: 0xffffffff81000000n, bytes: Uint8Array.of(0x90), emulate: undefined };
    const ask = (handler: (typeof STRAIGHT_LINE_HANDLERS)[number], steps: readonly string[]): string =>
      errorOf(() => straightLine('mine', handler, steps).require?.(nop));
    expect(ask('none', ['poke'])).toBe('no error');
    expect(ask('emulate', ['poke'])).toContain('the int3 handler cannot emulate 90');
    expect(ask('none', ['publish', 'poke'])).toContain('the int3 handler cannot emulate 90');
  });

  it('works as often as it is used in one algorithm', () => {
    const steps = [...TEXT_POKE_BP, ...TEXT_POKE_BP, ...TEXT_POKE_BP, 'poke', 'store', 'poke'];
    const world = steppedWorld(straightLine('mine', 'emulate', steps)).finish();
    expect([world.text('site', 5), world.violated]).toEqual(['e803000000', undefined]);
  });
});
