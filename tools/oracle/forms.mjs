import { Code, CodeExt, EncodingKind, Mnemonic, OpCodeOperandKind } from 'iced-x86';

/** Which file of vectors a mnemonic goes to; a mnemonic that is not listed is not recorded. */
const FILES = {
  move: /^(Mov|Movzx|Movsx|Movsxd|Movnti|Lea|Xchg|Bswap|Cbw|Cwde|Cdqe|Cwd|Cdq|Cqo|Movbe|Xlatb|Cmov\w+|Set(?!ssbsy)\w+)$/,
  alu: /^(Add|Adc|Sub|Sbb|Cmp|And|Or|Xor|Test|Inc|Dec|Neg|Not|Adcx|Adox)$/,
  shift: /^(Shl|Sal|Shr|Sar|Rol|Ror|Rcl|Rcr|Shld|Shrd)$/,
  bit: /^(Bt|Bts|Btr|Btc|Bsf|Bsr|Popcnt|Tzcnt|Lzcnt|Crc32)$/,
  bmi: /^(Andn|Bextr|Blsi|Blsmsk|Blsr|Bzhi|Mulx|Pdep|Pext|Rorx|Sarx|Shlx|Shrx)$/,
  muldiv: /^(Mul|Imul|Div|Idiv)$/,
  stack: /^(Push|Pop|Pushf|Pushfq|Popf|Popfq|Enter|Leave)$/,
  control: /^(Call|Jmp|J[a-z]{1,4}|Ret|Loop|Loope|Loopne|Int3|Ud2)$/,
  string: /^(Movs|Stos|Lods|Cmps|Scas)[bwdq]$/,
  flag: /^(Clc|Stc|Cmc|Cld|Std|Lahf|Sahf)$/,
  lock: /^(Xadd|Cmpxchg|Cmpxchg8b|Cmpxchg16b)$/,
  port: /^(In|Out|Ins[bwd]|Outs[bwd]|Wait)$/,
  system: /^(Nop|Reservednop|Endbr64|Pause|Prefetch|Prefetchw|Prefetchnta|Prefetcht[012]|[LMS]fence)$/,
};

/**
 * Forms left out, each for a reason that README.md states: segment, control and debug registers; SSE instructions that
 * share a mnemonic; far branches; branches with a 16-bit operand; hints that only one vendor defines; 16-bit BSWAP.
 */
const LEFT_OUT =
  /^VEX_KNC_|_0F0D$|_(Sreg|cr|dr)|(_FS|_GS)$|xmm|m16(16|32|64)$|rel16$|rel8_16|^(Call|Jmp)_rm16$|^Retnw|^Prefetchreserved|^Bswap_r16$/;

/** How many tests a form gets: more where there is more to go wrong. First match wins. */
const COUNTS = [
  [/^[LMS]fence_/, 4],
  [/^Reservednop/, 2],
  [/^(Nop[wdq]|Endbr64|Pause|[LMS]fence|Ud2|Int3|Cmc|Clc|Stc|Cld|Std)$/, 5],
  [/^(Movs|Stos|Lods)[bwdq]_/, 26],
  [/^(Cmps|Scas)[bwdq]_/, 34],
  [/^(Div|Idiv)_/, 26],
  [/^Cmpxchg(8|16)b/, 26],
  [/^(Cmpxchg|Xadd)_/, 16],
  [/^(Popf|Pushf|Leave)/, 16],
  [/^(Push|Pop|Ret|Call|Jmp)/, 14],
  [/^(Loop|Jrcxz|Jecxz|Xlat)/, 12],
  [/^J/, 6],
  [/^Cmov/, 6],
  [/^Set/, 7],
  [/^(Rcl|Rcr|Shld|Shrd)/, 12],
  [/^(VEX_|Crc32|Movbe|Adcx|Adox)/, 16],
  [/^Enter/, 24],
  [/^(Bt|Bts|Btr|Btc)_/, 12],
  [/^(Test|And|Or|Xor|Cmp)_/, 8],
  [/./, 9],
];

/** Operand kinds that come from a ModRM byte. */
const MODRM_KINDS = /_or_mem$|^mem$|^r(8|16|32|64)_reg$/;
const MEMORY_KINDS = /_or_mem$|^mem$|^mem_offs$/;
const REGISTER_RM_KINDS = /_or_mem$/;

/** MOVSXD of 16 bits from memory: Intel reads 16 bits, AMD 32. */
const REGISTER_ONLY = /^Movsxd_r16_rm16$/;

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
  const [file] = Object.entries(FILES).find(([, pattern]) => pattern.test(mnemonic)) ?? [];
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
    branch: kinds.some((kind) => /^br64/.test(kind)),
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
    if (exists && !LEFT_OUT.test(name)) {
      const candidate = form(name, info);
      if (candidate.file !== undefined) forms.push(candidate);
    }
    info.free();
  }
  return forms;
}
