import { GPR } from '../cells.js';
import { BWLQ, Definitions } from '../definition.js';
import { RFLAGS, setSubFlags, zf } from '../flags.js';
import type { Insn, Value } from '../insn.js';

const definitions = new Definitions();
/**
 * String instructions: MOVS STOS LODS CMPS SCAS, alone and repeated. One step executes one iteration; a repeated
 * instruction that has iterations left keeps RIP, so that an interrupt between iterations finds it there.
 */
export const STRING = definitions.all;

/** The source DS:RSI (or with a segment override), and the destination ES:RDI. */
const source = (i: Insn): Value => i.segmentBase().add(i.register(GPR.rsi));
const destination = (i: Insn): Value => i.register(GPR.rdi);

/** DF gives the direction: 0 upwards, 1 downwards. */
function advance(i: Insn, ...registers: number[]): void {
  const step = i.cell('systemFlags').and(RFLAGS.df).ne(0).choose(-i.size, i.size);
  for (const register of registers) i.setRegister(register, i.register(register).add(step));
}

const STRING_INSTRUCTIONS: Readonly<Record<string, (i: Insn) => void>> = {
  /* MOVS — Move Data From String to String. */
  movs: (i) => {
    i.store(destination(i), i.size, i.load(source(i), i.size));
    advance(i, GPR.rsi, GPR.rdi);
  },
  /* STOS — Store String. Memory[ES:RDI] := rAX. */
  stos: (i) => {
    i.store(destination(i), i.size, i.register(GPR.rax, i.size));
    advance(i, GPR.rdi);
  },
  /* LODS — Load String. rAX := Memory[DS:RSI]. */
  lods: (i) => {
    i.setRegister(GPR.rax, i.load(source(i), i.size), i.size);
    advance(i, GPR.rsi);
  },
  /* CMPS — Compare String Operands. Flags as Memory[DS:RSI] - Memory[ES:RDI]. */
  cmps: (i) => {
    const first = i.load(source(i), i.size);
    const second = i.load(destination(i), i.size);
    setSubFlags(i, i.size, first, second, first.sub(second).zext(i.size));
    advance(i, GPR.rsi, GPR.rdi);
  },
  /* SCAS — Scan String. Flags as rAX - Memory[ES:RDI]. */
  scas: (i) => {
    const first = i.register(GPR.rax, i.size);
    const second = i.load(destination(i), i.size);
    setSubFlags(i, i.size, first, second, first.sub(second).zext(i.size));
    advance(i, GPR.rdi);
  },
};

/** Goes on while this holds after an iteration; REP goes on until RCX is 0. */
const REPEATS: Readonly<Record<string, (i: Insn) => Value>> = {
  rep: (i) => i.constant(1),
  repe: zf,
  repne: (i) => zf(i).xor(1),
};

for (const [name, iteration] of Object.entries(STRING_INSTRUCTIONS)) {
  definitions.define(name, { forms: [''], sizes: BWLQ }, iteration);

  /* REP/REPE/REPNE — WHILE RCX is not 0: one iteration; RCX := RCX - 1; IF the condition fails THEN exit. */
  const compares = name === 'cmps' || name === 'scas';
  for (const prefix of compares ? ['repe', 'repne'] : ['rep']) {
    definitions.define(`${prefix} ${name}`, { forms: [''], sizes: BWLQ }, (i) => {
      i.when(i.register(GPR.rcx).ne(0), () => {
        iteration(i);
        const left = i.register(GPR.rcx).sub(1);
        i.setRegister(GPR.rcx, left);
        const goOn = REPEATS[prefix]?.(i) ?? i.constant(1);
        i.when(left.ne(0).and(goOn), () => i.repeat());
      });
    });
  }
}
