import {
  Code,
  Decoder,
  DecoderError,
  DecoderOptions,
  EncodingKind,
  Instruction,
  MemorySizeExt,
  Mnemonic,
  OpKind,
  Register,
  RegisterExt,
} from 'iced-x86';
import {
  type CellOperand,
  type Decoded,
  type DecodedInstruction,
  MAX_INSTRUCTION_LENGTH,
  type MemoryOperand,
} from './decoded-instruction.js';
import { type Form, handlerKey } from './definition.js';
import type { Size } from './insn.js';
import { specialHandlerName, specialRegisterCell } from './special-register.js';

const NONE: CellOperand = { kind: 'none' };
const instruction = new Instruction();
const cache = new Map<string, Decoded>();
const CACHE_LIMIT = 1 << 16;

/**
 * Decodes the instruction at the start of `bytes` (64-bit mode). Results are cached by bytes, in a bounded cache.
 * @param bytes At most {@link MAX_INSTRUCTION_LENGTH}; fewer only when no more can be fetched.
 */
export function decode(bytes: Uint8Array): Decoded {
  const key = String.fromCharCode(...bytes);
  const known = cache.get(key);
  if (known !== undefined) return known;
  if (cache.size >= CACHE_LIMIT) cache.clear();
  const decoded = decodeAnew(bytes);
  cache.set(key, decoded);
  return decoded;
}

function decodeAnew(bytes: Uint8Array): Decoded {
  const error = decodeInto(bytes);
  if (error === DecoderError.None) return describe(bytes.slice(0, instruction.length));
  if (isTooLong(bytes)) return { kind: 'too long' };
  if (error === DecoderError.NoMoreBytes && bytes.length < MAX_INSTRUCTION_LENGTH) {
    return isUndefinedAnyway(bytes) ? { kind: 'undefined' } : { kind: 'incomplete' };
  }
  return { kind: 'undefined' };
}

/**
 * iced says "no more bytes" of a short invalid opcode too, when it wants a ModRM byte first. Processors raise #UD without
 * fetching on if whatever byte follows is invalid.
 */
function isUndefinedAnyway(bytes: Uint8Array): boolean {
  const longer = new Uint8Array(bytes.length + 1);
  longer.set(bytes);
  for (let next = 0; next < 0x100; next++) {
    longer[bytes.length] = next;
    if (decodeInto(longer) !== DecoderError.InvalidInstruction) return false;
  }
  return true;
}

const LEGACY_PREFIXES: ReadonlySet<number> = new Set([
  0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3,
]);

/** Whether 15 bytes are not enough: without some prefixes in front they are the beginning of a longer instruction. */
function isTooLong(bytes: Uint8Array): boolean {
  if (bytes.length < MAX_INSTRUCTION_LENGTH) return false;
  for (let prefixes = 1; LEGACY_PREFIXES.has(bytes[prefixes - 1] ?? 0); prefixes++) {
    const rest = bytes.subarray(prefixes);
    const error = decodeInto(rest);
    if (error === DecoderError.NoMoreBytes && !isUndefinedAnyway(rest)) return true;
  }
  return false;
}

function decodeInto(bytes: Uint8Array): DecoderError {
  const decoder = new Decoder(64, bytes, DecoderOptions.None);
  try {
    decoder.decodeOut(instruction);
    return decoder.lastError;
  } finally {
    decoder.free();
  }
}

function describe(bytes: Uint8Array): DecodedInstruction {
  const operands = Array.from({ length: instruction.opCount }, (_, i) => operand(i));
  const memoryAt = operands.indexOf('memory');
  const cells = operands.map((op) => (op === 'memory' || op === 'branch' ? NONE : op));
  const { name, size, sourceSize, form } = nameHandler(operands);
  return {
    kind: 'instruction',
    bytes,
    handler: handlerKey(name, form, size, sourceSize),
    dest: cells[0] ?? NONE,
    src: cells[1] ?? NONE,
    third: cells[2] ?? NONE,
    memory: memoryAt >= 0 || instruction.isStringInstruction ? memoryOperand() : undefined,
    branch: operands[0] === 'branch' ? instruction.nearBranchTarget : undefined,
    locked: instruction.hasLockPrefix,
  };
}

type OperandKind = CellOperand | 'memory' | 'branch';

