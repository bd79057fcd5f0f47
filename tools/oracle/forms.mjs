import { Code, CodeExt, EncodingKind, Mnemonic, OpCodeOperandKind } from 'iced-x86';
import { reasonLeftOut } from './left-out.mjs';

/** Which file of vectors a mnemonic goes to; a mnemonic that is not listed is not recorded. */
const FILES = {
  move: /^(Mov([sz]x|sxd|nti|be)?|Lea|Xchg|Bswap|Cbw|Cwde|Cdqe|Cwd|Cdq|Cqo|Xlatb|Cmov\w+|Set(?!ssbsy)\w+)$/,
  alu: /^(Add|Adc|Sub|Sbb|Cmp|And|Or|Xor|Test|Inc|Dec|Neg|Not|Adcx|Adox)$/,
  shift: /^(Shl|Sal|Shr|Sar|Rol|Ror|Rcl|Rcr|Shld|Shrd)$/,
  bit: /^(Bt|Bts|Btr|Btc|Bsf|Bsr|Popcnt|Tzcnt|Lzcnt|Crc32)$/,
  bmi: /^(Andn|Bextr|Blsi|Blsmsk|Blsr|Bzhi|Mulx|Pdep|Pext|Rorx|Sarx|Shlx|Shrx)$/,
  muldiv: /^(Mul|Imul|Div|Idiv)$/,
  stack: /^(Push|Pop|Pushf|Pushfq|Popf|Popfq|Enter|Leave)$/,
  control: /^(Call|Jmp|J[a-z]{1,4}|Ret|Loop|Loope|Loopne|Int3|Ud[012])$/,
  string: /^(Movs|Stos|Lods|Cmps|Scas)[bwdq]$/,
  flag: /^(Clc|Stc|Cmc|Cld|Std|Lahf|Sahf)$/,
  lock: /^(Xadd|Cmpxchg|Cmpxchg8b|Cmpxchg16b)$/,
  port: /^(In|Out|Ins[bwd]|Outs[bwd]|Wait)$/,
  segment: /^((Rd|Wr)[fg]sbase|Ver[rw]|Lar|Lsl|L[fgs]s)$/,
  shadow: /^(Rdssp[dq]|Incssp[dq]|Rstorssp|Saveprevssp|Wrss[dq])$/,
  system:
    /^(Nop|Reservednop|Endbr(32|64)|Pause|Prefetch(w|nta|t[012]|it[01])?|Cldemote|[LMS]fence|Clflush(opt)?|Clwb)$/,
  privileged:
    /^(Hlt|Cli|Sti|Lldt|Ltr|L[gi]dt|Lmsw|Invlpg|Invpcid|Clac|Stac|Swapgs|Clts|Sysretq?|Invd|Wbn?o?invd|Wrmsr|Rdmsr)$/,
};

/** Far transfers go to a file of their own. */
const FAR = /^(Call|Jmp)_m16|^Retf|^Iret/;

/** The same for instructions with vector registers. */
const XMM_FILES = {
  'sse-move':
    /^(Mov([aulh]p[sd]|dq[au]|[dq]|s[sd]|lhps|hlps|nt(p[sd]|dq)|mskp[sd])|Lddqu|Pmovmskb|P(extr|insr)w|Maskmovdqu)$/,
  'sse-logic': /^(And|Andn|Or|Xor)p[sd]$|^(Pand|Pandn|Por|Pxor)$/,
  'sse-arithmetic':
    /^P(add|sub)([bwdq]|u?s[bw])$|^Pmul(lw|hw|huw|udq)$|^(Pmaddwd|Psadbw|Pavg[bw]|P(min|max)(ub|sw)|Pcmp(eq|gt)[bwd])$/,
  'sse-shuffle': /^(Pack(ss(wb|dw)|uswb)|Punpck[lh](bw|wd|dq|qdq)|Unpck[lh]p[sd]|Pshuf(d|hw|lw)|Shufp[sd])$/,
  'sse-shift': /^Ps([lr]l[wdq]|ra[wd]|[lr]ldq)$/,
};

/** How many tests a form gets: more where there is more to go wrong. First match wins. */
const COUNTS = [
  [/^(Movs|Stos|Lods)[bwdq]_/, 64],
  [/^(Cmps|Scas)[bwdq]_/, 80],
  [/^(Div|Idiv)_/, 64],
  [/^Cmpxchg(8|16)b/, 60],
  [/^(Cmpxchg|Xadd)_/, 40],
  [/^(Popf|Pushf|Leave|Iret)/, 40],
  [/^(Push|Pop|Ret|Call|Jmp)/, 30],
  [/^Enter/, 60],
  [/^(Rcl|Rcr|Shld|Shrd)/, 36],
  [/^(Rol|Ror|Shl|Sal|Shr|Sar)_/, 30],
  [/^(VEX_|Crc32|Movbe|Adcx|Adox)/, 30],
  [/^(Mul|Imul)_/, 30],
  [/^(Bt|Bts|Btr|Btc)_/, 30],
  [/^Ps([lr]l|ra)[wdq]/, 32],
  [/^Maskmovdqu/, 60],
  [/_xmm/, 24],
  [/^(Set|Cmov|J|Mov|Nop|Prefetch)/, 16],
  [/^(Test|And|Or|Xor|Cmp|Add|Adc|Sub|Sbb|Inc|Dec|Neg|Not)_/, 22],
  [/_/, 20],
  [/./, 15],
];

