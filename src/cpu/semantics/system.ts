import { CR0 } from '../cells.js';
import { Definitions, ONE_OPERAND } from '../definition.js';
import { RFLAGS } from '../flags.js';
import type { Insn } from '../insn.js';
import { VECTOR } from '../vector.js';
import { begun } from './begun-registers.js';
import { requireKernel, undefinedInUser } from './privilege.js';

const definitions = new Definitions();
/** System and ordering: HLT, SERIALIZE, the fences, WAIT, PTWRITE, CLAC and STAC. */
export const SYSTEM = definitions.all;

const simple = (name: string, meaning: (i: Insn) => void): void =>
  definitions.define(name, { forms: [''], sizes: [8] }, meaning);

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

/* WAIT/FWAIT — Wait. IF CR0.MP and CR0.TS are set THEN #NM. No x87 exception is ever pending: there is no x87. */
simple('wait', (i) => {
  const absent = begun(i, 'cr0')
    .and(CR0.mp | CR0.ts)
    .eq(CR0.mp | CR0.ts);
  i.when(absent, () => i.fault(VECTOR.nm));
});

/* PTWRITE — Write Data to a Processor Trace Packet. The operand is read; there is no trace. */
definitions.define('ptwrite', { forms: ONE_OPERAND, sizes: [4, 8], dest: 'r' }, (i) => {
  i.dest.read();
});

/*
 * CLAC, STAC — Clear, Set AC Flag in EFLAGS Register. Privileged, #UD. The flag protects nothing: no page is the
 * user's.
 */
simple('clac', (i) => {
  undefinedInUser(i);
  i.setCell('systemFlags', i.cell('systemFlags').and(~RFLAGS.ac));
});
simple('stac', (i) => {
  undefinedInUser(i);
  i.setCell('systemFlags', i.cell('systemFlags').or(RFLAGS.ac));
});
