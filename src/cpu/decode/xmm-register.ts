import { type Register, RegisterExt } from '../../encoder/iced.js';
import { XMM_CELLS, XMM_REGISTERS, XMM_SIZE } from '../cells.js';

/** XMM0 to XMM15; AVX-512 has more. */
export function isXmm(register: Register): boolean {
  return RegisterExt.isXMM(register) && RegisterExt.number(register) < XMM_REGISTERS;
}

/** The offset of an XMM register inside the CPU's block. */
export function xmmCell(register: Register): number {
  return XMM_CELLS + XMM_SIZE * RegisterExt.number(register);
}
