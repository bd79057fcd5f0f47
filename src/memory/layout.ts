/**
 * Where things live in the one linear memory that holds a machine. Offsets are in bytes.
 *
 * Two tables are placed so that their entry for a byte at offset `p` of the page pool needs no base address: the
 * version counter of its 64-byte line is at `(p >> 6) << 2`, and the mark of its aligned 8-byte word is at `p >> 3`.
 */
export const LAYOUT = {
  /** Always zero: stands for an absent base or index register and for a segment base of 0. */
  zero: 0x000,
  /** Operands and results of host calls made in the middle of an instruction (128-bit division, slow accesses). */
  scratch: 0x040,
  /** One block of state for each CPU: all that a snapshot copies beside written words. */
  cpu: 0x1000,
  /** Words of the machine as a whole: what is left of the budgets. */
  machine: 0x3e00,
  /** Tasks that are off their CPU: a block like a CPU's each. */
  tasks: 0x4200,
  /** Two TLBs for each CPU, see {@link TLB}. */
  tlb: 0x8000,
  /** Memory accesses of the last step, newest last. */
  accessLog: 0xe000,
  /** One direct-mapped table a CPU: target of an indirect branch -> decode record. */
  branchTargets: 0x12000,
  /** CPU numbers, one byte each, for a batch of interleaved steps. */
  schedule: 0x22000,
  /** One 32-bit counter for each 64-byte line of the pool, raised by every store to executable memory. */
  lineVersions: 0x100000,
  /** One byte for each aligned 8-byte word of the pool; bits of {@link MARK}. */
  marks: 0x200000,
  /** Decode records. */
  records: 0x400000,
  /** Pages. */
  pool: 0x1000000,
} as const;

export const PAGE_SIZE = 4096;
export const LINE_SIZE = 64;
export const MAX_CPUS = 8;
export const MAX_PAGES = 4096;
/** Tasks that a machine can have, idle ones not counted. */
export const MAX_TASKS = 10;
/** Bytes of a CPU's state. */
export const CPU_STRIDE = 0x5a0;
export const SCHEDULE_SIZE = 0x10000;
/** The access log is a ring of 16-byte entries: address (8), size | write << 8 (4), unused (4). */
export const ACCESS_LOG_SIZE = 0x4000;
export const ACCESS_ENTRY_SIZE = 16;
/** Each CPU's branch-target table: 512 entries of 16 bytes, address (8), record (4), unused (4). */
export const BRANCH_TARGET_ENTRIES = 512;

/**
 * The TLBs: 64 entries of 16 bytes each, page address (8), pool offset (4). A CPU's two lie at `2 * b + TLB.read` and
 * `2 * b + TLB.write`, where b is the offset of its block of state.
 */
export const TLB = {
  read: LAYOUT.tlb - 2 * LAYOUT.cpu,
  write: LAYOUT.tlb - 2 * LAYOUT.cpu + 0x400,
  entries: 64,
} as const;
/** The byte that fills an empty TLB: a tag of such bytes matches no page address. */
export const TLB_INVALID = 1;

/** Scratch cells: offsets from `LAYOUT.scratch`. */
export const SCRATCH = {
  high: 0x00,
  low: 0x08,
  divisor: 0x10,
  quotient: 0x18,
  remainder: 0x20,
  /** 32-bit: the status of the last step, and the error code of its exception. */
  status: 0x28,
  errorCode: 0x2c,
  /** 32-bit: where the access log of the last batch of steps ends. */
  accessLogEnd: 0x30,
  /** 32-bit: the decode record of the last step. */
  record: 0x34,
  /** 32-bit: raised whenever pages are mapped or unmapped; a fetch that faulted may succeed afterwards. */
  mappings: 0x38,
  /** Where an access lands that cannot go straight to a page (crosses pages, or writes text). */
  bounce: 0x40,
  bounceRead: 0x80,
  /** 64-bit: the target of an indirect branch that an instruction outside the interpreter's loop made. */
  branchTarget: 0xc0,
} as const;

/** What is known of an aligned 8-byte word of the pool. */
export const MARK = {
  /** It changed since the memory hash was last brought up to date. */
  dirty: 1,
  /** It is in the directory of words that were ever written. */
  written: 2,
} as const;
