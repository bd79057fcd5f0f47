import { GPR } from '../cells.js';
import { Definitions } from '../definition.js';
import type { Insn, Value } from '../insn.js';

const definitions = new Definitions();
/** CPUID, and what the simulated processor says of itself. */
export const CPUID = definitions.all;

interface FeatureBit {
  readonly feature: string;
  readonly leaf: number;
  /** Default: 0. */
  readonly subleaf?: number;
  readonly register: 'eax' | 'ebx' | 'ecx' | 'edx';
  readonly bit: number;
}

/**
 * Where CPUID says that a feature is there (SDM Vol. 2A, CPUID; the extended leaf: AMD APM Vol. 3, appendix E). A bit
 * is set only if every instruction that it promises is implemented: CRC32 and MOVNTI are, without SSE4_2 and SSE2.
 */
export const FEATURE_BITS = [
  { feature: 'DE', leaf: 1, register: 'edx', bit: 2 },
  { feature: 'TSC', leaf: 1, register: 'edx', bit: 4 },
  { feature: 'MSR', leaf: 1, register: 'edx', bit: 5 },
  { feature: 'PAE', leaf: 1, register: 'edx', bit: 6 },
  { feature: 'MCE', leaf: 1, register: 'edx', bit: 7 },
  { feature: 'CX8', leaf: 1, register: 'edx', bit: 8 },
  { feature: 'PGE', leaf: 1, register: 'edx', bit: 13 },
  { feature: 'CMOV', leaf: 1, register: 'edx', bit: 15 },
  { feature: 'CLFSH', leaf: 1, register: 'edx', bit: 19 },
  { feature: 'MONITOR', leaf: 1, register: 'ecx', bit: 3 },
  { feature: 'CMPXCHG16B', leaf: 1, register: 'ecx', bit: 13 },
  { feature: 'MOVBE', leaf: 1, register: 'ecx', bit: 22 },
  { feature: 'POPCNT', leaf: 1, register: 'ecx', bit: 23 },
  { feature: 'RDRAND', leaf: 1, register: 'ecx', bit: 30 },
  { feature: 'FSGSBASE', leaf: 7, register: 'ebx', bit: 0 },
  { feature: 'BMI1', leaf: 7, register: 'ebx', bit: 3 },
  { feature: 'BMI2', leaf: 7, register: 'ebx', bit: 8 },
  { feature: 'INVPCID', leaf: 7, register: 'ebx', bit: 10 },
  { feature: 'RDSEED', leaf: 7, register: 'ebx', bit: 18 },
  { feature: 'ADX', leaf: 7, register: 'ebx', bit: 19 },
  { feature: 'SMAP', leaf: 7, register: 'ebx', bit: 20 },
  { feature: 'CLFLUSHOPT', leaf: 7, register: 'ebx', bit: 23 },
  { feature: 'CLWB', leaf: 7, register: 'ebx', bit: 24 },
  { feature: 'PREFETCHWT1', leaf: 7, register: 'ecx', bit: 0 },
  { feature: 'UMIP', leaf: 7, register: 'ecx', bit: 2 },
  { feature: 'WAITPKG', leaf: 7, register: 'ecx', bit: 5 },
  { feature: 'RDPID', leaf: 7, register: 'ecx', bit: 22 },
  { feature: 'CLDEMOTE', leaf: 7, register: 'ecx', bit: 25 },
  { feature: 'MOVDIRI', leaf: 7, register: 'ecx', bit: 27 },
  { feature: 'MOVDIR64B', leaf: 7, register: 'ecx', bit: 28 },
  { feature: 'SERIALIZE', leaf: 7, register: 'edx', bit: 14 },
  { feature: 'RAO_INT', leaf: 7, subleaf: 1, register: 'eax', bit: 3 },
  { feature: 'CMPCCXADD', leaf: 7, subleaf: 1, register: 'eax', bit: 7 },
  { feature: 'WRMSRNS', leaf: 7, subleaf: 1, register: 'eax', bit: 19 },
  { feature: 'PREFETCHITI', leaf: 7, subleaf: 1, register: 'edx', bit: 14 },
  { feature: 'LAHF in 64-bit mode', leaf: 0x80000001, register: 'ecx', bit: 0 },
  { feature: 'LZCNT', leaf: 0x80000001, register: 'ecx', bit: 5 },
  { feature: 'PREFETCHW', leaf: 0x80000001, register: 'ecx', bit: 8 },
  { feature: 'TBM', leaf: 0x80000001, register: 'ecx', bit: 21 },
  { feature: 'MONITORX', leaf: 0x80000001, register: 'ecx', bit: 29 },
  { feature: 'SYSCALL', leaf: 0x80000001, register: 'edx', bit: 11 },
  { feature: 'NX', leaf: 0x80000001, register: 'edx', bit: 20 },
  { feature: 'RDTSCP', leaf: 0x80000001, register: 'edx', bit: 27 },
  { feature: 'X64', leaf: 0x80000001, register: 'edx', bit: 29 },
] as const satisfies readonly FeatureBit[];

