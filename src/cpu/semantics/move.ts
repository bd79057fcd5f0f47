import { GPR } from '../cells.js';
import { BWLQ, Definitions, ONE_OPERAND, TWO_OPERANDS, WLQ } from '../definition.js';
import { CONDITIONS } from '../flags.js';
import type { Insn, Size, Value } from '../insn.js';

const definitions = new Definitions();
/**
 * Data transfer: MOV and its extending forms, LEA, XCHG, CMOVcc, SETcc, BSWAP, MOVBE, sign extension of the
 * accumulator.
 */
export const MOVE = definitions.all;

/* MOV — Move. DEST := SRC. Flags: none. */
definitions.define('mov', { forms: TWO_OPERANDS, sizes: BWLQ, dest: 'w' }, (i) => i.dest.write(i.src.read()));

/* MOVNTI — Store Doubleword/Quadword Using Non-Temporal Hint. The hint has no effect here. */
definitions.define('movnti', { forms: ['mr'], sizes: [4, 8], dest: 'w' }, (i) => i.dest.write(i.src.read()));

/* MOVZX — Move With Zero-Extend. DEST := ZeroExtend(SRC). */
definitions.define(
  'movzx',
  { forms: ['rr', 'rm'], sizes: [[2, 1], [4, 1], [8, 1], 2, [4, 2], [8, 2]], dest: 'w' },
  (i) => i.dest.write(i.src.read(i.sourceSize)),
);

/* MOVSX/MOVSXD — Move With Sign-Extension. DEST := SignExtend(SRC). */
for (const name of ['movsx', 'movsxd']) {
  definitions.define(
    name,
    {
      forms: ['rr', 'rm'],
      sizes: name === 'movsx' ? [[2, 1], [4, 1], [8, 1], 2, [4, 2], [8, 2]] : [2, 4, [8, 4]],
      dest: 'w',
    },
    (i) => i.dest.write(i.src.read(i.sourceSize).sext(i.sourceSize)),
  );
}

/* LEA — Load Effective Address. DEST := EffectiveAddress(SRC); memory is not accessed. */
definitions.define('lea', { forms: ['rm'], sizes: WLQ, dest: 'w' }, (i) => i.dest.write(i.effectiveAddress()));

/* XCHG — Exchange Register/Memory With Register. TEMP := DEST; DEST := SRC; SRC := TEMP. Locked when in memory. */
definitions.define('xchg', { forms: ['rr', 'mr'], sizes: BWLQ }, (i) => {
  const dest = i.dest.read();
  const src = i.src.read();
  i.dest.write(src);
  i.src.write(dest);
});

for (const [suffix, condition] of Object.entries(CONDITIONS)) {
  /* CMOVcc — Conditional Move. TEMP := SRC; IF condition THEN DEST := TEMP; a 32-bit DEST is zero-extended anyway. */
  definitions.define(`cmov${suffix}`, { forms: ['rr', 'rm'], sizes: WLQ }, (i) => {
    const src = i.src.read();
    i.dest.write(condition(i).choose(src, i.dest.read()));
  });

  /* SETcc — Set Byte on Condition. DEST := condition. */
  definitions.define(`set${suffix}`, { forms: ONE_OPERAND, sizes: [1], dest: 'w' }, (i) => i.dest.write(condition(i)));
}

/* BSWAP — Byte Swap. The 16-bit form is undefined; processors clear the register's low word. */
definitions.define('bswap', { forms: ['r'], sizes: WLQ }, (i) => {
  const value = i.dest.read();
  i.dest.write(i.size === 2 ? i.constant(0) : byteSwap(i, value));
});

/* MOVBE — Move Data After Swapping Bytes. DEST := ByteSwap(SRC). Flags: none. */
definitions.define('movbe', { forms: ['rm', 'mr'], sizes: WLQ, dest: 'w' }, (i) =>
  i.dest.write(byteSwap(i, i.src.read())),
);

function byteSwap(i: Insn, value: Value): Value {
  let swapped = i.constant(0);
  for (let byte = 0; byte < i.size; byte++) {
    swapped = swapped.or(
      value
        .shr(8 * byte)
        .and(0xff)
        .shl(8 * (i.size - 1 - byte)),
    );
  }
  return swapped;
}

/* CBW/CWDE/CDQE — Convert Byte to Word, Word to Doubleword, Doubleword to Quadword: sign-extend within RAX. */
const widenAccumulator = (from: Size, to: Size) => (i: Insn) =>
  i.setRegister(GPR.rax, i.register(GPR.rax, from).sext(from), to);
definitions.define('cbw', { forms: [''], sizes: [8] }, widenAccumulator(1, 2));
definitions.define('cwde', { forms: [''], sizes: [8] }, widenAccumulator(2, 4));
definitions.define('cdqe', { forms: [''], sizes: [8] }, widenAccumulator(4, 8));

/* CWD/CDQ/CQO — Convert Word to Doubleword, and so on: fill RDX with the sign of RAX. */
const spreadSign = (size: Size) => (i: Insn) =>
  i.setRegister(GPR.rdx, i.register(GPR.rax, size).sext(size).sar(63), size);
definitions.define('cwd', { forms: [''], sizes: [8] }, spreadSign(2));
definitions.define('cdq', { forms: [''], sizes: [8] }, spreadSign(4));
definitions.define('cqo', { forms: [''], sizes: [8] }, spreadSign(8));

/* XLAT/XLATB — Table Look-up Translation. AL := (DS:RBX + ZeroExtend(AL)). */
definitions.define('xlatb', { forms: ['m'], sizes: [1], dest: 'r' }, (i) => {
  const address = i.linearAddress(i.register(GPR.rax, 1));
  i.setRegister(GPR.rax, i.load(address, 1), 1);
});
