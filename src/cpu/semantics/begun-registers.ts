import { BEGIN } from '../cells.js';
import type { Insn, Value } from '../insn.js';

/** What a register holds whose cell is the difference to what it began as. */
export const begun = (i: Insn, name: keyof typeof BEGIN): Value => i.cell(name).xor(BEGIN[name]);

export const setBegun = (i: Insn, name: keyof typeof BEGIN, value: Value): void =>
  i.setCell(name, value.xor(BEGIN[name]));

/** Whether a value differs from what a register holds in one of some bits. */
export const changes = (i: Insn, name: keyof typeof BEGIN, value: Value, bits: bigint): Value =>
  begun(i, name).xor(value).and(bits).ne(0);
