import { GPR } from '../cells.js';
import { Definitions, ONE_OPERAND } from '../definition.js';
import { RFLAGS, setStatusFlags, statusFlags } from '../flags.js';
import type { Insn, Size, Value } from '../insn.js';

const definitions = new Definitions();
/** Stack: PUSH POP PUSHF POPF ENTER LEAVE. */
export const STACK = definitions.all;

/** RSP := RSP - size; Memory[SS:RSP] := value. RSP changes only when the store did not fault. */
export function push(i: Insn, value: Value, size: Size = 8): void {
  const top = i.register(GPR.rsp).sub(size);
  i.store(top, size, value, 'stack');
  i.setRegister(GPR.rsp, top);
}

/** Memory[SS:RSP], with RSP still unchanged: the caller adds `size` when nothing can fault any more. */
export function topOfStack(i: Insn, size: Size = 8): Value {
  return i.load(i.register(GPR.rsp), size, 'stack');
}

export function dropTop(i: Insn, size: number | Value = 8): void {
  i.setRegister(GPR.rsp, i.register(GPR.rsp).add(size));
}

/* PUSH — Push Word or Quadword Onto the Stack. `push %rsp` pushes the value before the decrement. */
definitions.define('push', { forms: ONE_OPERAND, sizes: [2, 8], dest: 'r' }, (i) => push(i, i.dest.read(), i.size));

/* POP — Pop a Value From the Stack, to a register. `pop %rsp` leaves the value popped. */
definitions.define('pop', { forms: ['r'], sizes: [2, 8], dest: 'w' }, (i) => {
  const value = topOfStack(i, i.size);
  dropTop(i, i.size);
  i.dest.write(value);
});

/* POP, to memory. An address based on RSP is computed after the increment; RSP stays when the store faults. */
definitions.define('pop', { forms: ['m'], sizes: [2, 8], dest: 'w' }, (i) => {
  const before = i.register(GPR.rsp);
  const value = topOfStack(i, i.size);
  i.setRegister(GPR.rsp, before.add(i.size));
  const address = i.linearAddress();
  i.setRegister(GPR.rsp, before);
  i.store(address, i.size, value, 'operand');
  i.setRegister(GPR.rsp, before.add(i.size));
});

/* PUSHF/PUSHFQ — Push RFLAGS Register Onto the Stack. VM and RF are pushed as 0. */
for (const [name, size] of [
  ['pushf', 2],
  ['pushfq', 8],
] as const) {
  definitions.define(name, { forms: [''], sizes: [8] }, (i) =>
    push(i, i.cell('systemFlags').and(~RFLAGS.rf).or(statusFlags(i)), size),
  );
}

/* POPF/POPFQ — Pop Stack Into RFLAGS Register. What may change depends on CPL, see {@link writableFlags}. */
for (const [name, size] of [
  ['popf', 2],
  ['popfq', 8],
] as const) {
  definitions.define(name, { forms: [''], sizes: [8] }, (i) => {
    const value = topOfStack(i, size);
    dropTop(i, size);
    setFlagsRegister(i, value, size === 2 ? 0xffffn : RFLAGS_WRITABLE);
  });
}

/** What software may write beside the status flags: TF IF DF IOPL NT AC ID. RF is cleared by POPF. */
const RFLAGS_WRITABLE = (0xffffn & ~0x8000n) | RFLAGS.ac | RFLAGS.id;

/** Sets RFLAGS within `mask`: IOPL only at CPL 0, IF only at CPL <= IOPL; other bits keep their value. */
export function setFlagsRegister(i: Insn, value: Value, mask: bigint, extra = 0n): void {
  const system = RFLAGS.tf | RFLAGS.df | RFLAGS.nt | RFLAGS.ac | RFLAGS.id;
  const old = i.cell('systemFlags');
  const kernel = i.cell('cpl').eq(0);
  const mayChangeIf = old.shr(12).and(3).ltu(i.cell('cpl')).xor(1);
  const writable = i
    .constant((system & mask) | extra)
    .or(kernel.choose(RFLAGS.iopl & mask, 0))
    .or(mayChangeIf.choose(RFLAGS.if & mask, 0));
  const kept = old.and(writable.not()).and(~RFLAGS.rf);
  i.setCell('systemFlags', kept.or(value.and(writable)).or(RFLAGS.fixed));
  setStatusFlags(i, value);
}

/*
 * ENTER — Make Stack Frame for Procedure Parameters. Push(RBP); FRAME := RSP; for nesting levels above 1 the frame
 * pointers below RBP are pushed, then FRAME; RBP := FRAME; RSP := RSP - allocation. It faults as a write at the final
 * RSP does; RSP and RBP are then unchanged.
 */
definitions.define('enter', { forms: ['rr'], sizes: [2, 8], dest: 'r' }, (i) => {
  const [size, level] = [i.size, i.src.read(1).and(31)];
  const saved = i.register(GPR.rbp);
  const frame = i.register(GPR.rsp).sub(size);
  i.store(frame, size, saved, 'stack');
  const below = (pointer: Value, count: Value): Value => pointer.sub(count.mul(size));
  i.loop(level.eq(0).choose(0, level.sub(1)), (index) => {
    const count = index.add(1);
    i.store(below(frame, count), size, i.load(below(saved, count), size, 'stack'), 'stack');
  });
  i.when(level.ne(0), () => i.store(below(frame, level), size, frame, 'stack'));
  const top = below(frame, level).sub(i.dest.read(2));
  i.load(top, size, 'stack', 'update');
  i.setRegister(GPR.rbp, frame, size);
  i.setRegister(GPR.rsp, top);
});

/* LEAVE — High Level Procedure Exit. RSP := RBP; RBP := Pop(). With a 16-bit operand only BP is popped. */
definitions.define('leave', { forms: [''], sizes: [2, 8] }, (i) => {
  const frame = i.register(GPR.rbp);
  const saved = i.load(frame, i.size, 'stack');
  i.setRegister(GPR.rsp, frame.add(i.size));
  i.setRegister(GPR.rbp, saved, i.size);
});
