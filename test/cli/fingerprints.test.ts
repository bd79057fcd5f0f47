import { join } from 'node:path';
import { describe } from 'vitest';
import { ROOT, Workshop } from './xmc.js';

const workshop = new Workshop();
/** 15,577 states, for which 2 MB are too little. */
const check = (...args: string[]) =>
  workshop.xmc(['check', join(ROOT, 'scenarios/aligned-store.yaml'), '--variant', 'coherent', ...args]);

describe.concurrent('xmc check, when memory is used up,', (it) => {
  it('goes on with fingerprints, and says so beside the verdict', async ({ expect }) => {
    const { code, stdout, stderr } = await check('--max-memory', '2');
    expect(stderr).toMatch(
      /^xmc: note: coherent: 2 MB are in use after [\d,]+ states: from here on 64-bit fingerprints /,
    );
    expect(stdout).toMatch(/^coherent {2}VERIFIED probabilistic p <= 6\.6e-12 {2}15,577 states, .*; as expected$/m);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(/all reductions; after [\d,]+ states by 64-bit fingerprints/);
    expect(code).toBe(0);
  });

  it('ends there with --no-fingerprints', async ({ expect }) => {
    const { code, stdout, stderr } = await check('--max-memory', '2', '--no-fingerprints');
    expect([code, stderr]).toEqual([3, '']);
    expect(stdout).toMatch(/^coherent {2}INCONCLUSIVE limit of 2 MB {2}/m);
  });

  it('tells the probability and what it rests on as JSON', async ({ expect }) => {
    const args = ['--max-memory', '2', '--fingerprint-seed', '5', '--json'];
    const { code, stdout } = await check(...args);
    const [variant] = JSON.parse(stdout).variants;
    const { states, fingerprints, verdict, proof } = variant;
    expect([code, verdict, proof]).toEqual([0, 'VERIFIED', 'probabilistic']);
    expect(fingerprints).toEqual({
      bits: 64,
      seed: 5,
      exactStates: expect.any(Number),
      omissionProbability: (states * (states - 1)) / 2 ** 65,
      halfCollisions: { seen: 0, expected: expect.any(Number) },
    });
  });

  it('ends there where fingerprints use it up too', async ({ expect }) => {
    const stub = join(ROOT, 'scenarios/stub.yaml');
    const { code, stdout, stderr } = await workshop.xmc(['check', stub, '--variant', 'sti', '--max-memory', '3']);
    expect(stderr).toMatch(/^xmc: note: sti: 3 MB are in use after /);
    expect(stdout).toMatch(/^sti {2}INCONCLUSIVE limit of 3 MB {2}/m);
    expect(stdout).toContain('by 64-bit fingerprints');
    expect(code).toBe(3);
  });

  it('keeps fingerprints in checkpoints, and goes on from them with a higher limit', async ({ expect }) => {
    const stopped = await check('--max-memory', '2', '--max-states', '15200', '--checkpoint', 'kept');
    expect(stopped.stdout).toMatch(/^coherent {2}INCONCLUSIVE limit of 15,200 states {2}/m);
    expect(stopped.stdout).toContain('by 64-bit fingerprints');
    const other = await check('--resume', 'kept', '--fingerprint-seed', '1');
    expect([other.code, other.stderr]).toEqual([
      2,
      expect.stringContaining('it was made with --fingerprint-seed 0, not with --fingerprint-seed 1'),
    ]);
    const resumed = await check('--resume', 'kept');
    expect(resumed.stdout).toMatch(/^coherent {2}VERIFIED probabilistic p <= 6\.6e-12 {2}15,577 states, /m);
    expect(resumed.code).toBe(0);
  });

  it.for([
    [['--max-memory', '0'], 'must be a whole number from 1'],
    [['--max-memory', '-5'], 'must be a whole number from 1'],
    [['--max-memory', 'much'], 'must be a whole number from 1'],
    [['--max-states', '0'], 'must be a whole number from 1'],
    [['--fingerprint-seed', '-1'], 'must be a whole number from 0'],
    [['--no-fingerprints', '--fingerprint-seed', '1'], '--fingerprint-seed is of fingerprints'],
    [['--engine', 'plain', '--no-fingerprints'], 'the plain engine has no fingerprints'],
    [['--estimate', '--fingerprint-seed', '1'], '--fingerprint-seed has no use'],
  ] as const)('refuses %s', async ([args, message], { expect }) => {
    const { code, stdout, stderr } = await check(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.toLowerCase()).toContain(message);
  });
});
