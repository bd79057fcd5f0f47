import { describe, expect, it } from 'vitest';
import { Conformity } from '../../src/conform/conformity.js';
import { parseVector } from '../../src/conform/parse-vector.js';
import { Tally } from '../../src/conform/tally.js';

const vector = (bytes: string, final: object, more: object = {}) =>
  parseVector(JSON.stringify({ name: 'test', bytes, initial: { rip: '1000' }, final, ...more }), 'v.jsonl', 1);

const NOP = vector('90', { rip: '1001' });
const WRONG_NOP = vector('90', { rip: '1002' });
const ADDPS = vector('0f58c1', {});
const JUMP = vector('66eb00', {});

describe('both backends', () => {
  const both = new Conformity(['wasm', 'bigint']);

  it('pass what passes on each', () => {
    expect(both.run(NOP)).toEqual({ kind: 'passed' });
  });

  it('tell once what they differ in alike', () => {
    expect(both.run(WRONG_NOP)).toEqual({
      kind: 'failed',
      findings: [{ backends: ['wasm', 'bigint'], mismatches: [{ what: 'rip', recorded: '1002', got: '1001' }] }],
    });
  });

  it('pass nothing that one of them has not', () => {
    expect(both.run(ADDPS)).toEqual({ kind: 'unsupported', reason: 'addps (Addps_xmm_xmmm128)' });
    expect(both.run(JUMP)).toMatchObject({ kind: 'incomparable' });
  });
});

describe('one backend', () => {
  it.each(['wasm', 'bigint'] as const)('is alone with %s', (backend) => {
    expect(new Conformity([backend]).run(WRONG_NOP)).toMatchObject({ findings: [{ backends: [backend] }] });
  });
});

describe('a tally', () => {
  const both = new Conformity(['wasm', 'bigint']);
  const tally = new Tally();
  for (const each of [NOP, WRONG_NOP, NOP, ADDPS, JUMP, vector('9090', { rip: '1002' }, { until: 2 })]) {
    tally.add(each, both.run(each));
  }

  it('counts every outcome apart', () => {
    expect(tally.counts).toEqual({ passed: 3, failed: 1, unsupported: 1, leftOut: 1 });
    expect(tally.tests).toBe(6);
  });

  it('counts by mnemonic, programs in one place', () => {
    const none = { passed: 0, failed: 0, unsupported: 0, leftOut: 0 };
    expect(tally.byMnemonic()).toEqual([
      { ...none, mnemonic: '(program)', passed: 1 },
      { ...none, mnemonic: 'addps', unsupported: 1 },
      { ...none, mnemonic: 'jmp', leftOut: 1 },
      { ...none, mnemonic: 'nop', passed: 2, failed: 1 },
    ]);
  });

  it('keeps the reasons', () => {
    expect(tally.reasonsOf('unsupported')).toEqual([{ reason: 'addps (Addps_xmm_xmmm128)', count: 1 }]);
    expect(tally.reasonsOf('incomparable')).toEqual([
      { reason: 'an operand-size prefix on a near branch, which Intel ignores and AMD obeys', count: 1 },
    ]);
  });
});
