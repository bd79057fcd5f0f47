import { describe, expect, it } from 'vitest';
import { decode } from '../../src/cpu/decode.js';
import { MAX_INSTRUCTION_LENGTH } from '../../src/cpu/decoded-instruction.js';
import { surveyed } from './survey.js';

const implemented = surveyed.filter(({ state }) => state === 'implemented');
const samples = implemented.flatMap(({ code, samples }) => samples.map((bytes) => ({ code, bytes })));

/** Everything of an instruction but its bytes; what is relative to its address moves with its length. */
function meaning(bytes: Uint8Array, shift = 0n): unknown {
  const decoded = decode(bytes);
  if (decoded.kind !== 'instruction') return decoded.kind;
  const { bytes: _, branch, memory, ...rest } = decoded;
  const displacement = memory?.ripRelative ? memory.displacement - shift : memory?.displacement;
  return { ...rest, branch: branch === undefined ? undefined : branch - shift, memory: { ...memory, displacement } };
}

const wrong = (prefix: readonly number[], among: typeof samples) =>
  among
    .filter(({ bytes }) => bytes.length + prefix.length <= MAX_INSTRUCTION_LENGTH)
    .filter(({ bytes }) => {
      const longer = meaning(Uint8Array.of(...prefix, ...bytes), BigInt(prefix.length));
      return JSON.stringify(longer, text) !== JSON.stringify(meaning(bytes), text);
    })
    .map(({ code, bytes }) => `${code} ${Buffer.from(bytes).toString('hex')}`);
const text = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value);

describe('prefixes that are ignored in 64-bit mode', () => {
  it.each([
    ['ES', 0x26],
    ['CS', 0x2e],
    ['SS', 0x36],
    ['DS', 0x3e],
  ])('the segment override %s changes no implemented instruction', (_, prefix) => {
    expect(wrong([prefix], samples)).toEqual([]);
  });

  it('a REX prefix before another prefix is none', () => {
    const legacy = [0x66, 0x67, 0xf2, 0xf3];
    expect(
      wrong(
        [0x4f],
        samples.filter(({ bytes }) => legacy.includes(bytes[0] ?? 0)),
      ),
    ).toEqual([]);
  });
});
