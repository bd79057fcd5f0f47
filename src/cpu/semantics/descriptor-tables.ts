import { SELECTOR } from '../cells.js';
import { Definitions } from '../definition.js';
import type { Insn } from '../insn.js';
import { VECTOR } from '../vector.js';
import { refuseUserUmip } from './control-registers.js';
import { requireKernel } from './privilege.js';

const definitions = new Definitions();
/**
 * Registers of descriptor tables: LGDT LIDT SGDT SIDT LTR STR LLDT SLDT. They are kept and nothing looks at the tables:
 * the segments are those of Linux, interrupts lead where the machine was told, and there is no LDT.
 */
export const DESCRIPTOR_TABLES = definitions.all;

for (const [name, base, limit] of [
  ['gdt', 'gdtrBase', 'gdtrLimit'],
  ['idt', 'idtrBase', 'idtrLimit'],
] as const) {
  /* LGDT/LIDT — Load Global/Interrupt Descriptor Table Register. Limit := SRC[0:15]; Base := SRC[16:79]. Serialises. */
  definitions.define(`l${name}`, { forms: ['m'], sizes: [8], dest: 'r' }, (i) => {
    requireKernel(i);
    const address = i.linearAddress();
    const newLimit = i.load(address, 2, 'operand');
    const newBase = i.load(address.add(2), 8, 'operand');
    i.requireCanonical(newBase);
    i.setCell(limit, newLimit);
    i.setCell(base, newBase);
    i.signal('serialize');
  });

  /* SGDT/SIDT — Store Global/Interrupt Descriptor Table Register. DEST[0:15] := Limit; DEST[16:79] := Base. */
  definitions.define(`s${name}`, { forms: ['m'], sizes: [8], dest: 'w' }, (i) => {
    refuseUserUmip(i);
    const address = i.linearAddress();
    // Nothing is stored when the base cannot be.
    i.load(address.add(2), 8, 'operand', 'update');
    i.store(address, 2, i.cell(limit), 'operand');
    i.store(address.add(2), 8, i.cell(base), 'operand');
  });
}

/* LTR — Load Task Register. #GP(0) for a null selector, #GP(selector) for all but Linux's TSS. Serialises. */
const ltr = (i: Insn): void => {
  requireKernel(i);
  const selector = i.dest.read(2);
  i.when(selector.ne(SELECTOR.tss), () => i.fault(VECTOR.gp, selector.and(0xfffc)));
  i.signal('serialize');
};

/* LLDT — Load Local Descriptor Table Register. Null, for no LDT; no selector is an LDT's: #GP(selector). Serialises. */
const lldt = (i: Insn): void => {
  requireKernel(i);
  const error = i.dest.read(2).and(0xfffc);
  i.when(error.ne(0), () => i.fault(VECTOR.gp, error));
  i.signal('serialize');
};

for (const [name, meaning] of Object.entries({ ltr, lldt })) {
  definitions.define(name, { forms: ['r'], sizes: [2, 4, 8], dest: 'r' }, meaning);
  definitions.define(name, { forms: ['m'], sizes: [2], dest: 'r' }, meaning);
}

/* STR, SLDT — Store Task Register, Local Descriptor Table Register. */
for (const [name, selector] of Object.entries({ str: SELECTOR.tss, sldt: 0n })) {
  const store = (i: Insn): void => {
    refuseUserUmip(i);
    i.dest.write(i.constant(selector));
  };
  definitions.define(name, { forms: ['r'], sizes: [2, 4, 8], dest: 'w' }, store);
  definitions.define(name, { forms: ['m'], sizes: [2], dest: 'w' }, store);
}
