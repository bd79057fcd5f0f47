import { arrangeFarReturn, nullSelector, returnsFar } from './far.mjs';
import { DATA, DATA_END, RBP, RSP, u64 } from './machine-state.mjs';
import { choosePlace, STACK_PLACES } from './places.mjs';
import { codeTarget, flagsImage } from './targets.mjs';

const QUIET = { inside: 1 };

/** How many bytes an instruction moves from or to the stack. */
function stackSize(decoded) {
  if (decoded.mnemonic === 'Leave') return decoded.name === 'Leavew' ? 2 : 8;
  return decoded.mnemonic === 'Ret' ? 8 : Math.abs(decoded.stackIncrement);
}

function popped(decoded, size, random) {
  // Null selectors mean the same everywhere.
  if (/^Pop[wq]_[FG]S$/.test(decoded.name)) return (random.bits(8 * size - 16) << 16n) | nullSelector(random);
  if (decoded.mnemonic === 'Ret') return codeTarget(random);
  if (/^Popf/.test(decoded.mnemonic)) return flagsImage(random);
  return random.value(8 * size);
}

export const usesStack = (decoded) => decoded.stackIncrement !== 0 || decoded.mnemonic === 'Leave';

/** ENTER: RSP high up, so that much can be allocated; RBP above the frame pointers to copy; both aligned. */
function arrangeFrames(decoded, state, pinned, random) {
  const words = (address) => address & ~7n;
  state.registers[RSP] = words(DATA_END - BigInt(random.below(0x400)));
  state.registers[RBP] = words(DATA + 0x100n + BigInt(random.below(0x7e00)));
  pinned.add(RSP).add(RBP);
  const level = Number((decoded.operands[1].immediate ?? 0n) & 31n);
  for (let i = 1; i < level; i++) state.store(state.registers[RBP] - BigInt(8 * i), 8, random.bits(64));
}

/**
 * Places RSP (RBP for LEAVE) and fills what is popped.
 * @param pinned gets the register that points to the stack
 */
export function arrangeStack(decoded, state, pinned, random) {
  if (decoded.mnemonic === 'Enter') return arrangeFrames(decoded, state, pinned, random);
  if (returnsFar(decoded)) return arrangeFarReturn(decoded, state, random);
  const size = stackSize(decoded);
  const pushes = decoded.stackIncrement < 0;
  // With a memory operand as well, only that one may fault.
  const { address } = choosePlace(decoded.memory ? QUIET : STACK_PLACES, { size }, random);
  const pointer = decoded.mnemonic === 'Leave' ? RBP : RSP;
  state.registers[pointer] = u64(pushes ? address + BigInt(size) : address);
  pinned.add(pointer);
  if (pushes) state.store(address, size, random.bits(8 * size));
  else state.store(address, size, popped(decoded, size, random));
}
