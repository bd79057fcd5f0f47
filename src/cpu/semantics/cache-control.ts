import { Definitions } from '../definition.js';
import { VECTOR } from '../vector.js';
import { requireKernel } from './privilege.js';

const definitions = new Definitions();
/** Caches and TLBs, which are not simulated: what is left of these instructions are faults, and what serialises. */
export const CACHE_CONTROL = definitions.all;

/* CLFLUSH, CLFLUSHOPT, CLWB — Flush, Write Back Cache Line. They fault as a load of the byte does. */
for (const name of ['clflush', 'clflushopt', 'clwb']) {
  definitions.define(name, { forms: ['m'], sizes: [1], dest: 'r' }, (i) => {
    i.dest.read();
  });
}

/*
 * PREFETCHh, PREFETCHW, PREFETCHWT1 — Prefetch Data Into Caches; PREFETCHITh — Prefetch Code; CLDEMOTE — Cache Line
 * Demote. Hints: memory is not accessed, and an address that faults does not.
 */
const HINTS = [
  'prefetch',
  'prefetchw',
  'prefetchwt1',
  'prefetcht0',
  'prefetcht1',
  'prefetcht2',
  'prefetchnta',
] as const;
for (const name of [...HINTS, 'prefetchit0', 'prefetchit1', 'cldemote']) {
  definitions.define(name, { forms: ['m'], sizes: [1], dest: 'r' }, () => {});
}

/*
 * INVD, WBINVD — Invalidate Internal Caches, Write Back and Invalidate Cache. Privileged; serialise. WBNOINVD does
 * not.
 */
for (const name of ['invd', 'wbinvd', 'wbnoinvd']) {
  definitions.define(name, { forms: [''], sizes: [8] }, (i) => {
    requireKernel(i);
    if (name !== 'wbnoinvd') i.signal('serialize');
  });
}

/*
 * INVLPG — Invalidate TLB Entries. Privileged; serialises. The address is not accessed; one not canonical does
 * nothing.
 */
definitions.define('invlpg', { forms: ['m'], sizes: [8], dest: 'r' }, (i) => {
  requireKernel(i);
  i.signal('serialize');
});

/*
 * INVPCID — Invalidate Process-Context Identifier. Privileged; not among what Intel lists as serialising. #GP(0): a
 * type above 3, reserved bits 63:12 of the descriptor, with type 0 an address that is not canonical, with types 0 and
 * 1 another PCID than 0, because CR4.PCIDE is 0.
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
