import { describe, expect, it } from 'vitest';
import { assembleInstruction } from '../../../src/encoder/assemble.js';
import { AT, stepper } from '../machine-with.js';

const ALL = 0xffffffffffffffffn;
const load = stepper();

/** One instruction, written in AT&T syntax. */
function run(text: string, setup: Omit<Parameters<typeof load>[0], 'code'> = {}) {
  return load({ ...setup, code: Buffer.from(assembleInstruction(text, AT.code)).toString('hex') });
}

describe('ADCX and ADOX', () => {
  it('are two chains of carries that leave each other alone', () => {
    const x = run('adcx %rbx,%rax', { rax: ALL, rbx: 0n, flags: 'CF OF ZF' });
    expect([x.reg('rax'), x.flags]).toEqual([0n, 'CF ZF OF']);
    const o = run('adox %ebx,%eax', { rax: 1n, rbx: 0xfffffffen, flags: 'SF' });
    expect([o.reg('rax'), o.flags]).toEqual([0xffffffffn, 'SF']);
    const last = run('adox %ebx,%eax', { rax: 1n, rbx: 0xfffffffen, flags: 'OF SF' });
    expect([last.reg('rax'), last.flags]).toEqual([0n, 'SF OF']);
  });
});