/** EAX, EBX, ECX, EDX. */
type Leaf = readonly [number, number, number, number];

const HIGHEST_LEAF = 7;
const HIGHEST_EXTENDED_LEAF = 0x80000001;
/** Family 6; lines of 64 bytes for CLFLUSH, in units of 8. */
const SIGNATURE = 0x600;
const CLFLUSH_SIZE = (64 / 8) << 8;

/** With the bits of what is there; `eax`, `ebx`: more of these. */
function featureLeaf(leaf: number, { eax = 0, ebx = 0, subleaf = 0 } = {}): Leaf {
  const features: readonly FeatureBit[] = FEATURE_BITS;
  const here = features.filter((one) => one.leaf === leaf && (one.subleaf ?? 0) === subleaf);
  const bits = (register: string): number =>
    here.filter((one) => one.register === register).reduce((sum, { bit }) => sum + 2 ** bit, 0);
  return [eax + bits('eax'), ebx + bits('ebx'), bits('ecx'), bits('edx')];
}

/** The highest leaf and the twelve letters of the vendor in EBX, EDX, ECX order. */
function vendorLeaf(name: string): Leaf {
  const word = (at: number): number =>
    [0, 1, 2, 3].reduce((sum, byte) => sum + name.charCodeAt(at + byte) * 2 ** (8 * byte), 0);
  return [HIGHEST_LEAF, word(0), word(8), word(4)];
}

/** Leaves other than the highest basic one; those between that are not here are 0. */
const LEAVES: readonly (readonly [number, Leaf])[] = [
  [0, vendorLeaf('xmcSimulator')],
  [1, featureLeaf(1, { eax: SIGNATURE, ebx: CLFLUSH_SIZE })],
  [0x80000000, [HIGHEST_EXTENDED_LEAF, 0, 0, 0]],
  [HIGHEST_EXTENDED_LEAF, featureLeaf(HIGHEST_EXTENDED_LEAF)],
];
/** By subleaf; EAX of the first says how many follow. */
const LAST_LEAVES = [featureLeaf(HIGHEST_LEAF, { eax: 1 }), featureLeaf(HIGHEST_LEAF, { subleaf: 1 })] as const;

function pick(i: Insn, index: 0 | 1 | 2 | 3): Value {
  const leaf = i.register(GPR.rax, 4);
  const subleaf = i.register(GPR.rcx, 4);
  const empty = leaf.sub(2).ltu(HIGHEST_LEAF - 2);
  const [first, second] = LAST_LEAVES;
  const ofSubleaf = subleaf.eq(0).choose(first[index], subleaf.eq(1).choose(second[index], 0));
  const last = empty.choose(0, ofSubleaf);
  return LEAVES.reduce((otherwise, [number, values]) => leaf.eq(number).choose(values[index], otherwise), last);
}

/*
 * CPUID — CPU Identification. EAX selects a leaf, ECX a subleaf of it where there are any (leaf 7 has two); an absent
 * leaf gives the highest basic one's. Serialises.
 */
definitions.define('cpuid', { forms: [''], sizes: [8] }, (i) => {
  const values = [pick(i, 0), pick(i, 1), pick(i, 2), pick(i, 3)] as const;
  i.setRegister(GPR.rax, values[0]);
  i.setRegister(GPR.rbx, values[1]);
  i.setRegister(GPR.rcx, values[2]);
  i.setRegister(GPR.rdx, values[3]);
  i.signal('serialize');
});
