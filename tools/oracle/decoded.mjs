import {
  Code,
  ConditionCode,
  Decoder,
  DecoderOptions,
  InstructionInfoFactory,
  MemorySizeExt,
  Mnemonic,
  OpAccess,
  OpKind,
  Register,
  RegisterExt,
  RflagsBits,
} from 'iced-x86';

const READS = new Set([OpAccess.None, OpAccess.NoMemAccess, OpAccess.Read, OpAccess.CondRead]);
const isWritten = ({ access }) => !READS.has(access);

const PREFIXES = new Set([0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3]);
const RSP = 4;
const RBP = 5;

/** Where iced-x86's flag bits stand in RFLAGS. */
const RFLAGS_BIT = { CF: 0, PF: 2, AF: 4, ZF: 6, SF: 7, IF: 9, DF: 10, OF: 11, AC: 18 };

function rflagsMask(icedBits) {
  let mask = 0n;
  for (const [name, bit] of Object.entries(RFLAGS_BIT)) if (icedBits & RflagsBits[name]) mask |= 1n << BigInt(bit);
  return mask;
}

/** A general-purpose register: AH is `{number: 0, size: 1, high: true}`; undefined for any other register. */
function gpr(register) {
  if (register === Register.None || !RegisterExt.isGPR(register)) return undefined;
  return {
    number: RegisterExt.number(RegisterExt.fullRegister(register)),
    size: RegisterExt.size(register),
    high: register >= Register.AH && register <= Register.BH,
  };
}

/** The number of an XMM register; undefined for any other. */
function xmm(register) {
  return RegisterExt.isXMM(register) ? RegisterExt.number(register) : undefined;
}

const SEGMENTS = { [Register.ES]: 'es', [Register.CS]: 'cs', [Register.SS]: 'ss', [Register.DS]: 'ds' };
const BASED_SEGMENTS = { [Register.FS]: 'fs', [Register.GS]: 'gs' };

const isRex = (byte) => (byte & 0xf0) === 0x40;

/** Legacy prefixes; a REX prefix with another prefix behind it is ignored. */
function prefixesOf(bytes) {
  let end = 0;
  while (PREFIXES.has(bytes[end]) || (isRex(bytes[end]) && PREFIXES.has(bytes[end + 1]))) end++;
  return bytes.slice(0, end);
}

function memoryOf(instruction, offsets, prefixes) {
  const base = instruction.memoryBase;
  const baseRegister = gpr(base);
  return {
    base: baseRegister?.number,
    index: gpr(instruction.memoryIndex)?.number,
    scale: BigInt(instruction.memoryIndexScale),
    displacement: instruction.memoryDisplacement,
    displacementOffset: offsets.displacementOffset,
    displacementSize: offsets.displacementSize,
    relative: base === Register.RIP || base === Register.EIP,
    addressBits: prefixes.includes(0x67) ? 32 : 64,
    size: MemorySizeExt.size(instruction.memorySize) || 1,
    stackSegment: baseRegister?.number === RSP || baseRegister?.number === RBP,
  };
}

function operandOf(instruction, i) {
  const kind = instruction.opKind(i);
  if (kind === OpKind.Register) {
    const register = instruction.opRegister(i);
    const segment = SEGMENTS[register] ?? BASED_SEGMENTS[register];
    const debug = RegisterExt.isDR(register) ? RegisterExt.number(register) : undefined;
    return { register: gpr(register), xmm: xmm(register), segment, debug };
  }
  if (kind === OpKind.Memory) return { memory: true };
  return {
    immediate: kind <= OpKind.Immediate32to64 && kind >= OpKind.Immediate8 ? instruction.immediate(i) : undefined,
  };
}

/** They translate the address as a read does. */
const FLUSHES = /^(Clflush|Clflushopt|Clwb)$/;
const accesses = ({ op0Access, op1Access }) => op0Access !== OpAccess.NoMemAccess && op1Access !== OpAccess.NoMemAccess;

/** What iced-x86 says about the instruction in `bytes` at `rip`, as plain data; undefined when there is none. */
export function decode(bytes, rip) {
  const decoder = new Decoder(64, Uint8Array.from(bytes), DecoderOptions.None);
  decoder.ip = rip;
  const instruction = decoder.decode();
  const offsets = decoder.getConstantOffsets(instruction);
  const factory = new InstructionInfoFactory();
  const info = factory.info(instruction);
  const used = info.usedRegisters();
  const prefixes = prefixesOf(bytes);
  const operands = Array.from({ length: instruction.opCount }, (_, i) => operandOf(instruction, i));
  const hasMemory = operands.some((operand) => operand.memory);
  const decoded = {
    bytes: [...bytes],
    rip,
    prefixes,
    length: instruction.length,
    next: rip + BigInt(instruction.length),
    code: instruction.code,
    name: Code[instruction.code],
    mnemonic: Mnemonic[instruction.mnemonic],
    operands,
    memory: hasMemory ? memoryOf(instruction, offsets, prefixes) : undefined,
    accessesMemory: hasMemory && (accesses(info) || FLUSHES.test(Mnemonic[instruction.mnemonic])),
    usedRegisters: [...new Set(used.map((each) => gpr(each.register)?.number).filter((n) => n !== undefined))],
    writtenRegisters: used.filter(isWritten).map((each) => gpr(each.register)?.number),
    usedXmm: [...new Set(used.map((each) => xmm(each.register)).filter((n) => n !== undefined))],
    stackIncrement: instruction.stackPointerIncrement,
    condition: instruction.conditionCode === ConditionCode.None ? undefined : instruction.conditionCode - 1,
    branchTarget: instruction.nearBranchTarget,
    locked: instruction.hasLockPrefix,
    rep: instruction.hasRepPrefix || instruction.hasRepnePrefix,
    repne: instruction.hasRepnePrefix,
    segmentOverride: instruction.hasSegmentPrefix,
    /** 'fs' or 'gs' when the memory operand is in that segment. */
    basedSegment: BASED_SEGMENTS[instruction.segmentPrefix],
    undefinedFlags: rflagsMask(instruction.rflagsUndefined),
    readFlags: rflagsMask(instruction.rflagsRead),
    modifiedFlags: rflagsMask(instruction.rflagsModified),
  };
  for (const each of [...used, info, factory, offsets, instruction, decoder]) each.free();
  return decoded;
}
