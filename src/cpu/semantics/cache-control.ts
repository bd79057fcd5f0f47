import { GPR } from '../cells.js';
import { Definitions } from '../definition.js';
import { VECTOR } from '../vector.js';
import { requireKernel, undefinedInUser } from './privilege.js';

const definitions = new Definitions();
/** Caches and TLBs, which are not simulated: what is left of these instructions are faults, and what serialises. */
export const CACHE_CONTROL = definitions.all;

/* CLFLUSH, CLFLUSHOPT, CLWB — Flush, Write Back Cache Line. They fault as a load of the byte does. */
for (const name of ['clflush', 'clflushopt', 'clwb']) {
  definitions.define(name, { forms: ['m'], sizes: [1], dest: 'r' }, (i) => {
    i.dest.read();
  });
}

/* INVD, WBINVD — Invalidate Internal Caches, Write Back and Invalidate Cache. Privileged; serialise. WBNOINVD does not. */
for (const name of ['invd', 'wbinvd', 'wbnoinvd']) {
  definitions.define(name, { forms: [''], sizes: [8] }, (i) => {
    requireKernel(i);
    if (name !== 'wbnoinvd') i.signal('serialize');
  });
}

/* INVLPG — Invalidate TLB Entries. Privileged; serialises. The address is not accessed; one not canonical does nothing. */
definitions.define('invlpg', { forms: ['m'], sizes: [8], dest: 'r' }, (i) => {
  requireKernel(i);
  i.signal('serialize');
});

/*
 * INVPCID — Invalidate Process-Context Identifier. Privileged; not among what Intel lists as serialising. #GP(0): a type
 * above 3, reserved bits 63:12 of the descriptor, with type 0 an address that is not canonical, with types 0 and 1 another
 * PCID than 0, because CR4.PCIDE is 0.
 */
definitions.define('invpcid', { forms: ['rm'], sizes: [8], dest: 'r' }, (i) => {
  requireKernel(i);
  const type = i.dest.read();
  const at = i.linearAddress();
  const pcid = i.load(at, 8, 'operand');
  const address = i.load(at.add(8), 8, 'operand');
  const wrong = type
    .shr(2)
    .ne(0)
    .or(pcid.shr(12).ne(0))
    .or(type.ltu(2).and(pcid.ne(0)));
  i.when(wrong, () => i.fault(VECTOR.gp, 0));
  i.when(type.eq(0), () => i.requireCanonical(address));
});

/* MONITOR — Set Up Monitor Address. Privileged, #UD; ECX is 0, or #GP(0). Faults as a load of DS:RAX, or EAX, does. */
for (const [name, addressSize] of [
  ['monitor', 8],
  ['monitor addr32', 4],
] as const) {
  definitions.define(name, { forms: [''], sizes: [8] }, (i) => {
    undefinedInUser(i);
    i.when(i.register(GPR.rcx, 4).ne(0), () => i.fault(VECTOR.gp, 0));
    i.load(i.register(GPR.rax, addressSize), 1);
  });
}

/* MWAIT — Monitor Wait. Privileged, #UD; of ECX only bit 0 exists. It may end at any time, and does so at once. */
definitions.define('mwait', { forms: [''], sizes: [8] }, (i) => {
  undefinedInUser(i);
  i.when(i.register(GPR.rcx, 4).shr(1).ne(0), () => i.fault(VECTOR.gp, 0));
});
