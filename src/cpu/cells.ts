import { CPU_STRIDE, LAYOUT } from '../memory/layout.js';

/** Numbers of the general-purpose registers, as ModRM encodes them. */
export const GPR = {
  rax: 0,
  rcx: 1,
  rdx: 2,
  rbx: 3,
  rsp: 4,
  rbp: 5,
  rsi: 6,
  rdi: 7,
  r8: 8,
  r9: 9,
  r10: 10,
  r11: 11,
  r12: 12,
  r13: 13,
  r14: 14,
  r15: 15,
} as const;

export type GprName = keyof typeof GPR;

/** The register names in encoding order. */
export const GPR_NAMES = Object.keys(GPR) as readonly GprName[];

/** Offsets of a CPU's 64-bit cells inside its block. General-purpose register n is at 8 * n. */
export const CELL = {
  rip: 0x80,
  /** Lazy status flags, see flags.ts: a sign-extended result and a vector of carries. */
  result: 0x88,
  carries: 0x90,
  /** RFLAGS without the six status flags: TF, IF, DF, IOPL, NT, RF, AC, VIF, VIP, ID, and bit 1. */
  systemFlags: 0x98,
  fsBase: 0xa0,
  gsBase: 0xa8,
  /** Control registers; those of {@link BEGIN} as the difference to it. */
  cr0: 0xb0,
  cr2: 0xb8,
  cr3: 0xc0,
  cr4: 0xc8,
  cr8: 0xd0,
  /** Current privilege level, 0 or 3. */
  cpl: 0xd8,
  /** Interrupt shadow: 0 none, 1 after STI. */
  shadow: 0xe0,
  /** 0 running, 1 halted, 2 stopped for good. */
  activity: 0xe8,
  /** The text time before which this CPU fetches nothing any more (see fetch-choices.ts); no architectural state. */
  fetchFloor: 0xf0,
  /** The number of the task on this CPU, plus 1; 0 while it idles. No architectural state. */
  task: 0xf8,
  /** Pending interrupt vectors: a bit each, 256 bits. */
  pending: 0x100,
  /**
   * 32-bit: what is known of the block as it is, bits of {@link KNOWN}; then the two lanes of its hash. Never part of
   * the state.
   */
  known: 0x124,
  hashLane0: 0x128,
  hashLane1: 0x12c,
  /** 1 while an NMI is being handled: further ones are held until its IRET. */
  nmiBlocked: 0x130,
  /** IA32_KERNEL_GS_BASE: what SWAPGS gives. */
  kernelGsBase: 0x138,
  /** What RDRAND and RDSEED draw their next number from; 0: always the same number. Nothing that software can see. */
  random: 0x140,
  /** IA32_UMWAIT_CONTROL. */
  umwaitControl: 0x148,
  /** Selectors in DS, ES, FS and GS, 16 bits each; CS and SS follow from CPL. */
  selectors: 0x158,
  /** IA32_STAR, IA32_LSTAR, IA32_FMASK, IA32_EFER, IA32_TSC_AUX, IA32_TIME_STAMP_COUNTER; see {@link BEGIN}. */
  star: 0x160,
  lstar: 0x168,
  fmask: 0x170,
  efer: 0x178,
  tscAux: 0x180,
  tsc: 0x188,
  /** Debug registers; of DR6 and DR7 the bits that are not fixed. */
  dr0: 0x190,
  dr1: 0x198,
  dr2: 0x1a0,
  dr3: 0x1a8,
  dr6: 0x1b0,
  dr7: 0x1b8,
  /** Bases and limits in GDTR and IDTR. */
  gdtrBase: 0x1c0,
  gdtrLimit: 0x1c8,
  idtrBase: 0x1d0,
  idtrLimit: 0x1d8,
  /** 32-bit: the decode record that RIP was last seen to lead to; a hint, never part of the state. */
  nextRecord: 0x120,
} as const;

/** Bits of `CELL.known`; every change of the block clears them. */
export const KNOWN = {
  /** The lanes of its hash. */
  hash: 1,
  /** Its number in the vector of the state. */
  number: 2,
} as const;

/** Where the bytes of a store to text lie that has not become visible yet, see held-store.ts: four 64-bit cells. */
export const HELD_STORE_CELLS = 0x1e0;

/** XMM0 to XMM15, 16 bytes each. */
export const XMM_CELLS = 0x200;
export const XMM_SIZE = 16;
export const XMM_REGISTERS = 16;

/** Where the machine keeps the contexts of a CPU inside its block. */
export const CONTEXT_CELLS = XMM_CELLS + XMM_REGISTERS * XMM_SIZE;

/** Offset of a CPU's block in linear memory. */
export function cpuBase(cpu: number): number {
  return LAYOUT.cpu + cpu * CPU_STRIDE;
}

/** Values of `CELL.activity`. */
export const ACTIVITY = { running: 0n, halted: 1n, dead: 2n } as const;

/** Value of `CELL.shadow` after MOV SS; 1 after STI. */
export const MOV_SS_SHADOW = 2;

/** Segment selectors, as Linux lays them out. */
export const SELECTOR = { kernelCode: 0x10n, kernelData: 0x18n, userCode: 0x33n, userData: 0x2bn, tss: 0x40n } as const;

/** Where the selector of a data segment register lies inside a CPU's block. */
export const SELECTOR_CELLS = {
  ds: CELL.selectors,
  es: CELL.selectors + 2,
  fs: CELL.selectors + 4,
  gs: CELL.selectors + 6,
} as const;

/** Bits of control registers and IA32_EFER that something here looks at. */
export const CR0 = { mp: 1n << 1n, em: 1n << 2n, ts: 1n << 3n } as const;
export const CR4 = {
  tsd: 1n << 2n,
  de: 1n << 3n,
  osfxsr: 1n << 9n,
  osxmmexcpt: 1n << 10n,
  umip: 1n << 11n,
  fsgsbase: 1n << 16n,
  osxsave: 1n << 18n,
} as const;
export const EFER = { sce: 1n, lme: 1n << 8n, lma: 1n << 10n, nxe: 1n << 11n } as const;

/**
 * What these registers hold when a machine begins: 64-bit mode as Linux has set it up. Their cells hold the difference
 * to it (exclusive or), because a cell is 0 at reset.
 */
export const BEGIN = {
  /** PE MP ET NE WP PG. Not AM: there are no alignment checks. */
  cr0: 0x80010033n,
  /** DE PAE MCE PGE OSFXSR OSXMMEXCPT FSGSBASE. */
  cr4: CR4.de | (1n << 5n) | (1n << 6n) | (1n << 7n) | CR4.osfxsr | CR4.osxmmexcpt | CR4.fsgsbase,
  efer: EFER.sce | EFER.lme | EFER.lma | EFER.nxe,
  /** SYSRET from the 32-bit user code selector, SYSCALL to the kernel's. */
  star: (0x23n << 48n) | (SELECTOR.kernelCode << 32n),
} as const;
