/**
 * A reason why an encoding, given by its name in iced-x86's `Code`, is not what its disassembly assembles to, though no
 * shorter one reads the same.
 */
export interface Twin {
  readonly reason: string;
  readonly from: RegExp;
  /** Its twin by name; nothing when it is not assembled at all. Absent: the name stays. */
  readonly to?: (from: string) => string | RegExp | undefined;
  /** The twin may be longer; and it may read differently. */
  readonly longer?: true;
  readonly readsDifferently?: true;
}

const replaced = (pattern: RegExp, by: string) => (from: string) => from.replace(pattern, by);

/** Encodings with a REX.W or a 66 that says nothing. */
const unneededWidth = new RegExp(
  [
    'r64m(8|16|32)',
    '^(VEX_V)?(movmskp[sd]|pmovmskb|pextrw)_r64',
    '^(Tpause|Umwait)_r64',
    '^(Mov_Sreg|Lkgs|Lldt|Ltr|Ver[rw]|Lmsw)_rm16',
    '^Nopq',
  ].join('|'),
  'i',
);

/** The rules by which an instruction may become another one of the same length. Whatever follows none of them fails. */
export const TWINS: readonly Twin[] = [
  {
    reason: 'between two registers there is a load and a store; GNU as takes the store of ALU operations and MOV',
    from: /^[A-Z][a-z]{1,2}[a-z]?_(r\d+)_rm\d+$/,
    to: replaced(/_(r\d+)_(rm\d+)$/, '_$2_$1'),
  },
  {
    reason: 'of MMX, SSE and AVX it takes the load',
    from: /_([xy]mmm(32|64|128|256)_[xy]mm|mmm64_mm)$/,
    to: replaced(/_([a-z0-9]+)_([a-z0-9]+)$/, '_$2_$1'),
  },
  { reason: 'as above, with three registers', from: /_0F11$/, to: replaced(/_0F11$/, '') },
  {
    reason: 'an immediate of 8 bits is as long as the form of %ax with 16',
    from: /_AX_imm16$/,
    to: replaced(/_AX_imm16$/, '_rm16_imm8'),
  },
  {
    reason: 'undocumented opcodes that do the same as documented ones',
    from: /_(F6r1|F7r1|DCD0|DCD8|DDC8|DED0|DFC8|DFD0|DFD8)$/,
    to: replaced(/_[DF][0-9A-Fr]+$/, ''),
  },
  { reason: 'as above', from: /^[LMS]fence_[EF][0-9A-F]$/, to: replaced(/_\w+$/, '') },
  {
    reason: 'as above',
    from: /^Prefetchreserved[3-7]_m8$/,
    to: (from) => (from.startsWith('Prefetchreserved3') ? 'Prefetchw_m8' : 'Prefetch_m8'),
  },
  { reason: 'as above', from: /^Vmgexit_F2$/, to: () => 'Vmgexit' },
  { reason: 'as above', from: /^Fstpnce_/, to: replaced(/^Fstpnce/, 'Fstp') },
  { reason: 'as above', from: /^Sal_/, to: replaced(/^Sal/, 'Shl'), readsDifferently: true },
  {
    reason: 'REX.W or 66 without effect is left out; the register shows as what is transferred',
    from: unneededWidth,
    to: (from) =>
      from
        .replace(/^Extractps_r64m32|(?<=^VEX_Vextractps_)r64m32/, (name) => name.replace('r64m32', 'rm32'))
        .replace('r64', 'r32')
        .replace('rm16', 'r32m16')
        .replace('Nopq', 'Nopd'),
    readsDifferently: true,
  },
  {
    reason: 'PEXTRW to a register has the encoding of SSE2, or the VEX form of it',
    from: /^(VEX_Vp|P)extrw_r(32|64)m16_/,
    to: () => /pextrw_r32_xmm_imm8$/i,
    readsDifferently: true,
  },
  {
    reason: 'two sources of which either may be memory are registers both',
    from: /^XOP_V(pcmov|pperm|prot|psh)\w*_([xy]mm)_\2m(128|256)$/,
    to: replaced(/_([a-z0-9]+)_([a-z0-9]+)$/, '_$2_$1'),
  },
  {
    reason: 'MOVQ of memory has encodings without REX.W',
    from: /^(M|VEX_Vm)ovq_(rm64_x?mm|x?mm_rm64)$/,
    to: (from) => from.replace('rm64', from.includes('xmm') ? 'xmmm64' : 'mmm64'),
  },
  {
    reason: 'operands of XCHG are exchanged, and one is %eax; both, then it is NOP',
    from: /^Xchg_rm\d+_r\d+$/,
    to: () => /^(Xchg_r\d+_[ER]?AX|Nopd)$/,
    readsDifferently: true,
  },
  {
    reason: 'x87 operations on %st(0) and %st(0) exist twice',
    from: /^F\w+_sti_st0$/,
    to: () => /^F\w+_st0_sti$/,
    readsDifferently: true,
  },
  {
    reason: 'prefetches and NOPs to come are in the space of the reserved NOPs, which has no text for two registers',
    from: /^Reservednop_/,
    to: () => undefined,
  },
  {
    reason: 'a jump to a number is a long one',
    from: /^J\w+_rel8_64$/,
    to: replaced(/rel8/, 'rel32'),
    longer: true,
  },
  {
    reason: "VIA's instructions show the REP that is part of them",
    from: /^(Xsha|Xcrypt|Xstore|Montmul|Ccs_)/,
    longer: true,
  },
  { reason: 'as above, and two have no name', from: /^Via_undoc_/, to: () => /^Via_undoc_/, longer: true },
];
