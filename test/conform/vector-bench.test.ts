import { describe, expect, it } from 'vitest';
import { mismatchText } from '../../src/conform/mismatch.js';
import { parseVector } from '../../src/conform/parse-vector.js';
import { VectorBench } from '../../src/conform/vector-bench.js';

/** A vector as a recorder writes it: at 10001000, with one page of data at 20000000. */
function vectorOf(bytes: string, initial: object, final: object, more: object = {}) {
  return parseVector(
    JSON.stringify({
      name: 'test',
      bytes,
      initial: { rip: '10001000', rflags: '202', ram: [['20000000', '00']], ...initial },
      final: { rip: '10001000', ram: [], ...final },
      ...more,
    }),
    'test.jsonl',
    1,
  );
}

describe.each(['wasm', 'bigint'] as const)('the bench on the %s backend', (backend) => {
  const bench = new VectorBench(backend, 1000);
  /** The result, its mismatches in words. */
  const run = (...vector: Parameters<typeof vectorOf>) => {
    const result = bench.run(vectorOf(...vector));
    return result.kind === 'failed' ? { ...result, mismatches: result.mismatches.map(mismatchText) } : result;
  };

  it('passes a vector whose whole state is as recorded', () => {
    // add %rbx,%rax
    const result = run('4801d8', { rax: 'ff', rbx: '1' }, { rip: '10001003', rflags: '212', rax: '100' });
    expect(result).toEqual({ kind: 'failed', mismatches: ['rflags: recorded 212, got 216'] });
    expect(run('4801d8', { rax: 'ff', rbx: '1' }, { rip: '10001003', rflags: '216', rax: '100' })).toEqual({
      kind: 'passed',
    });
  });

  it('tells every difference in words', () => {
    // push %rax
    const wrong = { rip: '10001002', rax: '6', ram: [['20000ff8', '0600000000000000']] };
    expect(run('50', { rax: '5', rsp: '20001000' }, wrong)).toEqual({
      kind: 'failed',
      mismatches: [
        'rax: recorded 6, got 5',
        'rsp: recorded 20001000, got 20000ff8',
        'rip: recorded 10001002, got 10001001',
        '[20000ff8]: recorded 06, got 05',
      ],
    });
  });

  it('takes memory that was written but not recorded for a difference', () => {
    const result = run('50', { rax: '5', rsp: '20001000' }, { rip: '10001001', rsp: '20000ff8' });
    expect(result).toEqual({ kind: 'failed', mismatches: ['[20000ff8]: recorded 00, got 05'] });
  });

  it('does not compare undefined flags, nor RF and TF', () => {
    // imul %ebx,%eax: SF ZF AF PF are undefined
    const final = { rip: '10001003', rax: '6', rflags: '103d6' };
    expect(run('0fafc3', { rax: '2', rbx: '3' }, final, { undefined: 'd4' })).toEqual({ kind: 'passed' });
    expect(run('0fafc3', { rax: '2', rbx: '3' }, final, { undefined: '0' }).kind).toBe('failed');
  });

  it('takes the undefined flags from the instruction tables when a vector does not say', () => {
    const imul = { rip: '10001003', rax: '6', rflags: '2d6' };
    expect(run('0fafc3', { rax: '2', rbx: '3' }, imul)).toEqual({ kind: 'passed' });
    // CF of IMUL is defined.
    expect(run('0fafc3', { rax: '2', rbx: '3' }, { ...imul, rflags: '2d7' }).kind).toBe('failed');
    // imul %ebx,%eax; test %eax,%eax: all but AF are defined again
    const test = { rip: '10001005', rax: '6', rflags: '206' };
    expect(run('0fafc385c0', { rax: '2', rbx: '3' }, test, { until: 2 })).toEqual({ kind: 'passed' });
    expect(run('0fafc385c0', { rax: '2', rbx: '3' }, { ...test, rflags: '216' }, { until: 2 }).kind).toBe('passed');
    expect(run('0fafc385c0', { rax: '2', rbx: '3' }, { ...test, rflags: '246' }, { until: 2 }).kind).toBe('failed');
    // imul %ebx,%eax; shl $0,%eax, which leaves the flags as they are
    expect(run('0fafc3c1e000', { rax: '2', rbx: '3' }, { ...imul, rip: '10001006' }, { until: 2 }).kind).toBe('passed');
  });

  it('runs so many instructions, a repeated one being one', () => {
    // inc %eax; rep stosb; inc %eax; inc %eax
    const final = {
      rip: '10001006',
      rax: '9',
      rcx: '0',
      rdi: '20000013',
      rflags: '206',
      ram: [['20000010', '080808']],
    };
    const initial = { rax: '7', rcx: '3', rdi: '20000010' };
    expect(run('ffc0f3aaffc0ffc0', initial, final, { until: 3 })).toEqual({ kind: 'passed' });
    expect(run('ffc0f3aaffc0ffc0', initial, { ...final, rip: '10001008', rax: 'a' }, { until: 4 }).kind).toBe('passed');
  });

  it('runs a program to its INT3, which ends behind it', () => {
    // 1: dec %ecx; jnz 1b; int3
    const final = { rip: '10001005', rcx: '0', rflags: '246' };
    expect(run('ffc975fccc', { rcx: '9' }, final, { until: 'int3' })).toEqual({ kind: 'passed' });
    const exception = { vector: 3, error: 0 };
    expect(run('ffc975fccc', { rcx: '9' }, { ...final, exception }, { until: 'int3' })).toEqual({ kind: 'passed' });
    // One instruction alone that is an INT3 is an exception, which must have been recorded.
    expect(run('cc', {}, { rip: '10001001' })).toEqual({
      kind: 'failed',
      mismatches: ['exception: recorded none, got #BP'],
    });
  });

  it('takes another end of a program for a difference', () => {
    expect(run('0f0bcc', {}, {}, { until: 'int3' })).toEqual({
      kind: 'failed',
      mismatches: ['exception: recorded none, got #UD'],
    });
    expect(run('ebfe', {}, {}, { until: 'int3' })).toEqual({
      kind: 'failed',
      mismatches: ['end: recorded INT3, got none in 1000 steps'],
    });
    expect(run('f4cc', {}, { rip: '10001001' }, { until: 'int3', cpl: 0 })).toEqual({
      kind: 'failed',
      mismatches: ['end: recorded INT3, got HLT'],
    });
  });

  it('runs to a HLT, which is privileged', () => {
    expect(run('90f4', {}, { rip: '10001002' }, { until: 'hlt', cpl: 0 })).toEqual({ kind: 'passed' });
    const exception = { vector: 13, error: 0 };
    expect(run('90f4', {}, { rip: '10001001', exception }, { until: 'hlt' })).toEqual({ kind: 'passed' });
  });

  it('has the segment bases that a vector names', () => {
    // mov %gs:8,%rax; mov %fs:8,%rbx
    const initial = {
      ram: [
        ['20000008', '0500000000000000'],
        ['20001008', '0600000000000000'],
      ],
    };
    const bases = { fs_base: '20001000', gs_base: '20000000' };
    const code = '65488b042508000000' + '64488b1c2508000000';
    const final = { rip: '10001012', rax: '5', rbx: '6' };
    expect(run(code, { ...initial, ...bases }, final, { until: 2 })).toEqual({ kind: 'passed' });
    expect(run(code, initial, final, { until: 2, ...bases })).toEqual({ kind: 'passed' });
    expect(run('90', {}, { rip: '10001001', fs_base: '1' })).toEqual({
      kind: 'failed',
      mismatches: ['fs_base: recorded 1, got 0'],
    });
  });

  it('has the vector registers that a vector names, and none of them from the one before', () => {
    const xmm3 = '8123456789abcdef0011223344556677';
    expect(run('90', { xmm3, xmm15: '5' }, { rip: '10001001', xmm3, xmm15: '5' })).toEqual({ kind: 'passed' });
    expect(run('90', { xmm3 }, { rip: '10001001' })).toEqual({ kind: 'passed' });
    expect(run('90', {}, { rip: '10001001', xmm3 })).toEqual({
      kind: 'failed',
      mismatches: [`xmm3: recorded ${xmm3}, got 0`],
    });
  });

  it('writes where a page of code has bytes of memory as well', () => {
    // mov %al,0x100(%rip)
    const at = [['10001106', '05']];
    const initial = { rax: '5', ram: [['10001106', '00']] };
    expect(run('880500010000', initial, { rip: '10001006', ram: at })).toEqual({ kind: 'passed' });
    const fault = { exception: { vector: 14, error: 7, cr2: '10001106' } };
    expect(run('880500010000', { rax: '5' }, fault)).toEqual({ kind: 'passed' });
  });

  it('tells neighbouring bytes of memory as one difference', () => {
    const recorded = { rip: '10001003', ram: [['20000008', '0100000000000002']] };
    expect(run('488907', { rax: '5', rdi: '20000008' }, recorded)).toEqual({
      kind: 'failed',
      mismatches: ['[20000008]: recorded 01, got 05', '[2000000f]: recorded 02, got 00'],
    });
    const all = { rip: '10001003', ram: [['20000008', '1111111111111111']] };
    expect(run('488907', { rax: '5', rdi: '20000008' }, all)).toEqual({
      kind: 'failed',
      mismatches: ['[20000008]: recorded 1111111111111111, got 0500000000000000'],
    });
  });

  it('never passes what the simulated processors do not have', () => {
    expect(run('90', { ymm3: '0' }, { rip: '10001001' })).toEqual({ kind: 'unsupported', reason: 'register ymm3' });
    expect(run('90', {}, { rip: '10001001', mxcsr: '0' })).toEqual({ kind: 'unsupported', reason: 'register mxcsr' });
    expect(run('90', {}, { rip: '10001001' }, { cpl: 1 })).toEqual({ kind: 'unsupported', reason: 'CPL 1' });
    const ram = Array.from({ length: 1024 }, (_, page) => [(0x20000000 + page * 0x1000).toString(16), '00']);
    expect(run('90', { ram }, { rip: '10001001' })).toEqual({
      kind: 'unsupported',
      reason: 'more than 1024 pages of memory',
    });
    expect(run('90', { ram: ram.slice(1) }, { rip: '10001001' })).toEqual({ kind: 'passed' });
  });

  it('compares exceptions, their error codes and CR2', () => {
    // mov (%rax),%rbx
    const at = (exception: object | undefined) => run('488b18', { rax: '30000004' }, exception ? { exception } : {});
    expect(at({ vector: 14, error: 4, cr2: '30000004' })).toEqual({ kind: 'passed' });
    expect(at({ vector: 14, error: 6, cr2: '30000000' })).toEqual({
      kind: 'failed',
      mismatches: ['error code: recorded 6, got 4', 'cr2: recorded 30000000, got 30000004'],
    });
    expect(at({ vector: 13 })).toEqual({ kind: 'failed', mismatches: ['exception: recorded #GP, got #PF'] });
    expect(at(undefined)).toEqual({ kind: 'failed', mismatches: ['exception: recorded none, got #PF'] });
  });

  it('runs a repeated instruction to its end, or to the iteration that faults', () => {
    // rep stosb
    const stored = { rip: '10001002', rcx: '0', rdi: '20000013', ram: [['20000010', '070707']] };
    expect(run('f3aa', { rax: '7', rcx: '3', rdi: '20000010' }, stored)).toEqual({ kind: 'passed' });
    const cut = {
      rcx: '1',
      rdi: '20001000',
      ram: [['20000ffe', '0707']],
      exception: { vector: 14, error: 6, cr2: '20001000' },
    };
    expect(run('f3aa', { rax: '7', rcx: '3', rdi: '20000ffe' }, cut)).toEqual({ kind: 'passed' });
  });

  it('executes a branch to itself once', () => {
    expect(run('ebfe', {}, {})).toEqual({ kind: 'passed' });
    expect(run('f3ebfd', {}, {})).toEqual({ kind: 'passed' });
  });

  it('names what is not implemented', () => {
    expect(run('0f58c1', {}, {})).toEqual({ kind: 'unsupported', reason: 'addps (Addps_xmm_xmmm128)' });
  });

  it('does not compare what processors do differently, and says why', () => {
    const reason = (...vector: Parameters<typeof vectorOf>): string => {
      const result = run(...vector);
      return result.kind === 'incomparable' ? result.reason : result.kind;
    };
    expect(reason('66eb00', {}, {})).toContain('operand-size prefix on a near branch');
    expect(reason('2e66e800000000', {}, {})).toContain('operand-size prefix on a near branch');
    expect(reason('66c3', {}, {})).toContain('operand-size prefix on a near branch');
    expect(reason('f2e000', {}, {})).toContain('LOOPE or LOOPNE');
    expect(reason('f34ee100', {}, {})).toContain('LOOPE or LOOPNE');
    expect(reason('660fa4d811', {}, {})).toContain('double shift');
    expect(reason('660fadd8', { rcx: '31' }, {})).toContain('double shift');
    // xchg %rbx,%rcx; shrd %cl,%bx,%ax
    expect(reason('4887d9660fadd8', { rbx: '11', rcx: '1' }, {}, { until: 2 })).toContain('double shift');
    expect(reason('4887d9660fadd8', { rbx: '1', rcx: '11' }, {}, { until: 2 })).toBe('failed');
    for (const far of ['480fb410', '4d0fb500', '480fb200', '48ff28', '48ff18']) {
      expect(reason(far, {}, {})).toContain('far pointer with 64 bits');
    }
    expect(reason('0f0dc0', {}, {})).toContain('0F 0D with a register');
    expect(reason('66410f0dc8', {}, {})).toContain('0F 0D with a register');
  });

  it('compares what only looks like it', () => {
    const compared = (...vector: Parameters<typeof vectorOf>): boolean =>
      ['passed', 'failed'].includes(run(...vector).kind);
    expect(compared('eb66', {}, {})).toBe(true);
    expect(compared('f2e200', {}, {})).toBe(true);
    expect(compared('e0f2', {}, {})).toBe(true);
    expect(compared('660fa4d810', {}, {})).toBe(true);
    expect(compared('0fa4d811', {}, {})).toBe(true);
    for (const far of ['0fb410', 'ff28', 'ff18', '48cb']) expect(compared(far, {}, {})).toBe(true);
    expect(compared('480f0218', {}, {})).toBe(true);
    expect(compared('0f0d00', { ram: [['20000000', '00']], rax: '20000000' }, {})).toBe(true);
    expect(compared('0f19c0', {}, {})).toBe(true);
    expect(compared('6601d8', {}, {})).toBe(true);
  });

  it('leaves nothing of one vector to the next', () => {
    // mov %rax,(%rdi) to a page that the next vector does not have
    const first = { rip: '10001003', ram: [['20000008', '0500000000000000']] };
    expect(run('488907', { rax: '5', rdi: '20000008' }, first)).toEqual({ kind: 'passed' });
    const second = { exception: { vector: 14, error: 4, cr2: '20000008' } };
    expect(run('488b07', { rdi: '20000008', ram: [] }, second)).toEqual({ kind: 'passed' });
    expect(run('488b07', { rax: '1', rdi: '20000008' }, { rip: '10001003', rax: '0' })).toEqual({ kind: 'passed' });
  });
});
