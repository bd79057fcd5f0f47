import { describe, expect, it } from 'vitest';
import { parseVector } from '../../src/conform/parse-vector.js';
import { finalRegister, initialRegister } from '../../src/conform/vector.js';
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
      until: 1,
      missingRegisters: [],
      final: { exception: { vector: 14, error: 2, cr2: 0x20001000n } },
    });
    expect([...vector.initial.registers]).toEqual([
      ['rax', 1n],
      ['rip', 0xffffffff81000000n],
      ['rflags', 0x202n],
    ]);
    expect(vector.initial.ram).toEqual([{ address: 0x20000000n, bytes: Uint8Array.of(0, 0x11) }]);
    expect([...vector.final.registers]).toEqual([['rax', 2n]]);
  });

  it('may leave out everything but the code and the two states', () => {
    const vector = parse({ bytes: '90', initial: {}, final: {} });
    expect(vector).toMatchObject({ name: 'line 7', undefinedFlags: undefined, until: 1 });
    expect(vector.final.exception).toBeUndefined();
    expect(vector.initial.ram).toEqual([]);
  });

  it('has registers that are 0 when nobody says otherwise, but for CPL 3, and that stay as they were', () => {
    const vector = parse({ bytes: '90', initial: { rax: '5', rbx: '6' }, final: { rbx: '7' } });
    const states = (['rax', 'rbx', 'rcx', 'rip', 'rflags', 'cpl'] as const).map((name) => [
      initialRegister(vector, name),
      finalRegister(vector, name),
    ]);
    expect(states).toEqual([
      [5n, 5n],
      [6n, 7n],
      [0n, 0n],
      [0n, 0n],
      [2n, 2n],
      [3n, 3n],
    ]);
  });

  it.each([
    ['int3', 'int3'],
    ['hlt', 'hlt'],
    [50, 50],
    ['32', 50],
  ])('ends where "until": %j says', (until, wanted) => {
    expect(parse({ ...GOOD, until }).until).toBe(wanted);
  });

  it('names segment bases and the privilege level in its states, or beside them', () => {
    const inside = parse({ ...GOOD, initial: { fs_base: '1000', gs_base: '2000', cpl: '0' } });
    const outside = parse({ ...GOOD, initial: {}, fs_base: '1000', gs_base: '2000', cpl: 0 });
    for (const { initial } of [inside, outside]) {
      expect([...initial.registers]).toEqual([
        ['fs_base', 0x1000n],
        ['gs_base', 0x2000n],
        ['cpl', 0n],
      ]);
    }
  });

  it('may name registers that only real processors have', () => {
    const ymm0 = '00112233445566778899aabbccddeeff'.repeat(2);
    const vector = parse({ ...GOOD, initial: { ymm0, mxcsr: '1f80' }, final: { ymm0, xmm16: '0' } });
    expect(vector.missingRegisters).toEqual(['mxcsr', 'xmm16', 'ymm0']);
  });

  it('names vector registers by 32 hex digits or fewer, the most significant first', () => {
    const xmm0 = '00112233445566778899aabbccddeeff';
    const vector = parse({ ...GOOD, initial: { xmm0, xmm15: 'a' }, final: { xmm15: 'b' } });
    const states = (['xmm0', 'xmm1', 'xmm15'] as const).map((name) => [
      initialRegister(vector, name),
      finalRegister(vector, name),
    ]);
    const whole = 0x00112233445566778899aabbccddeeffn;
    expect(states).toEqual([
      [whole, whole],
      [0n, 0n],
      [0xan, 0xbn],
    ]);
    expect(vector.missingRegisters).toEqual([]);
  });

  it.each([
    ['no JSON', '{', 'not a JSON object'],
    ['a list', '[]', 'not a JSON object'],
    ['no initial state', { ...GOOD, initial: undefined }, 'no "initial"'],
    ['no final state', { ...GOOD, final: 3 }, 'no "final"'],
    ['odd bytes', { ...GOOD, bytes: '480' }, '"bytes" is not a string of hex digits'],
    ['no bytes', { ...GOOD, bytes: '' }, '"bytes" is empty'],
    ['undefined flags that are no number', { ...GOOD, undefined: 16 }, '"undefined" is not a hex number'],
    ['no end', { ...GOOD, until: 'ret' }, '"until" is not "int3", "hlt" or a number above 0'],
    ['an end before the beginning', { ...GOOD, until: 0 }, '"until" is not "int3", "hlt" or a number above 0'],
    ['a register that is no number', { ...GOOD, final: { rax: 5 } }, '"rax" is not a hex number'],
    ['RFLAGS that are no number', { ...GOOD, final: { rflags: 'x' } }, '"rflags" is not a hex number'],
    ['a register of 65 bits', { ...GOOD, final: { rax: '10000000000000000' } }, '"rax" is not a hex number'],
    ['an XMM register that is no number', { ...GOOD, final: { xmm1: 'q' } }, '"xmm1" is not a hex number'],
    ['an XMM register of 132 bits', { ...GOOD, final: { xmm1: '0'.repeat(33) } }, '"xmm1" is not a hex number'],
    ['a YMM register that is no number', { ...GOOD, final: { ymm1: 'q' } }, '"ymm1" is not a hex number'],
    ['a privilege level that is none', { ...GOOD, cpl: 4 }, '"cpl" is not a number from 0 to 3'],
    ['a register twice', { ...GOOD, initial: { cpl: 3 }, cpl: 0 }, '"cpl" is given twice'],
    ['memory that is no list', { ...GOOD, final: { ram: {} } }, '"ram" is not a list'],
    ['memory without an address', { ...GOOD, final: { ram: [[]] } }, 'an address in "ram" is not a hex number'],
    ['memory without bytes', { ...GOOD, final: { ram: [['10', 'x']] } }, 'bytes in "ram" are not hex digits'],
    ['memory with more', { ...GOOD, final: { ram: [['10', '00', 1]] } }, 'an entry of "ram" is not [address, bytes]'],
    [
      'memory nowhere',
      { ...GOOD, final: { ram: [['800000000000', '00']] } },
      'memory at 800000000000 is not at canonical addresses',
    ],
    [
      'memory behind the end',
      { ...GOOD, final: { ram: [['ffffffffffffffff', '0000']] } },
      'memory at ffffffffffffffff goes beyond the end of the address space',
    ],
    [
      'code behind the end',
      { ...GOOD, initial: { rip: 'ffffffffffffffff' } },
      'the code goes beyond the end of the address space',
    ],
    [
      'code that leaves the canonical addresses',
      { ...GOOD, initial: { rip: '7ffffffffffe' } },
      'the code is not at canonical addresses',
    ],
    ['an exception that is none', { ...GOOD, final: { exception: 14 } }, '"exception" is not an object'],
    ['an exception without a vector', { ...GOOD, final: { exception: {} } }, '"vector" is not a number from 0 to 255'],
    ['an error code in hex', { ...GOOD, final: { exception: { vector: 14, error: '2' } } }, '"error" is not a number'],
    ['a field that nobody reads', { ...GOOD, undefind: '0' }, 'unknown field "undefind"'],
    ['a register that there is not', { ...GOOD, final: { raxx: '0' } }, 'unknown register "raxx"'],
  ])('is refused with %s, by file and line', (_, json, message) => {
    let refusal: unknown;
    try {
      parse(json);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(InputError);
    expect(refusal).toMatchObject({ message: `not a test vector: ${message}`, location: { file: 'v.jsonl', line: 7 } });
  });

  it('is refused with a hint where a name is nearly right', () => {
    expect(() => parse({ ...GOOD, undefind: '0' })).toThrow(
      expect.objectContaining({ hint: "did you mean 'undefined'?" }),
    );
  });
});
