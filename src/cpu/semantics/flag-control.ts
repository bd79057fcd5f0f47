import { GPR } from '../cells.js';
import { Definitions } from '../definition.js';
import { cf, RFLAGS, setCf, setStatusFlags, statusFlags } from '../flags.js';
import type { Insn } from '../insn.js';
import { requireIopl } from './privilege.js';

const definitions = new Definitions();
/** Flag control: CLC STC CMC CLD STD CLI STI LAHF SAHF. */
export const FLAG_CONTROL = definitions.all;

const simple = (name: string, meaning: (i: Insn) => void): void =>
  definitions.define(name, { forms: [''], sizes: [8] }, meaning);

/* CLC, STC, CMC — Clear, Set, Complement Carry Flag. */
simple('clc', (i) => setCf(i, i.constant(0)));
simple('stc', (i) => setCf(i, i.constant(1)));
simple('cmc', (i) => setCf(i, cf(i).xor(1)));

/* CLD, STD — Clear, Set Direction Flag. */
simple('cld', (i) => i.setCell('systemFlags', i.cell('systemFlags').and(~RFLAGS.df)));
simple('std', (i) => i.setCell('systemFlags', i.cell('systemFlags').or(RFLAGS.df)));

/* CLI — Clear Interrupt Flag. */
simple('cli', (i) => {
  requireIopl(i);
  i.setCell('systemFlags', i.cell('systemFlags').and(~RFLAGS.if));
});

/* STI — Set Interrupt Flag. Maskable interrupts stay blocked for one more instruction, only if IF was 0 before. */
simple('sti', (i) => {
  requireIopl(i);
  const flags = i.cell('systemFlags');
  i.setCell('shadow', flags.and(RFLAGS.if).eq(0));
  i.setCell('systemFlags', flags.or(RFLAGS.if));
});

const LOW_STATUS = RFLAGS.cf | RFLAGS.pf | RFLAGS.af | RFLAGS.zf | RFLAGS.sf;

/* LAHF — Load Status Flags Into AH. AH := RFLAGS(SF:ZF:0:AF:0:PF:1:CF). */
simple('lahf', (i) => {
  const flags = statusFlags(i).and(LOW_STATUS).or(RFLAGS.fixed);
  i.setRegister(GPR.rax, i.register(GPR.rax, 1).or(flags.shl(8)), 2);
});

/* SAHF — Store AH Into Flags. RFLAGS(SF:ZF:0:AF:0:PF:1:CF) := AH; OF is kept. */
simple('sahf', (i) => {
  const ah = i.register(GPR.rax, 2).shr(8);
  setStatusFlags(i, ah.and(LOW_STATUS).or(statusFlags(i).and(RFLAGS.of)));
});
