import { BWLQ, Definitions, ONE_OPERAND, TWO_OPERANDS } from '../definition.js';
import { cf, of, setAddFlags, setCfOf, setLogicFlags, setSubFlags } from '../flags.js';
import type { Insn, Value } from '../insn.js';

const definitions = new Definitions();
/** Binary arithmetic and logic: ADD ADC SUB SBB CMP AND OR XOR TEST INC DEC NEG NOT ADCX ADOX. */
export const ALU = definitions.all;

/* ADD — Add. DEST := DEST + SRC. OF SF ZF AF CF PF according to the result. */
definitions.define('add', { forms: TWO_OPERANDS, sizes: BWLQ }, (i) => {
  const dest = i.dest.read();
  const src = i.src.read();
  const sum = dest.add(src).zext(i.size);
  setAddFlags(i, i.size, dest, src, sum);
  i.dest.write(sum);
});

/* ADC — Add With Carry. DEST := DEST + SRC + CF. OF SF ZF AF CF PF according to the result. */
definitions.define('adc', { forms: TWO_OPERANDS, sizes: BWLQ }, (i) => {
  const dest = i.dest.read();
  const src = i.src.read();
  const sum = dest.add(src).add(cf(i)).zext(i.size);
  setAddFlags(i, i.size, dest, src, sum);
  i.dest.write(sum);
});

/* SUB — Subtract. DEST := DEST - SRC. OF SF ZF AF CF PF according to the result. */
definitions.define('sub', { forms: TWO_OPERANDS, sizes: BWLQ }, (i) => {
  const dest = i.dest.read();
  const src = i.src.read();
  const difference = dest.sub(src).zext(i.size);
  setSubFlags(i, i.size, dest, src, difference);
  i.dest.write(difference);
});

/* SBB — Integer Subtraction With Borrow. DEST := DEST - (SRC + CF). OF SF ZF AF CF PF according to the result. */
definitions.define('sbb', { forms: TWO_OPERANDS, sizes: BWLQ }, (i) => {
  const dest = i.dest.read();
  const src = i.src.read();
  const difference = dest.sub(src).sub(cf(i)).zext(i.size);
  setSubFlags(i, i.size, dest, src, difference);
  i.dest.write(difference);
});

/* CMP — Compare Two Operands. TEMP := SRC1 - SRC2; flags as SUB. */
definitions.define('cmp', { forms: TWO_OPERANDS, sizes: BWLQ, dest: 'r' }, (i) => {
  const first = i.dest.read();
  const second = i.src.read();
  setSubFlags(i, i.size, first, second, first.sub(second).zext(i.size));
});

/*
 * AND, OR, XOR — Logical operations. OF and CF cleared; SF ZF PF according to the result; AF undefined (cleared here).
 */
const logic: Readonly<Record<string, (dest: Value, src: Value) => Value>> = {
  and: (dest, src) => dest.and(src),
  or: (dest, src) => dest.or(src),
  xor: (dest, src) => dest.xor(src),
};
for (const [name, operation] of Object.entries(logic)) {
  definitions.define(name, { forms: TWO_OPERANDS, sizes: BWLQ }, (i) => {
    const result = operation(i.dest.read(), i.src.read());
    setLogicFlags(i, i.size, result);
    i.dest.write(result);
  });
}

/* TEST — Logical Compare. TEMP := SRC1 AND SRC2; flags as AND. */
definitions.define('test', { forms: ['rr', 'mr'], sizes: BWLQ, dest: 'r' }, (i) =>
  setLogicFlags(i, i.size, i.dest.read().and(i.src.read())),
);

/* INC — Increment by 1. DEST := DEST + 1. OF SF ZF AF PF; CF is not affected. */
definitions.define('inc', { forms: ONE_OPERAND, sizes: BWLQ }, (i) => {
  const carry = cf(i);
  const dest = i.dest.read();
  const sum = dest.add(1).zext(i.size);
  setAddFlags(i, i.size, dest, i.constant(1), sum);
  setCfOf(i, carry, of(i));
  i.dest.write(sum);
});

/* DEC — Decrement by 1. DEST := DEST - 1. OF SF ZF AF PF; CF is not affected. */
definitions.define('dec', { forms: ONE_OPERAND, sizes: BWLQ }, (i) => {
  const carry = cf(i);
  const dest = i.dest.read();
  const difference = dest.sub(1).zext(i.size);
  setSubFlags(i, i.size, dest, i.constant(1), difference);
  setCfOf(i, carry, of(i));
  i.dest.write(difference);
});

/* NEG — Two's Complement Negation. CF := DEST is not 0; DEST := -DEST. Flags as 0 - DEST. */
definitions.define('neg', { forms: ONE_OPERAND, sizes: BWLQ }, (i) => {
  const dest = i.dest.read();
  const negated = dest.neg().zext(i.size);
  setSubFlags(i, i.size, i.constant(0), dest, negated);
  i.dest.write(negated);
});

/* NOT — One's Complement Negation. DEST := NOT DEST. Flags: none. */
definitions.define('not', { forms: ONE_OPERAND, sizes: BWLQ }, (i) => i.dest.write(i.dest.read().not()));

/* ADCX — Unsigned Integer Addition of Two Operands With Carry Flag. CF:DEST := DEST + SRC + CF; CF alone changes. */
definitions.define('adcx', { forms: ['rr', 'rm'], sizes: [4, 8] }, (i) => {
  const { sum, carry } = addWithCarry(i, cf(i));
  setCfOf(i, carry, of(i));
  i.dest.write(sum);
});

/* ADOX — Unsigned Integer Addition of Two Operands With Overflow Flag. OF:DEST := DEST + SRC + OF; OF alone changes. */
definitions.define('adox', { forms: ['rr', 'rm'], sizes: [4, 8] }, (i) => {
  const { sum, carry } = addWithCarry(i, of(i));
  setCfOf(i, cf(i), carry);
  i.dest.write(sum);
});

function addWithCarry(i: Insn, carryIn: Value): { sum: Value; carry: Value } {
  const dest = i.dest.read();
  const src = i.src.read();
  const sum = dest.add(src).add(carryIn).zext(i.size);
  const carryOuts = dest.and(src).or(dest.or(src).and(sum.not()));
  return { sum, carry: carryOuts.bit(8 * i.size - 1) };
}
