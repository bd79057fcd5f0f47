import { Definitions } from '../definition.js';
import { setZf } from '../flags.js';
import type { Insn, Value } from '../insn.js';
import { isSegment, isVisible, isWritable, limitOf, mayRead, rightsOf } from './descriptors.js';

const definitions = new Definitions();
/** What a selector's descriptor says: LAR LSL VERR VERW. */
export const SEGMENT_RIGHTS = definitions.all;

/* VERR, VERW — Verify a Segment for Reading or Writing. ZF := the segment may be read, written, at CPL and RPL. */
const VERIFIES: Readonly<Record<string, (i: Insn, selector: Value) => Value>> = {
  verr: mayRead,
  verw: (i, selector) => mayRead(i, selector).and(isWritable(rightsOf(i, selector))),
};
for (const [name, may] of Object.entries(VERIFIES)) {
  const verify = (i: Insn): void => setZf(i, may(i, i.dest.read(2)));
  definitions.define(name, { forms: ['r'], sizes: [2, 4, 8], dest: 'r' }, verify);
  definitions.define(name, { forms: ['m'], sizes: [2], dest: 'r' }, verify);
}

/**
 * LAR and LSL look at segments and at the types 2, 9 and 11 of system descriptors: LDT, available and busy 64-bit TSS.
 * The TSS is busy. LAR looks at call gates, too, which there are none.
 */
const BUSY_TSS = 0x8b;
const isValid = (i: Insn, selector: Value, rights: Value): Value =>
  isSegment(rights)
    .or(rights.and(0x9f).eq(BUSY_TSS))
    .and(isVisible(i, selector, rights));

/*
 * LAR — Load Access Rights Byte. IF the descriptor is valid and visible THEN ZF := 1; DEST := its second doubleword
 * and 00FFFF00H (with 16-bit operands FF00H) ELSE ZF := 0, DEST is left alone. Bits 19:16 are undefined on Intel's
 * processors, and the limit's on AMD's. LSL — Load Segment Limit: DEST := its limit.
 */
const LOADS: Readonly<Record<string, (i: Insn, selector: Value, rights: Value) => Value>> = {
  lar: (_, __, rights) => rights.shl(8),
  lsl: limitOf,
};
for (const [name, value] of Object.entries(LOADS)) {
  const load = (i: Insn): void => {
    const selector = i.src.read(2);
    const rights = rightsOf(i, selector);
    const valid = isValid(i, selector, rights);
    setZf(i, valid);
    i.when(valid, () => i.dest.write(value(i, selector, rights)));
  };
  definitions.define(name, { forms: ['rr'], sizes: [2, 4, 8], dest: 'w' }, load);
  definitions.define(name, { forms: ['rm'], sizes: [2, [4, 2], [8, 2]], dest: 'w' }, load);
}
