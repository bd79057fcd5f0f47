import { Definitions, type Form } from '../definition.js';
import { setLogicFlags, setResultFlags } from '../flags.js';
import type { Size, Value } from '../insn.js';
import { bitField } from './bmi.js';

const definitions = new Definitions();
/**
 * AMD's trailing bit manipulation: BLCFILL BLCI BLCIC BLCMSK BLCS BLSFILL BLSIC T1MSKC TZMSK, and BEXTR with an
 * immediate.
 */
export const TBM = definitions.all;

const FORMS: readonly Form[] = ['rr', 'rm'];
const SIZES: readonly Size[] = [4, 8];

/** Of SRC and SRC + 1, or SRC - 1 (APM Vol. 3). */
const OPERATIONS: Readonly<Record<string, readonly [neighbour: 1 | -1, (src: Value, neighbour: Value) => Value]>> = {
  blcfill: [1, (src, above) => src.and(above)],
  blci: [1, (src, above) => src.or(above.not())],
  blcic: [1, (src, above) => src.not().and(above)],
  blcmsk: [1, (src, above) => src.xor(above)],
  blcs: [1, (src, above) => src.or(above)],
  t1mskc: [1, (src, above) => src.not().or(above)],
  blsfill: [-1, (src, below) => src.or(below)],
  blsic: [-1, (src, below) => src.not().or(below)],
  tzmsk: [-1, (src, below) => src.not().and(below)],
};

/* CF by the addition or subtraction of 1; SF ZF by the result; OF cleared; AF PF undefined. */
for (const [name, [neighbour, operation]] of Object.entries(OPERATIONS)) {
  definitions.define(`${name} (XOP)`, { forms: FORMS, sizes: SIZES, dest: 'w' }, (i) => {
    const src = i.src.read();
    const carry = neighbour === 1 ? src.not().zext(i.size).eq(0) : src.eq(0);
    const result = operation(src, src.add(neighbour)).zext(i.size);
    setResultFlags(i, i.size, result, carry, i.constant(0));
    i.dest.write(result);
  });
}

/* BEXTR, with an immediate: START := imm[7:0], LEN := imm[15:8]. Flags as BMI1's. */
definitions.define('bextr (XOP)', { forms: FORMS, sizes: SIZES, dest: 'w' }, (i) => {
  const result = bitField(i, i.src.read(), i.third.read(2));
  setLogicFlags(i, i.size, result);
  i.dest.write(result);
});
