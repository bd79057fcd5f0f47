import { CR4, MOV_SS_SHADOW, SELECTOR } from '../cells.js';
import { Definitions, WLQ } from '../definition.js';
import type { Insn, Value } from '../insn.js';
import { VECTOR } from '../vector.js';
import { begun } from './begun-registers.js';
import { dplOf, fitsStack, isNull, isSegment, mayRead, rightsOf, selectorError } from './descriptors.js';
import { requireKernel } from './privilege.js';
import { dropTop, push, topOfStack } from './stack.js';

const definitions = new Definitions();
/**
 * Segment registers and their bases. The GDT is that of Linux: flat segments for kernel and user, which cannot be
 * changed; selectors are kept, and what depends on them is nothing but the bases of FS and GS.
 */
export const SEGMENT = definitions.all;

/*
 * SWAPGS — Swap GS Base Register. TMP := GS.base; GS.base := IA32_KERNEL_GS_BASE; IA32_KERNEL_GS_BASE := TMP.
 * Privileged.
 */
definitions.define('swapgs', { forms: [''], sizes: [8] }, (i) => {
  requireKernel(i);
  const base = i.cell('gsBase');
  i.setCell('gsBase', i.cell('kernelGsBase'));
  i.setCell('kernelGsBase', base);
});

/* RDFSBASE/RDGSBASE, WRFSBASE/WRGSBASE — Read/Write FS/GS Segment Base. #UD unless CR4.FSGSBASE; the user may, too. */
for (const [name, cell] of [
  ['fs', 'fsBase'],
  ['gs', 'gsBase'],
] as const) {
  definitions.define(`rd${name}base`, { forms: ['r'], sizes: [4, 8], dest: 'w' }, (i) => {
    requireFsgsbase(i);
    i.dest.write(i.cell(cell));
  });
  definitions.define(`wr${name}base`, { forms: ['r'], sizes: [4, 8], dest: 'r' }, (i) => {
    requireFsgsbase(i);
    const base = i.dest.read();
    i.requireCanonical(base);
    i.setCell(cell, base);
  });
}

function requireFsgsbase(i: Insn): void {
  i.when(begun(i, 'cr4').and(CR4.fsgsbase).eq(0), () => i.fault(VECTOR.ud));
}

const { kernelCode, kernelData, userCode, userData } = SELECTOR;

/** Loads of DS, ES, FS and GS: a null selector always; otherwise #GP(selector) unless the segment may be read. */
function checkData(i: Insn, selector: Value): void {
  const mayLoad = isNull(selector).or(mayRead(i, selector));
  i.when(mayLoad.eq(0), () => i.fault(VECTOR.gp, selectorError(selector)));
}

/** With FS and GS their base is loaded: 0 in a flat segment, and on Intel's processors with a null selector, too. */
const BASES = { ds: undefined, es: undefined, fs: 'fsBase', gs: 'gsBase' } as const;

for (const [name, base] of Object.entries(BASES)) {
  /* MOV to DS, ES, FS, GS. */
  definitions.define(`mov to ${name}`, { forms: ['rr', 'rm'], sizes: [2], dest: 'w' }, (i) => {
    const selector = i.src.read();
    checkData(i, selector);
    i.dest.write(selector);
    if (base !== undefined) i.setCell(base, i.constant(0));
  });
  if (base === undefined) continue;

  /* PUSH FS, GS: the selector, zero-extended. */
  definitions.define(`push ${name}`, { forms: ['r'], sizes: [2, 8], dest: 'r' }, (i) =>
    push(i, i.dest.read(2), i.size),
  );

  const load = (i: Insn, selector: Value): void => {
    const shift = name === 'fs' ? 32 : 48;
    const others = i.cell('selectors').and(~(0xffffn << BigInt(shift)));
    i.setCell('selectors', others.or(selector.shl(shift)));
    i.setCell(base, i.constant(0));
  };

  /* POP FS, GS. */
  definitions.define(`pop ${name}`, { forms: ['r'], sizes: [2, 8], dest: 'r' }, (i) => {
    const selector = topOfStack(i, i.size).zext(2);
    checkData(i, selector);
    dropTop(i, i.size);
    load(i, selector);
  });

  /* LFS, LGS — Load Far Pointer. DEST := the offset; FS or GS := the selector behind it. */
  definitions.define(`l${name}`, { forms: ['rm'], sizes: WLQ, dest: 'w' }, (i) => {
    const { offset, selector } = farPointer(i);
    checkData(i, selector);
    load(i, selector);
    i.dest.write(offset);
  });
}

/** A return to the user: DS, ES, FS and GS become null where they hold what the user may not have. Bases stay. */
export function dropKernelSelectors(i: Insn): void {
  const all = i.cell('selectors');
  const kept = [0, 16, 32, 48].map((shift) => {
    const selector = all.shr(shift).zext(2);
    const rights = rightsOf(i, selector);
    return isSegment(rights).and(dplOf(rights).ltu(3)).choose(0, selector.shl(shift));
  });
  i.setCell(
    'selectors',
    kept.reduce((some, one) => some.or(one)),
  );
}

/** A far pointer in memory: an offset of the operand size, a selector behind it. */
export function farPointer(i: Insn): { offset: Value; selector: Value } {
  const address = i.linearAddress();
  const offset = i.load(address, i.size, 'operand');
  return { offset, selector: i.load(address.add(i.size), 2, 'operand') };
}

/**
 * Loads of SS: #GP(selector) unless it is the data segment of the privilege level, or in the kernel a null selector.
 */
function checkStack(i: Insn, selector: Value): void {
  i.when(fitsStack(selector, i.cell('cpl')).eq(0), () => i.fault(VECTOR.gp, selectorError(selector)));
}

/*
 * MOV to SS. Interrupts, NMI and #DB are held until after the next instruction (SDM Vol. 3A, "Masking Exceptions and
 * Interrupts When Switching Stacks"); not so by LSS.
 */
definitions.define('mov to ss', { forms: ['rr', 'rm'], sizes: [2], dest: 'r' }, (i) => {
  checkStack(i, i.src.read());
  i.setCell('shadow', i.constant(MOV_SS_SHADOW));
});

/* LSS — Load Far Pointer. DEST := the offset; SS := the selector behind it. */
definitions.define('lss', { forms: ['rm'], sizes: WLQ, dest: 'w' }, (i) => {
  const { offset, selector } = farPointer(i);
  checkStack(i, selector);
  i.dest.write(offset);
});

/*
 * MOV from a segment register; a 32- or 64-bit register is zero-extended. CS and SS are what an interrupt would push.
 */
const READS: Readonly<Record<string, (i: Insn) => Value>> = {
  'mov from segment': (i) => i.src.read(2),
  'mov from cs': (i) => i.cell('cpl').choose(userCode, kernelCode),
  'mov from ss': (i) => i.cell('cpl').choose(userData, kernelData),
};
for (const [name, selector] of Object.entries(READS)) {
  definitions.define(name, { forms: ['rr'], sizes: [2, 4, 8], dest: 'w' }, (i) => i.dest.write(selector(i)));
  definitions.define(name, { forms: ['mr'], sizes: [2], dest: 'w' }, (i) => i.dest.write(selector(i)));
}
