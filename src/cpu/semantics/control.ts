import { GPR } from '../cells.js';
import { Definitions, type Form, ONE_OPERAND, WLQ } from '../definition.js';
import { CONDITIONS, zf } from '../flags.js';
import type { Insn, Value } from '../insn.js';
import { hasErrorCode, VECTOR } from '../vector.js';
import { refuseUnsupported } from './privilege.js';
import { dropTop, push, topOfStack } from './stack.js';

const definitions = new Definitions();
/** Control transfer: CALL JMP Jcc RET LOOP JRCXZ INT3 INT UD, and the instructions that do nothing. */
export const CONTROL = definitions.all;

const PLAIN: readonly Form[] = [''];

/* CALL rel32 — Call Procedure, near, relative. Push(RIP of the next instruction); RIP := RIP + rel32. */
definitions.define('call', { forms: PLAIN, sizes: [8] }, (i) => {
  push(i, i.next());
  i.branch();
});

/* CALL r/m64 — near, absolute indirect. */
definitions.define('call', { forms: ONE_OPERAND, sizes: [8], dest: 'r' }, (i) => {
  const target = i.dest.read();
  i.requireCanonical(target);
  push(i, i.next());
  i.jump(target);
});

/* JMP rel8/rel32 — Jump, near, relative. */
definitions.define('jmp', { forms: PLAIN, sizes: [8] }, (i) => i.branch());

/* JMP r/m64 — near, absolute indirect. */
definitions.define('jmp', { forms: ONE_OPERAND, sizes: [8], dest: 'r' }, (i) => {
  const target = i.dest.read();
  i.requireCanonical(target);
  i.jump(target);
});

/* Jcc rel8/rel32 — Jump if Condition Is Met. */
for (const [suffix, condition] of Object.entries(CONDITIONS)) {
  definitions.define(`j${suffix}`, { forms: PLAIN, sizes: [8] }, (i) => i.when(condition(i), () => i.branch()));
}

/* RET (imm16) — Return From Procedure, near. RIP := Pop(); RSP := RSP + imm16. */
definitions.define('ret', { forms: PLAIN, sizes: [8] }, (i) => returnNear(i, i.constant(0)));
definitions.define('ret imm16', { forms: ['r'], sizes: [8], dest: 'r' }, (i) => returnNear(i, i.dest.read(2)));

function returnNear(i: Insn, release: Value): void {
  const target = topOfStack(i);
  i.requireCanonical(target);
  dropTop(i, release.add(8));
  i.jump(target);
}

/*
 * LOOP/LOOPE/LOOPNE — Loop According to RCX Counter. COUNT := COUNT - 1; branch if COUNT is not 0 (and ZF is 1, or 0).
 * COUNT is RCX, or ECX with 32-bit addresses.
 */
const LOOPS: Readonly<Record<string, (i: Insn) => Value>> = {
  loop: (i) => i.constant(1),
  loope: zf,
  loopne: (i) => zf(i).xor(1),
};
for (const [name, condition] of Object.entries(LOOPS)) {
  definitions.define(name, { forms: PLAIN, sizes: [4, 8] }, (i) => {
    const count = i.register(GPR.rcx, i.size).sub(1).zext(i.size);
    i.setRegister(GPR.rcx, count, i.size);
    i.when(count.ne(0).and(condition(i)), () => i.branch());
  });
}

/* JECXZ/JRCXZ — Jump if ECX or RCX Register Is 0. */
for (const [name, size] of [
  ['jecxz', 4],
  ['jrcxz', 8],
] as const) {
  definitions.define(name, { forms: PLAIN, sizes: [8] }, (i) =>
    i.when(i.register(GPR.rcx, size).eq(0), () => i.branch()),
  );
}

/* INT3 — Call to Interrupt Procedure (CC). A trap: the saved RIP is that of the next instruction. */
definitions.define('int3', { forms: PLAIN, sizes: [8] }, (i) => i.trap(VECTOR.bp));

/* INT1 — #DB as a trap. Neither DPL nor CPL is looked at. */
definitions.define('int1', { forms: PLAIN, sizes: [8] }, (i) => i.trap(VECTOR.db));

/** Vectors whose gates have DPL 3, as in Linux: the user may INT there. */
const USER_GATES = [VECTOR.bp, VECTOR.of, 0x80];
/** INT n pushes no error code, which the handlers of these vectors expect. */
const WITH_ERROR_CODE = Array.from({ length: 0x20 }, (_, vector) => vector).filter(hasErrorCode);

/* INT n — Call to Interrupt Procedure (CD ib). A trap; IF the gate's DPL < CPL THEN #GP(n * 8 + 2). */
definitions.define('int', { forms: ['r'], sizes: [8], dest: 'r' }, (i) => {
  const vector = i.dest.read(1);
  const isOneOf = (vectors: readonly number[]): Value =>
    vectors.map((one) => vector.eq(one)).reduce((any, is) => any.or(is));
  const forbidden = i.cell('cpl').ne(0).and(isOneOf(USER_GATES).eq(0));
  i.when(forbidden, () => i.fault(VECTOR.gp, vector.shl(3).or(2)));
  refuseUnsupported(i, isOneOf(WITH_ERROR_CODE));
  i.trap(vector);
});

/* UD0, UD1, UD2 — Undefined Instruction. #UD. UD1 with a memory operand does not access it. */
for (const name of ['ud0', 'ud1', 'ud2']) {
  definitions.define(
    name,
    { forms: name === 'ud2' ? PLAIN : ['rr', 'rm'], sizes: name === 'ud2' ? [8] : WLQ, dest: 'r' },
    (i) => i.fault(VECTOR.ud),
  );
}

/* NOP — No Operation, one byte and multi-byte; a memory operand is not accessed. */
definitions.define('nop', { forms: PLAIN, sizes: [8] }, () => {});
definitions.define('nop', { forms: ONE_OPERAND, sizes: WLQ, dest: 'r' }, () => {});

/* 0F 18 to 0F 1F where they are no prefetch or other instruction: reserved NOPs, which do not access memory either. */
definitions.define('reservednop', { forms: ['rr', 'mr'], sizes: WLQ, dest: 'r' }, () => {});

/* ENDBR64/ENDBR32 — Terminate an Indirect Branch; PAUSE — Spin Loop Hint. Nothing that this simulator shows. */
for (const name of ['endbr64', 'endbr32', 'pause']) definitions.define(name, { forms: PLAIN, sizes: [8] }, () => {});
