import { describe, expect, it } from 'vitest';
import { parseVector } from '../../src/conform/vector.js';
import { InputError } from '../../src/input-error.js';

const GOOD = {
  name: 'add:Add_rm64_r64',
  bytes: '4801d8',
  undefined: '10',
  initial: { rip: 'ffffffff81000000', rflags: '202', rax: '1', ram: [['20000000', '0011']] },
  final: { rax: '2', ram: [], exception: { vector: 14, error: 2, cr2: '20001000' } },
};

const parse = (json: unknown) => parseVector(typeof json === 'string' ? json : JSON.stringify(json), 'v.jsonl', 7);

describe('a line of a vector file', () => {
  it('is read as it stands', () => {
    const vector = parse(GOOD);
    expect(vector).toMatchObject({
      name: 'add:Add_rm64_r64',
      bytes: Uint8Array.of(0x48, 0x01, 0xd8),
      undefinedFlags: 0x10n,
      initial: { rip: 0xffffffff81000000n, rflags: 0x202n },
      final: { rip: 0xffffffff81000000n, rflags: undefined, exception: { vector: 14, error: 2, cr2: 0x20001000n } },
    });
    expect([...vector.initial.registers]).toEqual([['rax', 1n]]);
    expect(vector.initial.ram).toEqual([{ address: 0x20000000n, bytes: Uint8Array.of(0, 0x11) }]);
  });

  it('may leave out the name, the undefined flags and the exception', () => {
    const { name, undefined: flags, ...rest } = { ...GOOD, final: { ram: [] } };
    expect(parse(rest)).toMatchObject({ name: 'line 7', undefinedFlags: 0n });
    expect(parse(rest).final.exception).toBeUndefined();
  });

  it.each([
    ['no JSON', '{', 'not a JSON object'],
    ['a list', '[]', 'not a JSON object'],
    ['no initial state', { ...GOOD, initial: undefined }, 'no "initial"'],
    ['no final state', { ...GOOD, final: 3 }, 'no "final"'],
    ['no RIP', { ...GOOD, initial: { ram: [] } }, 'no "rip"'],
    ['odd bytes', { ...GOOD, bytes: '480' }, '"bytes" is not a string of hex digits'],
    ['a register that is no number', { ...GOOD, final: { rax: 5 } }, '"rax" is not a hex number'],
    ['a register of 65 bits', { ...GOOD, final: { rax: '10000000000000000' } }, '"rax" is not a hex number'],
    ['memory without an address', { ...GOOD, final: { ram: [[]] } }, 'an address in "ram" is not a hex number'],
    ['memory without bytes', { ...GOOD, final: { ram: [['10', 'x']] } }, 'bytes in "ram" are not hex digits'],
    ['an exception without a vector', { ...GOOD, final: { exception: {} } }, '"vector" is not a number'],
  ])('is refused with %s, by file and line', (_, json, message) => {
    try {
      parse(json);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      expect(error).toMatchObject({ message: `not a test vector: ${message}`, location: { file: 'v.jsonl', line: 7 } });
    }
  });
});
