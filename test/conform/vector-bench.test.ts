import { describe, expect, it } from 'vitest';
import { parseVector } from '../../src/conform/vector.js';
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
  const bench = new VectorBench(backend);
  const run = (...vector: Parameters<typeof vectorOf>) => bench.run(vectorOf(...vector));

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
    expect(run('0fafc3', { rax: '2', rbx: '3' }, final).kind).toBe('failed');
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
    expect(run('0f58c1', {}, {})).toEqual({ kind: 'unsupported', instruction: 'addps of a special register' });
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
  });

  it('compares what only looks like it', () => {
    const compared = (...vector: Parameters<typeof vectorOf>): boolean =>
      ['passed', 'failed'].includes(run(...vector).kind);
    expect(compared('eb66', {}, {})).toBe(true);
    expect(compared('f2e200', {}, {})).toBe(true);
    expect(compared('e0f2', {}, {})).toBe(true);
    expect(compared('660fa4d810', {}, {})).toBe(true);
    expect(compared('0fa4d811', {}, {})).toBe(true);
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