function operand(i: number): OperandKind {
  const kind = instruction.opKind(i);
  switch (kind) {
    case OpKind.Register:
      return registerCell(instruction.opRegister(i));
    case OpKind.NearBranch16:
    case OpKind.NearBranch32:
    case OpKind.NearBranch64:
      return 'branch';
    case OpKind.Memory:
      return 'memory';
    default:
      // What is left are immediates, far branches and the implied memory operands of string instructions.
      return kind >= OpKind.Immediate8 && kind <= OpKind.Immediate32to64
        ? { kind: 'immediate', value: instruction.immediate(i) }
        : NONE;
  }
}

const HIGH_BYTES: readonly Register[] = [Register.AH, Register.CH, Register.DH, Register.BH];

function registerCell(register: Register): CellOperand {
  if (RegisterExt.isGPR(register)) {
    // RegisterExt.number() counts AH..BH and SPL..DIL apart for byte registers; the full register's number is ModRM's.
    const number = RegisterExt.number(RegisterExt.fullRegister(register));
    return { kind: 'cell', offset: 8 * number + (HIGH_BYTES.includes(register) ? 1 : 0) };
  }
  const offset = specialRegisterCell(register);
  return offset === undefined ? NONE : { kind: 'cell', offset };
}

function memoryOperand(): MemoryOperand {
  const { memoryBase: base, memoryIndex: index, memorySegment: segment } = instruction;
  const ripRelative = base === Register.RIP || base === Register.EIP;
  const narrow = RegisterExt.isGPR32(base) || RegisterExt.isGPR32(index) || base === Register.EIP;
  // Overrides to CS, DS, ES and SS have no effect in 64-bit mode.
  const override = segment === Register.FS ? 'fsBase' : segment === Register.GS ? 'gsBase' : undefined;
  const full = RegisterExt.fullRegister(base);
  return {
    base: ripRelative ? NONE : narrowable(base),
    // XLAT adds AL itself.
    index: index === Register.AL ? NONE : narrowable(index),
    scale: Math.log2(instruction.memoryIndexScale),
    displacement: instruction.memoryDisplacement,
    ripRelative,
    addressMask: narrow ? 0xffffffffn : 0xffffffffffffffffn,
    segment: override,
    stack: override === undefined && (full === Register.RSP || full === Register.RBP),
  };
}

function narrowable(register: Register): CellOperand {
  return register === Register.None ? NONE : registerCell(register);
}

const SIZES: readonly number[] = [1, 2, 4, 8];
const isSize = (n: number): n is Size => SIZES.includes(n);

const MNEMONIC_NAMES: readonly string[] = Object.keys(Mnemonic).filter((key) => Number.isNaN(Number(key)));
const nameOf = (mnemonic: Mnemonic): string => (MNEMONIC_NAMES[mnemonic] ?? '').toLowerCase();

/** Bytes of each implied-size string element by the mnemonic's last letter. */
const STRING_SIZES: Readonly<Record<string, Size>> = { b: 1, w: 2, d: 4, q: 8 };
/** Instructions whose source may be smaller than their destination. */
const EXTENDING: ReadonlySet<string> = new Set(['movzx', 'movsx', 'movsxd', 'crc32']);
const BIT_TESTS: ReadonlySet<string> = new Set(['bt', 'bts', 'btr', 'btc']);

function nameHandler(operands: readonly OperandKind[]): {
  name: string;
  size: Size;
  sourceSize: Size;
  form: Form;
} {
  const mnemonic = nameOf(instruction.mnemonic);
  if (instruction.isStringInstruction) return stringHandler(mnemonic);
  const lettered = operands[2] === 'memory' ? 3 : 2;
  const letters = operands.slice(0, lettered).map((op) => (op === 'memory' ? 'm' : 'r'));
  const form = (operands[0] === 'branch' ? '' : letters.join('')) as Form;
  const size = operandSize(0, operands);
  const sourceSize = EXTENDING.has(mnemonic) ? operandSize(1, operands) : size;
  return { name: variantOf(mnemonic, operands), size, sourceSize, form };
}

