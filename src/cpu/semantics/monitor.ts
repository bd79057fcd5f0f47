import { CR4, GPR } from '../cells.js';
import { Definitions } from '../definition.js';
import { setStatusFlags } from '../flags.js';
import type { Insn, Value } from '../insn.js';
import { VECTOR } from '../vector.js';
import { begun } from './begun-registers.js';
import { undefinedInUser } from './privilege.js';

const definitions = new Definitions();
/**
 * Waiting for a store: MONITOR MWAIT, AMD's MONITORX MWAITX, UMONITOR UMWAIT TPAUSE. A wait may end at any time, and
 * ends at once: a loop around it has every behaviour that waiting has.
 */
export const MONITOR = definitions.all;

const refuse = (i: Insn, when: Value): void => i.when(when, () => i.fault(VECTOR.gp, 0));

/** Sets up the monitor: faults as a load of the byte does. */
const monitor = (i: Insn, address: Value): Value => i.load(i.segmentBase().add(address), 1);

/* MONITOR, MONITORX — Set Up Monitor Address DS:RAX, or EAX. ECX is 0, or #GP(0). MONITOR is privileged, #UD. */
for (const name of ['monitor', 'monitorx']) {
  for (const [suffix, addressSize] of [
    ['', 8],
    [' addr32', 4],
  ] as const) {
    definitions.define(`${name}${suffix}`, { forms: [''], sizes: [8] }, (i) => {
      if (name === 'monitor') undefinedInUser(i);
      refuse(i, i.register(GPR.rcx, 4).ne(0));
      monitor(i, i.register(GPR.rax, addressSize));
    });
  }
}

/* MWAIT — Monitor Wait. Privileged, #UD; of ECX only bit 0 exists. */
definitions.define('mwait', { forms: [''], sizes: [8] }, (i) => {
  undefinedInUser(i);
  refuse(i, i.register(GPR.rcx, 4).shr(1).ne(0));
});

/* MWAITX — Monitor Wait With Timeout. Of ECX bits 0 and 1 exist. */
definitions.define('mwaitx', { forms: [''], sizes: [8] }, (i) => refuse(i, i.register(GPR.rcx, 4).shr(2).ne(0)));

/* UMONITOR — User Level Set Up Monitor Address, which is the operand, of the address size. */
definitions.define('umonitor', { forms: ['r'], sizes: [4, 8], dest: 'r' }, (i) => {
  monitor(i, i.dest.read());
});

/*
 * UMWAIT, TPAUSE — User Level Monitor Wait, Timed PAUSE. #GP(0): bits 31:1 of SRC, or CR4.TSD in the user. CF := 0,
 * because no time limit of the system's ended the wait; the other status flags 0.
 */
for (const name of ['umwait', 'tpause']) {
  definitions.define(name, { forms: ['r'], sizes: [4, 8], dest: 'r' }, (i) => {
    refuse(i, begun(i, 'cr4').and(CR4.tsd).ne(0).and(i.cell('cpl').ne(0)));
    refuse(i, i.dest.read(4).shr(1).ne(0));
    setStatusFlags(i, i.constant(0));
  });
}
