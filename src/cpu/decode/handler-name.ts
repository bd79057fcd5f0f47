import {
  Code,
  EncodingKind,
  type Instruction,
  MemorySizeExt,
  Mnemonic,
  OpKind,
  RegisterExt,
} from '../../encoder/iced.js';
import type { OperandKind } from '../decoded-instruction.js';
import type { Form } from '../definition.js';
import type { Size } from '../insn.js';
import { specialHandlerName } from './special-register.js';
import { isXmm } from './xmm-register.js';

const SIZES: readonly number[] = [1, 2, 4, 8];
const isSize = (n: number): n is Size => SIZES.includes(n);

const MNEMONIC_NAMES: readonly string[] = Object.keys(Mnemonic).filter((key) => Number.isNaN(Number(key)));
const nameOf = (mnemonic: Mnemonic): string => (MNEMONIC_NAMES[mnemonic] ?? '').toLowerCase();

/** Bytes of each implied-size string element by the mnemonic's last letter. */
const STRING_SIZES: Readonly<Record<string, Size>> = { b: 1, w: 2, d: 4, q: 8 };
/** Instructions whose source may be smaller than their destination. */
const EXTENDING: ReadonlySet<string> = new Set(['movzx', 'movsx', 'movsxd', 'crc32', 'lar', 'lsl']);
const BIT_TESTS: ReadonlySet<string> = new Set(['bt', 'bts', 'btr', 'btc']);

/** Which handler executes an instruction, told by its mnemonic and its operands. */
export function nameHandler(
  instruction: Instruction,
  operands: readonly OperandKind[],
): {
  name: string;
  size: Size;
  sourceSize: Size;
  form: Form;
} {
  const mnemonic = nameOf(instruction.mnemonic);
  if (instruction.isStringInstruction) return stringHandler(instruction, mnemonic);
  const lettered = operands[2] === 'memory' ? 3 : 2;
  const letters = operands.slice(0, lettered).map((op) => (op === 'memory' ? 'm' : 'r'));
  const form = (operands[0] === 'branch' ? '' : letters.join('')) as Form;
  const size = operandSize(instruction, sizedOperand(instruction), operands);
  const sourceSize = EXTENDING.has(mnemonic) ? operandSize(instruction, 1, operands) : size;
  return { name: variantOf(instruction, mnemonic, operands), size, sourceSize, form };
}

/** The definition's name where the mnemonic alone does not tell instructions of different meaning apart. */
function variantOf(instruction: Instruction, mnemonic: string, operands: readonly OperandKind[]): string {
  const special = specialRegister(instruction);
  if (special >= 0) return specialVariant(instruction, mnemonic, special);
  if (MOVES_BETWEEN_FILES.has(instruction.mnemonic) && !isXmm(instruction.op0Register)) return `${mnemonic} from xmm`;
  if (mnemonic === 'imul' && operands.length === 3) return 'imul3';
  if ((mnemonic === 'ret' || mnemonic === 'retf') && operands.length === 1) return `${mnemonic} imm16`;
  if (BIT_TESTS.has(mnemonic) && operands[0] === 'memory' && instruction.op1Kind === OpKind.Register) {
    return `${mnemonic} bit string`;
  }
  if (instruction.isCallFarIndirect || instruction.isJmpFarIndirect) return `${mnemonic} far`;
  // AMD's TBM has a BEXTR too, with an immediate.
  if (instruction.encoding === EncodingKind.XOP) return `${mnemonic} (XOP)`;
  if (mnemonic === 'maskmovdqu' && instruction.op0Kind === OpKind.MemorySegEDI) return `${mnemonic} addr32`;
  if (EAX_ADDRESSED.has(instruction.code)) return `${mnemonic} addr32`;
  return mnemonic;
}

/** What these do to the rest of the destination depends on whether that is an XMM register. */
const MOVES_BETWEEN_FILES: ReadonlySet<Mnemonic> = new Set([Mnemonic.Movd, Mnemonic.Movq]);

/** These take an address from EAX. */
const EAX_ADDRESSED: ReadonlySet<Code> = new Set([Code.Monitord, Code.Monitorxd]);

/** Instructions with a segment, control, debug or other register: MOV to and from it, PUSH and POP. */
function specialVariant(instruction: Instruction, mnemonic: string, special: number): string {
  const register = instruction.opRegister(special);
  const direction = special === 0 ? 'to' : 'from';
  return specialHandlerName(mnemonic, direction, register) ?? `${mnemonic} of a special register`;
}

/** The first operand that is a register other than a general-purpose one or an XMM register. */
function specialRegister(instruction: Instruction): number {
  return Array.from({ length: instruction.opCount }, (_, i) => i).findIndex(
    (i) =>
      instruction.opKind(i) === OpKind.Register &&
      !RegisterExt.isGPR(instruction.opRegister(i)) &&
      !isXmm(instruction.opRegister(i)),
  );
}

function stringHandler(
  instruction: Instruction,
  mnemonic: string,
): { name: string; size: Size; sourceSize: Size; form: Form } {
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

/** Sizes that no operand tells. LOOPcc with 32-bit addresses counts in ECX. */
const IMPLIED_SIZES: ReadonlyMap<Code, Size> = new Map<Code, Size>([
  [Code.Loop_rel8_64_ECX, 4],
  [Code.Loope_rel8_64_ECX, 4],
  [Code.Loopne_rel8_64_ECX, 4],
  [Code.Leavew, 2],
  [Code.Enterw_imm16_imm8, 2],
  [Code.Enterq_imm16_imm8, 8],
  [Code.Retfw, 2],
  [Code.Retfw_imm16, 2],
  [Code.Retfd, 4],
  [Code.Retfd_imm16, 4],
  [Code.Retfq_imm16, 8],
]);

/** The operand that an instruction has its size of: the first one that is no XMM register. */
function sizedOperand(instruction: Instruction): number {
  for (let i = 0; i < instruction.opCount; i++) {
    if (instruction.opKind(i) !== OpKind.Register || !isXmm(instruction.opRegister(i))) {
      // An immediate that goes with XMM registers counts something.
      return instruction.opKind(i) === OpKind.Immediate8 ? 0 : i;
    }
  }
  return 0;
}

/** Bytes of operand `i`; 8 for instructions without a sized operand (branches, stack). */
function operandSize(instruction: Instruction, i: number, operands: readonly OperandKind[]): Size {
  const op = operands[i];
  const implied = IMPLIED_SIZES.get(instruction.code);
  if (implied !== undefined || op === undefined || op === 'branch') return implied ?? 8;
  const pushed = Math.abs(instruction.stackPointerIncrement);
  if (isSize(pushed) && specialRegister(instruction) === 0) return pushed; // push fs, and the like
  const bytes = op === 'memory' ? memorySize(instruction) : cellSize(instruction, i);
  return isSize(bytes) ? bytes : 8;
}

/** Of a far pointer the offset has the operand size. */
function memorySize(instruction: Instruction): number {
  const selector = instruction.isCallFarIndirect || instruction.isJmpFarIndirect ? 2 : 0;
  return MemorySizeExt.size(instruction.memorySize) - selector;
}

function cellSize(instruction: Instruction, i: number): number {
  if (instruction.opKind(i) === OpKind.Register) return RegisterExt.size(instruction.opRegister(i));
  return Math.abs(instruction.stackPointerIncrement); // push imm
}
