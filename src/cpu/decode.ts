import {
  Decoder,
  DecoderError,
  DecoderOptions,
  Instruction,
  Mnemonic,
  OpKind,
  Register,
  RegisterExt,
} from '../encoder/iced.js';
import { BoundedCache } from './bounded-cache.js';
import { nameHandler } from './decode/handler-name.js';
import { specialRegisterCell } from './decode/special-register.js';
import { isXmm, xmmCell } from './decode/xmm-register.js';
import {
  type CellOperand,
  type Decoded,
  type DecodedInstruction,
  MAX_INSTRUCTION_LENGTH,
  type MemoryOperand,
  type OperandKind,
} from './decoded-instruction.js';
import { handlerKey } from './definition.js';

const NONE: CellOperand = { kind: 'none' };
const instruction = new Instruction();
/** What byte strings were decoded to. */
export const DECODE_CACHE = new BoundedCache<string, Decoded>(1 << 16);

/**
 * Decodes the instruction at the start of `bytes` (64-bit mode). Results are cached by bytes, in a bounded cache.
 * @param bytes At most {@link MAX_INSTRUCTION_LENGTH}; fewer only when no more can be fetched.
 */
export function decode(bytes: Uint8Array): Decoded {
  const key = String.fromCharCode(...bytes);
  const known = DECODE_CACHE.get(key);
  if (known !== undefined) return known;
  const decoded = decodeAnew(bytes);
  DECODE_CACHE.set(key, decoded);
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
 * iced says "no more bytes" of a short invalid opcode too, when it wants a ModRM byte first. Processors raise #UD
 * without fetching on if whatever byte follows is invalid.
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
  const { name, size, sourceSize, form } = nameHandler(instruction, operands);
  return {
    kind: 'instruction',
    bytes,
    handler: handlerKey(name, form, size, sourceSize),
    dest: cells[0] ?? NONE,
    src: cells[1] ?? NONE,
    third: cells[2] ?? NONE,
    memory: memoryAt >= 0 || hasImpliedMemory() ? memoryOperand() : undefined,
    branch: operands[0] === 'branch' ? instruction.nearBranchTarget : undefined,
    locked: instruction.hasLockPrefix,
  };
}

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
  if (isXmm(register)) return { kind: 'cell', offset: xmmCell(register) };
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

/** Instructions whose address is in a register, with a segment that may be overridden. */
const ADDRESS_IN_REGISTER: ReadonlySet<Mnemonic> = new Set([
  ...[Mnemonic.Maskmovdqu, Mnemonic.Monitor, Mnemonic.Monitorx, Mnemonic.Umonitor],
]);

function hasImpliedMemory(): boolean {
  return instruction.isStringInstruction || ADDRESS_IN_REGISTER.has(instruction.mnemonic);
}
