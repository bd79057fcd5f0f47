import { Register } from '../../encoder/iced.js';
import { CELL, SELECTOR_CELLS } from '../cells.js';

/** A segment, control or debug register as an operand. */
interface SpecialRegister {
  /** How the definitions of MOV to it and from it call it. */
  readonly name: string;
  readonly from?: string;
  /** Where it lies in the CPU's block, if MOV moves it as it is. */
  readonly cell?: number;
}

const control = (name: 'cr0' | 'cr2' | 'cr3' | 'cr4' | 'cr8' | `dr${0 | 1 | 2 | 3 | 6 | 7}`): SpecialRegister => ({
  name,
  cell: CELL[name],
});
const segment = (name: keyof typeof SELECTOR_CELLS): SpecialRegister => ({
  name,
  from: 'segment',
  cell: SELECTOR_CELLS[name],
});

const SPECIAL_REGISTERS: Readonly<Record<number, SpecialRegister>> = {
  [Register.CR0]: control('cr0'),
  [Register.CR2]: control('cr2'),
  [Register.CR3]: control('cr3'),
  [Register.CR4]: control('cr4'),
  [Register.CR8]: control('cr8'),
  [Register.DR0]: control('dr0'),
  [Register.DR1]: control('dr1'),
  [Register.DR2]: control('dr2'),
  [Register.DR3]: control('dr3'),
  [Register.DR4]: { name: 'dr4' },
  [Register.DR5]: { name: 'dr4' },
  [Register.DR6]: control('dr6'),
  [Register.DR7]: control('dr7'),
  [Register.DS]: segment('ds'),
  [Register.ES]: segment('es'),
  [Register.FS]: segment('fs'),
  [Register.GS]: segment('gs'),
  [Register.SS]: { name: 'ss' },
  [Register.CS]: { name: 'cs' },
};

/** The offset of a special register inside the CPU's block, if it is kept there. */
export function specialRegisterCell(register: Register): number | undefined {
  return SPECIAL_REGISTERS[register]?.cell;
}

/** The definition's name of MOV, PUSH or POP with a special register; undefined where no definition could be meant. */
export function specialHandlerName(mnemonic: string, direction: 'to' | 'from', register: Register): string | undefined {
  const special = SPECIAL_REGISTERS[register];
  if (special === undefined) return undefined;
  if (mnemonic === 'push' || mnemonic === 'pop') return `${mnemonic} ${special.name}`;
  if (mnemonic !== 'mov') return undefined;
  return `mov ${direction} ${direction === 'from' ? (special.from ?? special.name) : special.name}`;
}
