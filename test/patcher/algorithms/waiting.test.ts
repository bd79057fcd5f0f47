import { describe, expect, it } from 'vitest';
import { reachable } from './reachable.js';
import { CALL_F, type WorldSetup, worldOf } from './world.js';

const outcome = (setup: WorldSetup): { violated: string[]; stuck: boolean } => {
  const { violations, stuck } = reachable(worldOf(setup));
  return { violated: [...violations.keys()].sort(), stuck: stuck !== 0 };
};

const SAFE = { violated: [], stuck: false };

describe('a site that is executed with interrupts off', () => {
  it('keeps a handler that retries, and with it the patcher, for ever: T7', () => {
    expect(outcome({ algorithm: 'int3-retries', irqOff: true })).toEqual({ violated: [], stuck: true });
    expect(outcome({ algorithm: 'int3-retries', irqOff: false })).toEqual(SAFE);
  });

  it('is no matter where the handler emulates or a stub stands in', () => {
    for (const algorithm of ['text-poke-bp', 'stub-sti', 'stub-static', 'stub-r10-r11', 'stop-machine']) {
      expect([algorithm, outcome({ algorithm, irqOff: true })]).toEqual([algorithm, SAFE]);
    }
    // With IF=0 the plain stub is as good as the other one.
    expect(outcome({ algorithm: 'stub-plain', irqOff: true })).toEqual(SAFE);
  });

  it('lets the plain stub come to grief only when interrupts are on', () => {
    expect(outcome({ algorithm: 'stub-plain' })).toEqual({ violated: ['no-use-after-reuse'], stuck: false });
  });
});

describe('a CPU that never turns interrupts on', () => {
  it('stops everything that has to wait for it', () => {
    for (const algorithm of ['text-poke-bp', 'aligned-store-sync', 'stop-machine']) {
      expect([algorithm, outcome({ algorithm, if: 0 })]).toEqual([algorithm, { violated: [], stuck: true }]);
    }
    expect(outcome({ algorithm: 'aligned-store', if: 0 })).toEqual(SAFE);
  });
});

describe('emulation without the stack gap', () => {
  it('damages the frame where RSP is a multiple of 16: T12', () => {
    expect(outcome({ algorithm: 'emulate-no-gap' })).toEqual({ violated: ['int3-handled'], stuck: false });
  });

  it('works by luck where it is 8 past one: the padding takes the push', () => {
    expect(outcome({ algorithm: 'emulate-no-gap', unaligned: true })).toEqual(SAFE);
  });

  it('is no matter where nothing is pushed', () => {
    const setup = { algorithm: 'emulate-no-gap', from: CALL_F, to: ['.nops 5'] };
    expect(outcome(setup)).toEqual(SAFE);
  });
});
