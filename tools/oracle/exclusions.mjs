import { DATA, DATA_END, FLAG, isCanonical, isUserAddress, RCX, RDI, RSI, RSP, u64 } from './machine-state.mjs';
import { linearAddress, segmentBase } from './memory-operand.mjs';

/** The shift count that an instruction sees: CL or an immediate, modulo 32 or 64. */
function shiftCount(decoded, state) {
  const last = decoded.operands.at(-1);
  const count = last.register ? state.getLow(RCX, 1) : (last.immediate ?? 1n);
  return count & (operandBits(decoded) === 64 ? 63n : 31n);
}

const operandBits = (decoded) => 8 * (decoded.operands[0].register?.size ?? decoded.memory.size);

const SHIFTS = /^(Shl|Sal|Shr|Sar|Rol|Ror|Rcl|Rcr|Shld|Shrd)$/;

/** Bytes that ENTER pushes with 31 nesting levels: RBP, 30 frame pointers, the new one. */
const MOST_PUSHED = 32n * 8n;

const RULES = [
  // The manuals want the linear address to be canonical; this CPU wants the one before the base is added to be so, too.
  {
    reason: 'address in FS or GS that is canonical only with the base',
    applies: (decoded, state, address) =>
      decoded.basedSegment !== undefined && !offsetsOf(decoded, state, address).every(isCanonical),
  },
  // #UD with CR4.DE, which the system sets or not.
  {
    reason: 'DR4 or DR5',
    applies: ({ operands }) => operands.some(({ debug }) => debug === 4 || debug === 5),
  },
  // The destination is undefined (SDM BSF, BSR); AMD leaves it unchanged.
  {
    reason: 'BSF or BSR of zero',
    applies: ({ mnemonic, operands }, state) =>
      /^Bs[fr]$/.test(mnemonic) && operands[1].register && operandIsZero(operands[1].register, state),
  },
  // The result is undefined (SDM SHLD, SHRD).
  {
    reason: '16-bit SHLD or SHRD by more than 16',
    applies: (decoded, state) => /^Sh[lr]d_rm16/.test(decoded.name) && shiftCount(decoded, state) > 16n,
  },
  // Nothing is to be written, so whether a page must be writable is not said.
  {
    reason: 'shift or rotation by 0 of memory that cannot be written',
    applies: (decoded, state, address) =>
      SHIFTS.test(decoded.mnemonic) &&
      decoded.memory !== undefined &&
      (address < DATA || address + BigInt(decoded.memory.size) > DATA_END) &&
      shiftCount(decoded, state) === 0n,
  },
  // Whether what was pushed before stays in memory is not said.
  {
    reason: 'ENTER whose final write check faults',
    applies: ({ mnemonic, operands }, state) =>
      mnemonic === 'Enter' && state.registers[RSP] - operands[0].immediate < DATA + MOST_PUSHED,
  },
  // A null selector in FS or GS makes the base 0 on Intel's CPUs, on AMD's only where CPUID says so.
  {
    reason: 'null selector in FS or GS whose base is not 0',
    applies: ({ name, operands }, { bases }) =>
      (/^Mov_Sreg_|^Popw?q?_[FG]S$/.test(name) && bases[operands[0].segment] > 0n) ||
      (/^L[fg]s_/.test(name) && bases[name.slice(1, 3)] > 0n),
  },
  // The selectors are the operating system's.
  {
    reason: 'CS or SS is read',
    applies: ({ name, operands }) => /^Mov_\w+_Sreg$/.test(name) && /^[cs]s$/.test(operands[1].segment),
  },
  // This CPU executes XCHG R8, RAX; decoders disagree whether it is PAUSE.
  {
    reason: 'PAUSE with REX.B',
    applies: ({ mnemonic, bytes, prefixes }) => mnemonic === 'Pause' && (bytes[prefixes.length] & 0xf1) === 0x41,
  },
  // With a 16-bit operand AMD's near branches truncate RIP, Intel's ignore the prefix.
  {
    reason: '66 on a near branch',
    applies: ({ name, mnemonic, prefixes }) =>
      /^(J\w+|Call|Ret|Loop\w*)$/.test(mnemonic) && !/_m16(16|32)$/.test(name) && prefixes.includes(0x66),
  },
  // Taken literally it is an endless loop; the single step could not be told from a repeated instruction.
  {
    reason: 'branch to itself',
    applies: ({ branchTarget, rip }) => branchTarget === rip,
  },
  // The step would end at an address that belongs to the kernel, or that is not canonical (vendors fault differently).
  {
    reason: 'branch out of the lower half of the addresses',
    applies: ({ mnemonic, branchTarget, operands }, state) =>
      (branchTarget !== 0n && !isUserAddress(branchTarget)) ||
      (/^(Jmp|Call)$/.test(mnemonic) &&
        operands[0].register &&
        !isUserAddress(state.registers[operands[0].register.number])),
  },
  // Linux hides from programs what is mapped in the kernel's half: the error code would not be the CPU's.
  {
    reason: 'CALL through RSP that pushes below address 0',
    applies: ({ mnemonic, operands }, { registers }) =>
      mnemonic === 'Call' && operands[0].register?.number === RSP && !isUserAddress(u64(registers[RSP] - 8n)),
  },
];

/** Addresses without the base of the segment: of the memory operand's ends, or of those that RSI and RDI point to. */
function offsetsOf(decoded, state, address) {
  if (decoded.memory) {
    const first = u64(address - segmentBase(decoded, state));
    return [first, u64(first + BigInt(decoded.memory.size - 1))];
  }
  if (decoded.prefixes.includes(0x67)) return [];
  return [state.registers[RSI], state.registers[RDI]].filter((_, i) => decoded.usedRegisters.includes([RSI, RDI][i]));
}

function operandIsZero({ number, size }, state) {
  return state.getLow(number, size) === 0n;
}

/** Why a test is not recorded, or undefined. */
export function exclusion(decoded, state) {
  const address = decoded.memory ? linearAddress(decoded, state) : 0n;
  return RULES.find(({ applies }) => applies(decoded, state, address))?.reason;
}

/**
 * RFLAGS bits that are not compared, in hex: iced-x86's, and two that depend on the count (SDM, "Flags Affected"): OF
 * of shifts and rotations by more than 1; CF of SHL and SHR by the operand's width or more.
 */
export function undefinedFlags(decoded, state) {
  let mask = decoded.undefinedFlags;
  if (SHIFTS.test(decoded.mnemonic)) {
    const count = shiftCount(decoded, state);
    if (count > 1n) mask |= FLAG.of;
    if (/^(Shl|Sal|Shr)$/.test(decoded.mnemonic) && count >= BigInt(operandBits(decoded))) mask |= FLAG.cf;
  }
  return mask.toString(16);
}
