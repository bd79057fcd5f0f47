import { MOV_SS_SHADOW, SELECTOR } from '../cells.js';
import { Definitions } from '../definition.js';
import type { Insn } from '../insn.js';
import { VECTOR } from '../vector.js';

const definitions = new Definitions();
/** System and ordering: HLT, SERIALIZE, MOV to and from CR3 and to SS, the fences. */
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
