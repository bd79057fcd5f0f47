import { GPR_NAMES, type GprName } from '../cpu/cells.js';
import type { CpuState } from '../cpu/cpu-state.js';

const CELLS = { fs_base: 'fsBase', gs_base: 'gsBase', cpl: 'cpl' } as const;

/** The vector registers, in order. */
const XMM_NAMES = Array.from({ length: 16 }, (_, n) => `xmm${n}` as const);

/** Registers that a test vector may name, as it names them. */
export type RegisterName = GprName | 'rip' | 'rflags' | keyof typeof CELLS | `xmm${number}`;

/** All of them, in the order in which they are told. */
export const REGISTER_NAMES: readonly RegisterName[] = [
  ...GPR_NAMES,
  'rip',
  'rflags',
  ...(Object.keys(CELLS) as (keyof typeof CELLS)[]),
  ...XMM_NAMES,
];

const isCell = (name: RegisterName): name is keyof typeof CELLS => Object.hasOwn(CELLS, name);
const isXmm = (name: RegisterName): name is `xmm${number}` => name.startsWith('xmm');
const numberOf = (name: `xmm${number}`): number => Number(name.slice(3));

/** How many hex digits a register has. */
export const registerDigits = (name: RegisterName): number => (isXmm(name) ? 32 : 16);

/** Reads a register of a CPU. */
export function readRegister(cpu: CpuState, name: RegisterName): bigint {
  if (name === 'rip' || name === 'rflags') return cpu[name];
  if (isXmm(name)) return cpu.xmm(numberOf(name));
  return isCell(name) ? cpu.cell(CELLS[name]) : cpu.gpr(name);
}

/** Writes a register of a CPU. */
export function writeRegister(cpu: CpuState, name: RegisterName, value: bigint): void {
  if (name === 'rip' || name === 'rflags') cpu[name] = value;
  else if (isXmm(name)) cpu.setXmm(numberOf(name), value);
  else if (isCell(name)) cpu.setCell(CELLS[name], value);
  else cpu.setGpr(name, value);
}

/**
 * Registers of real processors that the simulated ones do not have, or that tests cannot set: AVX, masks, x87, system.
 */
const OTHERS =
  /^([yz]mm([0-9]|[12][0-9]|3[01])|xmm(1[6-9]|2[0-9]|3[01])|k[0-7]|mm[0-7]|st[0-7]|mxcsr|xcr0|cr[0-9]|dr[0-7]|[cdefgs]s)$/;

/** Whether a name is that of such a register. */
export const isMissingRegister = (name: string): boolean => OTHERS.test(name);
