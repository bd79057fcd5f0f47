import { describe, expect, it } from 'vitest';
import { assembleInstruction } from '../../../src/encoder/assemble.js';
import { AT, stepper } from '../machine-with.js';

const load = stepper();

/** One instruction, written in AT&T syntax. */
function run(text: string, setup: Omit<Parameters<typeof load>[0], 'code'> = {}) {
  return load({ ...setup, code: Buffer.from(assembleInstruction(text, AT.code)).toString('hex') });
}

describe('CRC32', () => {
  /** The checksum CRC-32C of "123456789", as RFC 3720 defines it. */
  it('computes CRC32C byte by byte, and in pieces alike', () => {
    let bytewise = 0xffffffffn;
    for (const byte of Buffer.from('123456789')) {
      bytewise = run('crc32b %bl,%eax', { rax: bytewise | (7n << 40n), rbx: BigInt(byte) }).reg('rax');
    }
    expect(bytewise ^ 0xffffffffn).toBe(0xe3069283n);
    const words = { [`${AT.data}`]: Buffer.from('12345678').readBigUInt64LE() };
    const eight = run('crc32q (%rdi),%rax', { rax: 0xffffffffn, rdi: AT.data, words }).reg('rax');
    expect(run('crc32b %bl,%rax', { rax: eight, rbx: 0x39n }).reg('rax')).toBe(bytewise);
  });
});
