import { describe, expect, it } from 'vitest';
import { AT, stepper } from '../machine-with.js';

const run = stepper();

describe('what a bit in CR4 would have to enable', () => {
  it.each([
    ['xgetbv', '0f 01 d0'],
    ['xsetbv', '0f 01 d1'],
    ['rdpkru', '0f 01 ee'],
    ['wrpkru', '0f 01 ef'],
    ['setssbsy', 'f3 0f 01 e8'],
    ['saveprevssp', 'f3 0f 01 ea'],
    ['rstorssp (%rdi)', 'f3 0f 01 2f'],
    ['clrssbsy (%rdi)', 'f3 0f ae 37'],
    ['incsspd %eax', 'f3 0f ae e8'],
    ['incsspq %rax', 'f3 48 0f ae e8'],
    ['wrssd %eax,(%rdi)', '0f 38 f6 07'],
    ['wrssq %rax,(%rdi)', '48 0f 38 f6 07'],
    ['wrussd %eax,(%rdi)', '66 0f 38 f5 07'],
    ['wrussq %rax,(%rdi)', '66 48 0f 38 f5 07'],
  ])('is #UD before all else: %s', (_, code) => {
    for (const cpl of [0, 3] as const) {
      const m = run({ code, cpl, rdi: AT.data, rcx: 1n });
      expect([m.exception, m.accesses]).toEqual(['#UD', []]);
    }
  });

  it('is a NOP in the case of RDSSP, so that its register tells', () => {
    for (const code of ['f3 0f 1e c8', 'f3 48 0f 1e c8']) {
      const m = run({ code, rax: 0x1122334455667788n, cpl: 3 });
      expect([m.exception, m.reg('rax'), m.rip]).toEqual([
        undefined,
        0x1122334455667788n,
        AT.code + BigInt(code.split(' ').length),
      ]);
    }
  });
});
