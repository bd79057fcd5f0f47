import { GPR, SELECTOR } from '../cells.js';
import { Definitions, WLQ } from '../definition.js';
import { RFLAGS } from '../flags.js';
import type { Insn, Size, Value } from '../insn.js';
import { VECTOR } from '../vector.js';
import { dplOf, fitsStack, isCode, isLong, rightsOf, rplOf, selectorError } from './descriptors.js';
import { refuseUnsupported } from './privilege.js';
import { dropKernelSelectors, farPointer } from './segment.js';
import { setFlagsRegister } from './stack.js';

const definitions = new Definitions();
/**
 * Far control transfer: CALL JMP RET IRET. There are the code segments of Linux, no gate and no task switch. 64-bit
 * mode is all there is: a segment of compatibility mode that the checks allow ends as unsupported. None of them but
 * IRET serialises.
 */
export const FAR_TRANSFER = definitions.all;

const refuse = (i: Insn, when: Value, selector: Value): void =>
  i.when(when, () => i.fault(VECTOR.gp, selectorError(selector)));

/**
 * The far pointer in memory. #GP(selector) unless it is of code with RPL <= CPL and DPL = CPL; a null selector is
 * #GP(0).
 */
function target(i: Insn): Value {
  const { offset, selector } = farPointer(i);
  const rights = rightsOf(i, selector);
  const cpl = i.cell('cpl');
  refuse(
    i,
    isCode(rights)
      .eq(0)
      .or(cpl.ltu(rplOf(selector)))
      .or(dplOf(rights).ne(cpl)),
    selector,
  );
  refuseUnsupported(i, isLong(rights).eq(0));
  i.requireCanonical(offset);
  return offset;
}

/* JMP m16:16, m16:32, m16:64 — Jump, far, absolute indirect. RIP := the offset, zero-extended. */
definitions.define('jmp far', { forms: ['m'], sizes: WLQ, dest: 'r' }, (i) => i.jump(target(i)));

/*
 * CALL m16:16, m16:32, m16:64 — Call Procedure, far, absolute indirect. Push(CS), padded; Push(RIP of the next
 * instruction), each of the operand size; RIP := the offset, zero-extended. Nothing is pushed when one of the two
 * cannot be.
 */
definitions.define('call far', { forms: ['m'], sizes: WLQ, dest: 'r' }, (i) => {
  const rip = target(i);
  const top = i.register(GPR.rsp);
  const cs = i.cell('cpl').choose(SELECTOR.userCode, SELECTOR.kernelCode);
  i.load(top.sub(2 * i.size), i.size, 'stack', 'update');
  i.store(top.sub(i.size), i.size, cs, 'stack');
  i.store(top.sub(2 * i.size), i.size, i.next(), 'stack');
  i.setRegister(GPR.rsp, top.sub(2 * i.size));
  i.jump(rip);
});

/** A word of `size` bytes above RSP, zero-extended. */
const word = (i: Insn, size: Size, index: number, above: Value = i.constant(0)): Value =>
  i.load(
    i
      .register(GPR.rsp)
      .add(size * index)
      .add(above),
    size,
    'stack',
  );

/** The privilege level to return to. #GP(selector) unless it is CPL or above, and that of a code segment. */
function returnLevel(i: Insn, selector: Value): Value {
  const rights = rightsOf(i, selector);
  const level = rplOf(selector);
  refuse(
    i,
    isCode(rights)
      .eq(0)
      .or(level.ltu(i.cell('cpl')))
      .or(dplOf(rights).ne(level)),
    selector,
  );
  refuseUnsupported(i, isLong(rights).eq(0));
  return level;
}

/** CPL becomes that of the user; what the user may not have in segment registers goes. */
function enterUser(i: Insn): void {
  i.setCell('cpl', i.constant(3));
  i.when(i.cell('selectors').ne(0), () => dropKernelSelectors(i));
}

/*
 * RET (imm16), far. RIP := Pop(); CS := Pop(); RSP := RSP + imm16; to another privilege level also TEMP := Pop();
 * SS := Pop(); RSP := TEMP + imm16. #GP(selector) as IRET.
 */
function returnFar(i: Insn, release: Value): void {
  const [rip, cs] = [word(i, i.size, 0), word(i, i.size, 1).zext(2)];
  const level = returnLevel(i, cs);
  const popped = i.variable(i.register(GPR.rsp).add(2 * i.size));
  const leavesKernel = level.ne(i.cell('cpl'));
  i.when(leavesKernel, () => {
    const [rsp, ss] = [word(i, i.size, 2, release), word(i, i.size, 3, release).zext(2)];
    refuse(i, fitsStack(ss, level).eq(0), ss);
    popped.write(rsp);
  });
  i.requireCanonical(rip);
  i.setRegister(GPR.rsp, popped.read().add(release));
  i.when(leavesKernel, () => enterUser(i));
  i.jump(rip);
}
definitions.define('retf', { forms: [''], sizes: WLQ }, (i) => returnFar(i, i.constant(0)));
definitions.define('retf imm16', { forms: ['r'], sizes: WLQ, dest: 'r' }, (i) => returnFar(i, i.dest.read(2)));

/*
 * IRET/IRETD/IRETQ — Interrupt Return. RIP, CS, RFLAGS, RSP and SS are popped, each of the operand size; of RFLAGS 16
 * bits leave RF, AC and ID alone. #GP(selector): no code segment, another RPL than its DPL, a level below CPL; no
 * stack segment of that level. NT asks for a task switch, which is #GP(0) in this mode.
 */
for (const [name, size] of [
  ['iret', 2],
  ['iretd', 4],
  ['iretq', 8],
] as const) {
  definitions.define(name, { forms: [''], sizes: [8] }, (i) => {
    i.when(i.cell('systemFlags').and(RFLAGS.nt).ne(0), () => i.fault(VECTOR.gp, 0));
    const [rip, cs, rflags] = [word(i, size, 0), word(i, size, 1).zext(2), word(i, size, 2)];
    const [rsp, ss] = [word(i, size, 3), word(i, size, 4).zext(2)];
    const level = returnLevel(i, cs);
    refuse(i, fitsStack(ss, level).eq(0), ss);
    i.requireCanonical(rip);
    if (size === 2) setFlagsRegister(i, rflags, 0xffffn);
    else setFlagsRegister(i, rflags, ~0n, RFLAGS.rf);
    i.setRegister(GPR.rsp, rsp);
    i.when(level.ne(0), () => enterUser(i));
    i.signal('iret');
    i.jump(rip);
  });
}