/** The definition's name where the mnemonic alone does not tell instructions of different meaning apart. */
function variantOf(mnemonic: string, operands: readonly OperandKind[]): string {
  const special = specialRegister();
  if (special >= 0) return specialVariant(mnemonic, special);
  if (mnemonic === 'imul' && operands.length === 3) return 'imul3';
  if (mnemonic === 'ret' && operands.length === 1) return 'ret imm16';
  if (BIT_TESTS.has(mnemonic) && operands[0] === 'memory' && instruction.op1Kind === OpKind.Register) {
    return `${mnemonic} bit string`;
  }
  if (instruction.isCallFarIndirect || instruction.isJmpFarIndirect) return `${mnemonic} far`;
  // AMD's TBM has a BEXTR too, with an immediate; and 0F 0D with registers is a NOP on Intel's processors only.
  if (instruction.encoding === EncodingKind.XOP) return `${mnemonic} (XOP)`;
  if (RESERVED_0F0D.has(instruction.code)) return `${mnemonic} (0F 0D)`;
  if (mnemonic === 'monitor') return monitorVariant();
  if (instruction.code === Code.Iretd || instruction.code === Code.Iretw) return `${mnemonic} (not 64-bit)`;
  return mnemonic;
}

const RESERVED_0F0D: ReadonlySet<Code> = new Set([
  Code.Reservednop_rm16_r16_0F0D,
  Code.Reservednop_rm32_r32_0F0D,
  Code.Reservednop_rm64_r64_0F0D,
]);

/** What MONITOR takes its address from: RAX, EAX, or with a segment, for which there is no definition. */
function monitorVariant(): string {
  if ([Register.FS, Register.GS].includes(instruction.segmentPrefix)) return 'monitor with a segment';
  return instruction.code === Code.Monitord ? 'monitor addr32' : 'monitor';
}

/** Instructions with a segment, control, debug or other register: MOV to and from it, PUSH and POP. */
function specialVariant(mnemonic: string, special: number): string {
  const register = instruction.opRegister(special);
  const direction = special === 0 ? 'to' : 'from';
  return specialHandlerName(mnemonic, direction, register) ?? `${mnemonic} of a special register`;
}

/** The first operand that is a register other than a general-purpose one. */
function specialRegister(): number {
  return Array.from({ length: instruction.opCount }, (_, i) => i).findIndex(
    (i) => instruction.opKind(i) === OpKind.Register && !RegisterExt.isGPR(instruction.opRegister(i)),
  );
}

function stringHandler(mnemonic: string): { name: string; size: Size; sourceSize: Size; form: Form } {
  const size = STRING_SIZES[mnemonic.slice(-1)] ?? 8;
  const base = mnemonic.slice(0, -1);
  const compares = base === 'cmps' || base === 'scas';
  const prefix = instruction.hasRepnePrefix
    ? compares
      ? 'repne '
      : 'rep '
    : instruction.hasRepPrefix || instruction.hasRepePrefix
      ? compares
        ? 'repe '
        : 'rep '
      : '';
  // 32-bit addressing uses ESI, EDI and ECX: another meaning, which has no definition yet.
  const narrow = [0, 1].some((i) => NARROW_STRING_KINDS.has(instruction.opKind(i)));
  return { name: `${prefix}${base}${narrow ? ' addr32' : ''}`, size, sourceSize: size, form: '' };
}

const NARROW_STRING_KINDS: ReadonlySet<OpKind> = new Set([
  OpKind.MemorySegESI,
  OpKind.MemoryESEDI,
  OpKind.MemorySegEDI,
]);

/** LOOPcc with 32-bit addresses counts in ECX. */
const COUNTS_IN_ECX: ReadonlySet<Code> = new Set([
  Code.Loop_rel8_64_ECX,
  Code.Loope_rel8_64_ECX,
  Code.Loopne_rel8_64_ECX,
]);

/** Bytes of operand `i`; 8 for instructions without a sized operand (branches, stack). */
function operandSize(i: number, operands: readonly OperandKind[]): Size {
  const op = operands[i];
  if (op === 'branch') return COUNTS_IN_ECX.has(instruction.code) ? 4 : 8;
  if (op === undefined) return instruction.code === Code.Leavew ? 2 : 8;
  if (instruction.mnemonic === Mnemonic.Enter) return instruction.code === Code.Enterw_imm16_imm8 ? 2 : 8;
  const pushed = Math.abs(instruction.stackPointerIncrement);
  if (isSize(pushed) && specialRegister() === 0) return pushed; // push fs, and the like
  const bytes = op === 'memory' ? MemorySizeExt.size(instruction.memorySize) : cellSize(i);
  return isSize(bytes) ? bytes : 8;
}

function cellSize(i: number): number {
  if (instruction.opKind(i) === OpKind.Register) return RegisterExt.size(instruction.opRegister(i));
  return Math.abs(instruction.stackPointerIncrement); // push imm
}
