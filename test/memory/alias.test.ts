import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/input-error.js';
import { Memory } from '../../src/memory/memory.js';
import { DATA, TEXT } from '../../src/memory/page.js';

const CODE = 0x1000n;
const ALIAS = 0x9000n;

function memoryWithAlias(): Memory {
  const memory = new Memory(8);
  memory.map(CODE, 0x2000n, TEXT, Uint8Array.of(0x90, 0x91, 0x92, 0x93));
  memory.map(0x3000n, 1n, DATA);
  memory.mapAlias(ALIAS + 2n, CODE + 2n, 0x1000n, DATA);
  return memory;
}

describe('an alias of text', () => {
  it('has the bytes of the text, and takes no memory', () => {
    const memory = memoryWithAlias();
    expect(memory.read(ALIAS, 4)).toBe(0x93929190n);
    expect(memory.offsetOf(ALIAS + 0x1fffn)).toBe(memory.offsetOf(CODE + 0x1fffn));
  });

  it('may be read and written, and never executed; the text itself stays as it was', () => {
    const memory = memoryWithAlias();
    const allowed = (address: bigint) =>
      (['read', 'write', 'execute'] as const).filter((access) => memory.translate(address, access) !== 0);
    expect([allowed(ALIAS), allowed(CODE)]).toEqual([
      ['read', 'write'],
      ['read', 'execute'],
    ]);
  });

  it('takes stores that are stores to text: an event, versions, and who listens hears where it is executed', () => {
    for (const store of [
      (memory: Memory) => memory.write(ALIAS + 1n, 2, 0xbbaan),
      (memory: Memory) => memory.storeBytes(ALIAS + 1n, Uint8Array.of(0xaa, 0xbb)),
    ]) {
      const memory = memoryWithAlias();
      const heard: unknown[] = [];
      memory.onTextStore = (address, _before, after, time, alias) => heard.push({ address, after, time, alias });
      store(memory);
      expect(heard).toEqual([{ address: CODE + 1n, after: Uint8Array.of(0xaa, 0xbb), time: 1, alias: ALIAS + 1n }]);
      expect(memory.bytes(CODE, 4)).toEqual(Uint8Array.of(0x90, 0xaa, 0xbb, 0x93));
      expect(memory.textTimes(CODE, 4)).toEqual([0, 1, 1, 0]);
    }
  });

  it('leads to the same hash, whichever address was stored through', () => {
    const hashOf = (address: bigint): readonly number[] => {
      const memory = memoryWithAlias();
      memory.write(address + 8n, 8, 0x1122334455667788n);
      return [...memory.written.hash()];
    };
    expect(hashOf(ALIAS)).toEqual(hashOf(CODE));
  });

  it('is gone when memory is cleared', () => {
    const memory = memoryWithAlias();
    memory.clear();
    expect(memory.pageAt(ALIAS)).toBeUndefined();
  });

  it.each([
    ['data', 0xa000n, 0x3000n, 'no text is mapped at 0x3000'],
    ['what is not mapped', 0xa000n, 0x5000n, 'no text is mapped at 0x5000'],
    ['more than there is', 0xb000n, 0x2000n, 'no text is mapped at 0x3000'],
    ['another place of its page', 0xa001n, 0x1000n, 'an alias lies as far into its page as what it is of'],
    ['where something is', 0x3000n, 0x1000n, '0x3000 is mapped already'],
  ])('cannot be of %s', (_what, address, target, message) => {
    const refused = (): void => memoryWithAlias().mapAlias(address, target, 0x1001n, DATA);
    expect(refused).toThrow(InputError);
    expect(refused).toThrow(message);
  });
});