/** Operand kinds that come from a ModRM byte. */
const MODRM_KINDS = /_or_mem$|^mem$|^(r8|r16|r32|r64|xmm|seg|cr|dr)_reg$|_rm$/;
const MEMORY_KINDS = /_or_mem$|^mem$|^mem_offs$/;
const REGISTER_RM_KINDS = /_or_mem$/;

/** MMX and AVX forms share mnemonics with what is recorded; they are not implemented. */
const OTHER_REGISTERS = /_mm(_|m64|$)|^Movdq2q|^VEX_.*_(xmm|ymm)|_tr/;

/** MOVSXD of 16 bits from memory: Intel reads 16 bits, AMD 32. SSE4.1's PEXTRW to memory is not implemented. */
const REGISTER_ONLY = /^Movsxd_r16_rm16$|^Pextrw_r(32|64)m16/;

/** Bytes of immediate or branch displacement that an operand kind adds. */
const IMMEDIATE_SIZE = {
  imm8: 1,
  imm8sex16: 1,
  imm8sex32: 1,
  imm8sex64: 1,
  imm16: 2,
  imm32: 4,
  imm32sex64: 4,
  imm64: 8,
  br64_1: 1,
  br64_4: 4,
};

function form(name, info) {
  const kinds = Array.from({ length: info.opCount }, (_, i) => OpCodeOperandKind[info.opKind(i)]);
  const mnemonic = Mnemonic[info.mnemonic];
  const files = /xmm/.test(name) || mnemonic === 'Maskmovdqu' ? XMM_FILES : FILES;
  const [listed] = Object.entries(files).find(([, pattern]) => pattern.test(mnemonic)) ?? [];
  const file = FAR.test(name) ? 'far' : listed;
  return {
    name,
    mnemonic,
    file,
    count: COUNTS.find(([pattern]) => pattern.test(name))[1],
    code: Code[name],
    map: info.table,
    vex:
      info.encoding === EncodingKind.VEX
        ? { w: /_r64/.test(name) ? 1 : 0, pp: { 2: 1, 3: 2, 4: 3 }[info.mandatoryPrefix] ?? 0 }
        : undefined,
    opcode: info.opCodeLength === 2 ? [info.opCode >> 8, info.opCode & 0xff] : [info.opCode],
    opcodeRegister: kinds.some((kind) => /_opcode$/.test(kind)),
    mandatory: { 2: 0x66, 3: 0xf3, 4: 0xf2 }[info.mandatoryPrefix],
    noOperandSizePrefix: info.no66 || info.mandatoryPrefix === 1,
    operandSize: info.operandSize,
    addressSize: info.addressSize,
    group: info.isGroup ? info.groupIndex : undefined,
    modrm: info.isGroup || kinds.some((kind) => MODRM_KINDS.test(kind)),
    canBeMemory: kinds.some((kind) => MEMORY_KINDS.test(kind)) && !REGISTER_ONLY.test(name),
    canBeRegister: kinds.some((kind) => REGISTER_RM_KINDS.test(kind)),
    moffs: kinds.includes('mem_offs'),
    immediates: kinds.filter((kind) => kind in IMMEDIATE_SIZE).map((kind) => IMMEDIATE_SIZE[kind]),
    sse: files === XMM_FILES,
    branch: kinds.some((kind) => /^br64/.test(kind)) || file === 'far',
    lockable: info.canUseLockPrefix,
    bnd: info.canUseBndPrefix,
  };
}

/** Every instruction form that is recorded, in iced-x86's order. */
export function recordedForms() {
  const forms = [];
  for (const [name, code] of Object.entries(Code)) {
    if (typeof code !== 'number') continue;
    const info = CodeExt.opCode(code);
    const encoded = info.encoding === EncodingKind.Legacy || info.encoding === EncodingKind.VEX;
    const exists = encoded && info.isInstruction && info.mode64 && info.intelDecoder64;
    if (exists && reasonLeftOut(name) === undefined && !OTHER_REGISTERS.test(name)) {
      const candidate = form(name, info);
      if (candidate.file !== undefined) forms.push(candidate);
    }
    info.free();
  }
  return forms;
}
