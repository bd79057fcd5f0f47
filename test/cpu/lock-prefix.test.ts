import { describe, expect, it } from 'vitest';
import { decode } from '../../src/cpu/decode.js';
import { stepper } from './machine-with.js';
import { surveyed } from './survey.js';

/** SDM Vol. 2A, "LOCK": with these, and only where the destination operand is in memory. */
const LOCKABLE: ReadonlySet<string> = new Set([
  ...['add', 'adc', 'and', 'btc', 'btr', 'bts', 'cmpxchg', 'cmpxchg8b', 'cmpxchg16b', 'dec', 'inc', 'neg', 'not'],
  ...['or', 'sbb', 'sub', 'xor', 'xadd', 'xchg'],
]);

const samples = surveyed.flatMap(({ code, mnemonic, samples }) =>
  samples.map((bytes) => ({ code, bytes, lockable: LOCKABLE.has(mnemonic) && writesMemory(bytes) })),
);

/** The first operand is in memory: the `m` of a handler's form. */
function writesMemory(bytes: Uint8Array): boolean {
  const decoded = decode(bytes);
  return decoded.kind === 'instruction' && /^[^/]*\/m/.test(decoded.handler);
}

const locked = (bytes: Uint8Array) => Uint8Array.of(0xf0, ...bytes).slice(0, 15);

describe('the prefix LOCK', () => {
  it('is #UD with every encoding that it is not allowed with', () => {
    const wrong = samples.filter(({ bytes, lockable }) => !lockable && decode(locked(bytes)).kind !== 'undefined');
    expect(wrong.map(({ code, bytes }) => `${code} ${Buffer.from(bytes).toString('hex')}`)).toEqual([]);
  });

  it('leads to the same handler with every encoding that it is allowed with', () => {
    const lockable = samples.filter((sample) => sample.lockable);
    const handler = (bytes: Uint8Array) => {
      const decoded = decode(bytes);
      return decoded.kind === 'instruction' ? decoded.handler : decoded.kind;
    };
    expect(lockable.map(({ bytes }) => handler(locked(bytes)))).toEqual(lockable.map(({ bytes }) => handler(bytes)));
    expect(lockable.length).toBeGreaterThan(90);
  });

  it('is #UD when it is executed, on both backends', () => {
    const run = stepper();
    const implemented = surveyed.filter(({ state }) => state === 'implemented').map(({ code }) => code);
    const wrong = samples.filter(({ code, lockable }) => !lockable && implemented.includes(code));
    for (const { code, bytes } of wrong) {
      const m = run({ code: Buffer.from(locked(bytes)).toString('hex') });
      expect([code, m.exception, m.accesses]).toEqual([code, '#UD', []]);
    }
  });
});
