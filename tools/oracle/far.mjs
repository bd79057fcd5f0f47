import { RSP, u64 } from './machine-state.mjs';
import { choosePlace } from './places.mjs';
import { codeTarget, flagsImage } from './targets.mjs';

/**
 * Selectors and far pointers. Only null selectors (0 to 3) mean the same everywhere; far transfers also have the code
 * and stack segment of a 64-bit program under Linux.
 */
const [CODE_SELECTOR, STACK_SELECTOR] = [0x33n, 0x2bn];
/** With another RPL than CPL, RET may look at the outer stack before it looks at CS: this CPU does. */
const NULL_OF_USER = 3n;

export const nullSelector = (random) => BigInt(random.below(4));

/** Which word of a frame is read first is not said, so that all of them are there or none can be. */
const FRAME_PLACES = { inside: 8, cross: 2, noncanonical: 1 };

function placeFrame(state, words, size, random) {
  const { address } = choosePlace(FRAME_PLACES, { size: words.length * size }, random);
  state.registers[RSP] = u64(address);
  for (const [i, word] of words.entries()) state.store(u64(address + BigInt(size * i)), size, word);
}

const SIZE = { Iretw: 2, Iretd: 4, Iretq: 8, Retfw: 2, Retfd: 4, Retfq: 8 };
const wordSize = ({ name }) => SIZE[name.replace('_imm16', '')];

/** Whether it pops a frame with a code segment. */
export const returnsFar = (decoded) => wordSize(decoded) !== undefined;

/** What IRET pops: RIP, CS, RFLAGS, RSP, SS; a null selector is #GP(0). What RET pops: RIP, CS with anything above. */
export function arrangeFarReturn(decoded, state, random) {
  const size = wordSize(decoded);
  if (decoded.mnemonic === 'Retf') {
    const above = random.bits(64) & ~0xffffn;
    const cs = random.chance(0.75) ? CODE_SELECTOR : NULL_OF_USER;
    placeFrame(state, [codeTarget(random), above | cs], size, random);
    return;
  }
  const [cs, ss] =
    random.weighted({ good: 6, bad: 2 }) === 'good' ? [CODE_SELECTOR, STACK_SELECTOR] : badSelectors(random);
  placeFrame(state, [codeTarget(random), cs, flagsImage(random), random.value(64), ss], size, random);
}

function badSelectors(random) {
  const nothing = nullSelector(random);
  return random.chance(0.5) ? [nothing, STACK_SELECTOR] : [CODE_SELECTOR, nothing];
}

const codeSelector = (random) => (random.chance(0.75) ? CODE_SELECTOR : nullSelector(random));

/** Far CALL and JMP; LFS, LGS and LSS. */
export const hasFarPointer = ({ name }) => /^(Call|Jmp|L[fgs]s_\w+)_m16(16|32|64)$/.test(name);

/** An offset of the operand size, and the selector behind it. */
export function farPointer(setup) {
  const { decoded, random } = setup;
  const bits = 8 * (decoded.memory.size - 2);
  const jumps = /^(Call|Jmp)$/.test(decoded.mnemonic);
  const offset = BigInt.asUintN(bits, jumps ? codeTarget(random) : random.value(bits));
  setup.memoryValue = ((jumps ? codeSelector(random) : nullSelector(random)) << BigInt(bits)) | offset;
}
