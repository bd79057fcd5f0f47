import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FEATURE_BITS } from '../../src/cpu/semantics/cpuid.js';
import { DEFINITIONS } from '../../src/cpu/semantics/index.js';
import { machineWith } from './machine-with.js';
import { surveyed as encodings, page } from './survey.js';

const STRINGS: ReadonlySet<string> = new Set(['movs', 'stos', 'lods', 'cmps', 'scas', 'ins', 'outs']);

describe('the page of instructions', () => {
  it('is what tools/isa.mjs writes', () => {
    expect(page(encodings)).toBe(readFileSync(new URL('../../docs/isa.md', import.meta.url), 'utf8'));
  });

  it('finds an encoding for the definition of every mnemonic', () => {
    const found = new Set(encodings.filter(({ state }) => state !== 'unsupported').map(({ mnemonic }) => mnemonic));
    const defined = DEFINITIONS.map(({ name }) =>
      name
        .replace(/^rep(n?e)? /, '')
        .replace(/ .*/, '')
        .replace('imul3', 'imul'),
    );
    const isFound = (name: string) => found.has(name) || (STRINGS.has(name) && found.has(`${name}b`));
    expect(defined.filter((name) => !name.startsWith('(') && !isFound(name))).toEqual([]);
  });
});

describe('CPUID', () => {
  /** Whether every encoding that a feature brings is there. */
  const isImplemented = (feature: string) =>
    encodings.filter(({ features }) => features === feature).every(({ state }) => state === 'implemented');
  const announced = new Set<string>(FEATURE_BITS.map(({ feature }) => feature));

  it.each([
    ...['CX8', 'CMOV', 'CMPXCHG16B', 'MOVBE', 'POPCNT', 'LZCNT', 'BMI1', 'BMI2', 'ADX', 'SERIALIZE', 'PREFETCHW'],
    ...['TSC', 'MSR', 'CLFSH', 'MONITOR', 'RDRAND', 'FSGSBASE', 'INVPCID', 'RDSEED', 'SMAP', 'CLFLUSHOPT', 'CLWB'],
    ...['RDPID', 'RDTSCP', 'SYSCALL', 'MONITORX', 'PREFETCHWT1', 'CLDEMOTE', 'MOVDIRI', 'MOVDIR64B'],
    ...['WAITPKG', 'TBM', 'RAO_INT', 'CMPCCXADD', 'WRMSRNS', 'PREFETCHITI'],
  ])('announces %s, all of which is implemented', (feature) => {
    expect(encodings.some(({ features }) => features === feature)).toBe(true);
    expect([announced.has(feature), isImplemented(feature)]).toEqual([true, true]);
  });

  it.each(['SSE', 'SSE2', 'SSE4_2', 'AVX', 'XSAVE', 'RTM', 'FPU'])(
    'does not announce %s, which is not all implemented',
    (feature) => {
      expect([announced.has(feature), isImplemented(feature)]).toEqual([false, false]);
    },
  );

  it('gives the bits that it announces, and no others', () => {
    const [edx, ecx] = [3, 2].map((index) => leaf(1)[index]);
    expect(edx).toBe(bits(2, 4, 5, 6, 7, 8, 13, 15, 19));
    expect(ecx).toBe(bits(3, 13, 22, 23, 30));
    expect(leaf(7)).toEqual([1n, bits(0, 3, 8, 10, 18, 19, 20, 23, 24), bits(0, 2, 5, 22, 25, 27, 28), bits(14)]);
    expect(leaf(7, 1)).toEqual([bits(3, 7, 19), 0n, 0n, bits(14)]);
    expect(leaf(7, 2)).toEqual([0n, 0n, 0n, 0n]);
    expect(leaf(0x80000001)).toEqual([0n, 0n, bits(0, 5, 8, 21, 29), bits(11, 20, 27, 29)]);
  });

  it('gives lines of 64 bytes for CLFLUSH', () => {
    expect(leaf(1)[1]).toBe(0x800n);
  });

  function bits(...numbers: number[]): bigint {
    return numbers.reduce((sum, bit) => sum | (1n << BigInt(bit)), 0n);
  }

  function leaf(number: number, subleaf = 0): bigint[] {
    const m = machineWith({ code: '0f a2', rax: BigInt(number), rcx: BigInt(subleaf) }).step();
    return (['rax', 'rbx', 'rcx', 'rdx'] as const).map((register) => m.reg(register));
  }
});
