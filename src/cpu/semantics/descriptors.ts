import { SELECTOR } from '../cells.js';
import type { Insn, Value } from '../insn.js';

/*
 * The GDT, which lies nowhere in memory: what Linux has in it (arch/x86/include/asm/segment.h, kernel/cpu/common.c).
 * There is no LDT, and no TLS segment is set. Its descriptors cannot be changed.
 */

/** A descriptor. `rights`: bits 8 to 23 of its second half: type, S, DPL, P; limit 19:16; AVL, L, D, G. */
interface Descriptor {
  readonly selector: bigint;
  readonly rights: bigint;
  /** In bytes, as LSL gives it. */
  readonly limit: bigint | 'IA32_TSC_AUX';
}

const FLAT = 0xffffffffn;
const GDT: readonly Descriptor[] = [
  { selector: 0x08n, rights: 0xcf9bn, limit: FLAT }, // __KERNEL32_CS
  { selector: SELECTOR.kernelCode, rights: 0xaf9bn, limit: FLAT },
  { selector: SELECTOR.kernelData, rights: 0xcf93n, limit: FLAT },
  { selector: 0x23n, rights: 0xcffbn, limit: FLAT }, // __USER32_CS
  { selector: SELECTOR.userData, rights: 0xcff3n, limit: FLAT },
  { selector: SELECTOR.userCode, rights: 0xaffbn, limit: FLAT },
  { selector: SELECTOR.tss, rights: 0x008bn, limit: 0x4087n },
  // __CPUNODE_SEG, whose limit is the number of CPU and node, like IA32_TSC_AUX.
  { selector: 0x7bn, rights: 0x40f5n, limit: 'IA32_TSC_AUX' },
];

/** The error code that a selector makes: without its RPL. */
export const selectorError = (selector: Value): Value => selector.and(0xfffc);
export const isNull = (selector: Value): Value => selectorError(selector).eq(0);
export const rplOf = (selector: Value): Value => selector.and(3);

const pick = (selector: Value, choice: (descriptor: Descriptor) => bigint | Value, none: Value): Value =>
  GDT.reduce(
    (others, one) =>
      selectorError(selector)
        .eq(one.selector & ~3n)
        .choose(choice(one), others),
    none,
  );

/**
 * The access rights of the descriptor that a selector names; 0, which is no valid descriptor's, where there is none.
 */
export const rightsOf = (i: Insn, selector: Value): Value => pick(selector, ({ rights }) => rights, i.constant(0));

export const limitOf = (i: Insn, selector: Value): Value =>
  pick(selector, ({ limit }) => (limit === 'IA32_TSC_AUX' ? i.cell('tscAux').and(0xfffff) : limit), i.constant(0));

/* What rights say. A segment is code or data; what is neither is the TSS. */
export const isSegment = (rights: Value): Value => rights.bit(4);
export const isCode = (rights: Value): Value => isSegment(rights).and(rights.bit(3));
export const isReadable = (rights: Value): Value => isSegment(rights).and(rights.bit(3).xor(1).or(rights.bit(1)));
export const isWritable = (rights: Value): Value => isSegment(rights).and(rights.bit(3).xor(1)).and(rights.bit(1));
export const dplOf = (rights: Value): Value => rights.shr(5).and(3);
/** Code that is executed in 64-bit mode; other code is executed in compatibility mode. */
export const isLong = (rights: Value): Value => rights.bit(13);

/** DPL >= CPL and DPL >= RPL. No code segment is conforming. */
export function isVisible(i: Insn, selector: Value, rights: Value): Value {
  const dpl = dplOf(rights);
  return dpl
    .ltu(i.cell('cpl'))
    .or(dpl.ltu(rplOf(selector)))
    .xor(1);
}

/** Whether a segment may be read from at CPL and RPL. */
export function mayRead(i: Insn, selector: Value): Value {
  const rights = rightsOf(i, selector);
  return isReadable(rights).and(isVisible(i, selector, rights));
}

/** Whether a selector can be in SS at a privilege level: its data segment; a null selector too, but for the user. */
export const fitsStack = (selector: Value, level: Value): Value =>
  level.choose(selector.eq(SELECTOR.userData), selector.eq(SELECTOR.kernelData).or(selector.eq(0)));
