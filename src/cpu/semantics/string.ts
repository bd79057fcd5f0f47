import { GPR } from '../cells.js';
import { BWLQ, Definitions } from '../definition.js';
import { RFLAGS, setSubFlags, zf } from '../flags.js';
import type { Insn, Size, Value } from '../insn.js';
import { fromPort, requirePort } from './port.js';

const definitions = new Definitions();
/**
 * String instructions: MOVS STOS LODS CMPS SCAS INS OUTS, alone and repeated. One step executes one iteration; a
 * repeated instruction that has iterations left keeps RIP, so that an interrupt between iterations finds it there.
 */
export const STRING = definitions.all;

/** What a string instruction addresses with: RSI, RDI and RCX, or with the prefix 67 ESI, EDI and ECX. */
class StringOperands {
  constructor(
    private readonly i: Insn,
    private readonly addressSize: 4 | 8,
  ) {}

  /** DS:RSI, or with a segment override. */
  source(): Value {
    return this.i.segmentBase().add(this.i.register(GPR.rsi, this.addressSize));
  }

  /** ES:RDI. */
  destination(): Value {
    return this.i.register(GPR.rdi, this.addressSize);
  }

  /** DF gives the direction: 0 upwards, 1 downwards. */
  advance(...registers: number[]): void {
    const { i, addressSize } = this;
    const step = i.cell('systemFlags').and(RFLAGS.df).ne(0).choose(-i.size, i.size);
    for (const register of registers) {
      i.setRegister(register, i.register(register, addressSize).add(step), addressSize);
    }
  }

  get count(): Value {
    return this.i.register(GPR.rcx, this.addressSize);
  }

  set count(value: Value) {
    this.i.setRegister(GPR.rcx, value, this.addressSize);
  }
}

const STRING_INSTRUCTIONS: Readonly<Record<string, (i: Insn, s: StringOperands) => void>> = {
  /* MOVS — Move Data From String to String. */
  movs: (i, s) => {
    i.store(s.destination(), i.size, i.load(s.source(), i.size));
    s.advance(GPR.rsi, GPR.rdi);
  },
  /* STOS — Store String. Memory[ES:RDI] := rAX. */
  stos: (i, s) => {
    i.store(s.destination(), i.size, i.register(GPR.rax, i.size));
    s.advance(GPR.rdi);
  },
  /* LODS — Load String. rAX := Memory[DS:RSI]. */
  lods: (i, s) => {
    i.setRegister(GPR.rax, i.load(s.source(), i.size), i.size);
    s.advance(GPR.rsi);
  },
  /* CMPS — Compare String Operands. Flags as Memory[DS:RSI] - Memory[ES:RDI]. */
  cmps: (i, s) => {
    compare(i, i.load(s.source(), i.size), i.load(s.destination(), i.size));
    s.advance(GPR.rsi, GPR.rdi);
  },
  /* SCAS — Scan String. Flags as rAX - Memory[ES:RDI]. */
  scas: (i, s) => {
    compare(i, i.register(GPR.rax, i.size), i.load(s.destination(), i.size));
    s.advance(GPR.rdi);
  },
  /* INS — Input From Port to String. Memory[ES:RDI] := the port in DX. */
  ins: (i, s) => {
    i.store(s.destination(), i.size, fromPort(i));
    s.advance(GPR.rdi);
  },
  /* OUTS — Output String to Port. The port in DX := Memory[DS:RSI]. */
  outs: (i, s) => {
    i.load(s.source(), i.size);
    s.advance(GPR.rsi);
  },
};
const PORT_SIZES: readonly Size[] = [1, 2, 4];

function compare(i: Insn, first: Value, second: Value): void {
  setSubFlags(i, i.size, first, second, first.sub(second).zext(i.size));
}

/** Goes on while this holds after an iteration; REP goes on until RCX is 0. */
const REPEATS: Readonly<Record<string, (i: Insn) => Value>> = {
  rep: (i) => i.constant(1),
  repe: zf,
  repne: (i) => zf(i).xor(1),
};

const ADDRESS_SIZES = [
  ['', 8],
  [' addr32', 4],
] as const;

for (const [name, iteration] of Object.entries(STRING_INSTRUCTIONS)) {
  const isPort = name === 'ins' || name === 'outs';
  const sizes = isPort ? PORT_SIZES : BWLQ;
  for (const [suffix, addressSize] of ADDRESS_SIZES) {
    definitions.define(`${name}${suffix}`, { forms: [''], sizes }, (i) => {
      if (isPort) requirePort(i);
      iteration(i, new StringOperands(i, addressSize));
    });

    /* REP/REPE/REPNE — WHILE RCX is not 0: one iteration; RCX := RCX - 1; IF the condition fails THEN exit. */
    const compares = name === 'cmps' || name === 'scas';
    for (const prefix of compares ? ['repe', 'repne'] : ['rep']) {
      definitions.define(`${prefix} ${name}${suffix}`, { forms: [''], sizes }, (i) => {
        const operands = new StringOperands(i, addressSize);
        // Processors look at the port's permission even if RCX is 0.
        if (isPort) requirePort(i);
        i.when(operands.count.ne(0), () => {
          iteration(i, operands);
          const left = operands.count.sub(1);
          operands.count = left;
          const goOn = REPEATS[prefix]?.(i) ?? i.constant(1);
          i.when(left.zext(addressSize).ne(0).and(goOn), () => i.repeat());
        });
      });
    }
  }
}
