import { GPR, MOV_SS_SHADOW, SELECTOR } from '../cells.js';
import { Definitions } from '../definition.js';
import type { Insn, Value } from '../insn.js';
import { VECTOR } from '../vector.js';

const definitions = new Definitions();
/** System and ordering: HLT, CPUID, SERIALIZE, MOV to and from CR3, the fences. */
export const SYSTEM = definitions.all;

const simple = (name: string, meaning: (i: Insn) => void): void =>
  definitions.define(name, { forms: [''], sizes: [8] }, meaning);

function requireKernel(i: Insn): void {
  i.when(i.cell('cpl').ne(0), () => i.fault(VECTOR.gp, 0));
}

/* HLT — Halt. Stops execution until an interrupt; RIP is that of the next instruction. Privileged. */
simple('hlt', (i) => {
  requireKernel(i);
  i.signal('halt');
});

/* SERIALIZE — Serialize Instruction Execution. */
simple('serialize', (i) => i.signal('serialize'));

/* MFENCE, LFENCE, SFENCE — ordering of data accesses; MFENCE also serialises on AMD, which the profile decides. */
simple('mfence', (i) => i.signal('mfence'));
simple('lfence', () => {});
simple('sfence', () => {});

/* MOV to CR3 — serialises. Privileged. There is one address space, so that the value is only kept. */
definitions.define('mov to cr3', { forms: ['rr'], sizes: [8], dest: 'r' }, (i) => {
  requireKernel(i);
  i.setCell('cr3', i.src.read());
  i.signal('serialize');
});

/* MOV from CR3. Privileged. */
definitions.define('mov from cr3', { forms: ['rr'], sizes: [8], dest: 'w' }, (i) => {
  requireKernel(i);
  i.dest.write(i.cell('cr3'));
});

/*
 * MOV to SS. Only the kernel's data selector and the null selector exist; others are #GP(selector). Interrupts, NMI and #DB
 * are held until after the next instruction (SDM Vol. 3A, "Masking Exceptions and Interrupts When Switching Stacks").
 */
definitions.define('mov to ss', { forms: ['rr', 'rm'], sizes: [2], dest: 'r' }, (i) => {
  requireKernel(i);
  const selector = i.src.read();
  i.when(selector.eq(SELECTOR.kernelData).or(selector.eq(0)).eq(0), () => i.fault(VECTOR.gp, selector.and(0xfffc)));
  i.setCell('shadow', i.constant(MOV_SS_SHADOW));
});

/* The simulated processor's CPUID leaves: EAX, EBX, ECX, EDX. Leaf 0 gives the highest leaf and the vendor's name. */
const CPUID_LEAVES: readonly (readonly [number, number, number, number])[] = [
  [1, ...vendor('xmcSimulator')],
  // Family 6; CX8, CMOV and CLFLUSH-free feature bits: TSC-less, CX8 (8), CMOV (15) in EDX; CMPXCHG16B (13) in ECX.
  [0x600, 0, 1 << 13, (1 << 8) | (1 << 15)],
];

/** The twelve letters of a vendor in EBX, EDX, ECX order, given back as EBX, ECX, EDX. */
function vendor(name: string): [number, number, number] {
  const word = (at: number): number =>
    [0, 1, 2, 3].reduce((sum, byte) => sum + name.charCodeAt(at + byte) * 2 ** (8 * byte), 0);
  return [word(0), word(8), word(4)];
}

/* CPUID — CPU Identification. EAX selects a leaf; an absent leaf gives the highest one's. Serialises. */
simple('cpuid', (i) => {
  const leaf = i.register(GPR.rax, 4);
  const pick = (index: 0 | 1 | 2 | 3): Value =>
    leaf.eq(0).choose(CPUID_LEAVES[0]?.[index] ?? 0, CPUID_LEAVES[1]?.[index] ?? 0);
  const values = [pick(0), pick(1), pick(2), pick(3)] as const;
  i.setRegister(GPR.rax, values[0]);
  i.setRegister(GPR.rbx, values[1]);
  i.setRegister(GPR.rcx, values[2]);
  i.setRegister(GPR.rdx, values[3]);
  i.signal('serialize');
});
