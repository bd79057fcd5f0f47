import { Definitions } from '../definition.js';
import { CONDITIONS, setSubFlags } from '../flags.js';
import type { Insn, Value } from '../insn.js';
import { VECTOR } from '../vector.js';

const definitions = new Definitions();
/** Atomic read-modify-writes that need no LOCK, and may not have it: CMPccXADD, AADD AAND AOR AXOR. */
export const ATOMIC = definitions.all;

/** #GP(0) unless the operand is naturally aligned. */
function requireAligned(i: Insn): void {
  const wrong = i.linearAddress().and(i.size - 1);
  i.when(wrong.ne(0), () => i.fault(VECTOR.gp, 0));
}

/* AADD, AAND, AOR, AXOR — Atomically Add, AND, OR, XOR. DEST := DEST operation SRC. Flags: none. */
const OPERATIONS: Readonly<Record<string, (dest: Value, src: Value) => Value>> = {
  aadd: (dest, src) => dest.add(src),
  aand: (dest, src) => dest.and(src),
  aor: (dest, src) => dest.or(src),
  axor: (dest, src) => dest.xor(src),
};
for (const [name, operation] of Object.entries(OPERATIONS)) {
  definitions.define(name, { forms: ['mr'], sizes: [4, 8] }, (i) => {
    requireAligned(i);
    i.dest.write(operation(i.dest.read(), i.src.read()));
  });
}

/** The suffixes of CMPccXADD, in the order of {@link CONDITIONS}, which is that of the encodings. */
const SUFFIXES = ['o', 'no', 'b', 'nb', 'z', 'nz', 'be', 'nbe', 's', 'ns', 'p', 'np', 'l', 'nl', 'le', 'nle'] as const;

/*
 * CMPccXADD — Compare and Add If Condition Is Met. TEMP := DEST; flags as CMP TEMP, SRC1; DEST := TEMP + SRC2 if the
 * condition is met, else TEMP; SRC1 := TEMP.
 */
Object.values(CONDITIONS).forEach((condition, index) => {
  definitions.define(`cmp${SUFFIXES[index]}xadd`, { forms: ['mr'], sizes: [4, 8] }, (i) => {
    requireAligned(i);
    const dest = i.dest.read();
    const compared = i.src.read();
    const sum = dest.add(i.third.read());
    setSubFlags(i, i.size, dest, compared, dest.sub(compared).zext(i.size));
    i.dest.write(condition(i).choose(sum, dest));
    i.src.write(dest);
  });
});
