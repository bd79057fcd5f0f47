import { GPR } from '../cells.js';
import { BWLQ, Definitions, type Form } from '../definition.js';
import { setAddFlags, setSubFlags, setZf } from '../flags.js';
import { VECTOR } from '../vector.js';

const definitions = new Definitions();
/**
 * Read-modify-write instructions made for LOCK: XADD CMPXCHG CMPXCHG8B CMPXCHG16B. Every instruction is one step of the
 * machine, so that the locked and the plain form do the same here.
 */
export const LOCK = definitions.all;

const FORMS: readonly Form[] = ['rr', 'mr'];

/* XADD — Exchange and Add. TEMP := SRC + DEST; SRC := DEST; DEST := TEMP. Flags as ADD. */
definitions.define('xadd', { forms: FORMS, sizes: BWLQ }, (i) => {
  const dest = i.dest.read();
  const src = i.src.read();
  const sum = dest.add(src).zext(i.size);
  setAddFlags(i, i.size, dest, src, sum);
  i.src.write(dest);
  i.dest.write(sum);
});

/* CMPXCHG — Compare and Exchange. IF rAX = DEST THEN DEST := SRC ELSE rAX := DEST. Flags as CMP rAX, DEST. */
definitions.define('cmpxchg', { forms: FORMS, sizes: BWLQ }, (i) => {
  const dest = i.dest.read();
  const accumulator = i.register(GPR.rax, i.size);
  setSubFlags(i, i.size, accumulator, dest, accumulator.sub(dest).zext(i.size));
  i.when(
    accumulator.eq(dest),
    () => i.dest.write(i.src.read()),
    // The destination is written back in this case; that shows nowhere, and leaves the high half of a 32-bit register.
    () => i.setRegister(GPR.rax, dest, i.size),
  );
});

/* CMPXCHG8B — IF EDX:EAX = DEST THEN ZF := 1, DEST := ECX:EBX ELSE ZF := 0, EDX:EAX := DEST. */
definitions.define('cmpxchg8b', { forms: ['m'], sizes: [8] }, (i) => {
  const dest = i.dest.read();
  const pair = (high: number, low: number) => i.register(high, 4).shl(32).or(i.register(low, 4));
  const equal = dest.eq(pair(GPR.rdx, GPR.rax));
  setZf(i, equal);
  i.when(
    equal,
    () => i.dest.write(pair(GPR.rcx, GPR.rbx)),
    () => {
      i.setRegister(GPR.rax, dest, 4);
      i.setRegister(GPR.rdx, dest.shr(32), 4);
    },
  );
});

/* CMPXCHG16B — The same with RDX:RAX and RCX:RBX; #GP(0) unless the operand is 16-byte aligned. */
definitions.define('cmpxchg16b', { forms: ['m'], sizes: [8], dest: 'r' }, (i) => {
  const address = i.linearAddress();
  i.when(address.and(15).ne(0), () => i.fault(VECTOR.gp, 0));
  const low = i.load(address, 8, 'operand', 'update');
  const high = i.load(address.add(8), 8, 'operand', 'update');
  const equal = low.eq(i.register(GPR.rax)).and(high.eq(i.register(GPR.rdx)));
  i.store(address, 8, equal.choose(i.register(GPR.rbx), low), 'operand');
  i.store(address.add(8), 8, equal.choose(i.register(GPR.rcx), high), 'operand');
  setZf(i, equal);
  i.setRegister(GPR.rax, equal.choose(i.register(GPR.rax), low));
  i.setRegister(GPR.rdx, equal.choose(i.register(GPR.rdx), high));
});
