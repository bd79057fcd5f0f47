export const GPR_NAMES = 'rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15'.split(' ');
/** The registers of a test beside RIP and RFLAGS, in the order in which record.c has them. */
export const REGISTER_NAMES = [...GPR_NAMES, 'fs_base', 'gs_base', ...Array.from({ length: 16 }, (_, n) => `xmm${n}`)];
export const RAX = 0;
export const RCX = 1;
export const RDX = 2;
export const RBX = 3;
export const RSP = 4;
export const RBP = 5;
export const RSI = 6;
export const RDI = 7;

export const CODE = 0x10001000n;
export const PAGE = 0x1000n;
/** Eight pages of data; everything around them is unmapped. */
export const DATA = 0x20000000n;
export const DATA_END = 0x20008000n;

export const FLAG = {
  cf: 0x1n,
  fixed: 0x2n,
  pf: 0x4n,
  af: 0x10n,
  zf: 0x40n,
  sf: 0x80n,
  tf: 0x100n,
  if: 0x200n,
  df: 0x400n,
  of: 0x800n,
};
export const STATUS_FLAGS = FLAG.cf | FLAG.pf | FLAG.af | FLAG.zf | FLAG.sf | FLAG.of;

export const u64 = (value) => BigInt.asUintN(64, value);

/** Bits 63..47 are all alike (48-bit linear addresses). */
export const isCanonical = (address) => BigInt.asUintN(64, BigInt.asIntN(48, address)) === address;

/** Canonical, and in the half of the address space that belongs to programs. */
export const isUserAddress = (address) => address < 0x7fff_ffff_f000n;

/** Registers, flags and data before a test. Memory that nobody set is zero. */
export class MachineState {
  registers;
  rflags;
  /** Bases of FS and GS. */
  bases = { fs: 0n, gs: 0n };
  xmm = Array(16).fill(0n);
  /** Byte by address (a plain number: data lies below 2^32). */
  bytes = new Map();

  constructor(random) {
    // A register that the instruction does not name has a constant that is easy to recognise.
    this.registers = GPR_NAMES.map((_, i) => BigInt(i + 1) * 0x0101_0101_0101_0101n);
    this.registers[RSP] = 0x20006800n + BigInt(random.below(16)) * 8n;
    const flags = random.bits(12) & STATUS_FLAGS;
    this.rflags = FLAG.fixed | FLAG.if | flags | (random.chance(0.2) ? FLAG.df : 0n);
  }

  /** Replaces the low `size` bytes of a register. */
  setLow(register, size, value) {
    const bits = 8 * size;
    const low = BigInt.asUintN(bits, value);
    this.registers[register] = ((this.registers[register] >> BigInt(bits)) << BigInt(bits)) | low;
  }

  /** Sets an operand's register as {@link decode} describes it; keeps the rest of the full register. */
  setOperand({ number, size, high }, value) {
    if (!high) return this.setLow(number, size, value);
    const low = this.getLow(number, 1);
    this.setLow(number, 2, (BigInt.asUintN(8, value) << 8n) | low);
  }

  getLow(register, size) {
    return BigInt.asUintN(8 * size, this.registers[register]);
  }

  /** Stores little-endian what falls into the mapped data. */
  store(address, size, value) {
    for (let i = 0n; i < BigInt(size); i++) {
      const at = u64(address + i);
      if (at >= DATA && at < DATA_END) this.bytes.set(Number(at), Number((value >> (8n * i)) & 0xffn));
    }
  }

  /** What `initial` says of registers: those that are not 0, in hex. */
  fields() {
    const values = [...this.registers, this.bases.fs, this.bases.gs, ...this.xmm];
    const named = REGISTER_NAMES.map((name, i) => [name, values[i].toString(16)]);
    return { rflags: this.rflags.toString(16), ...Object.fromEntries(named.filter(([, value]) => value !== '0')) };
  }

  load(address, size) {
    let value = 0n;
    for (let i = BigInt(size) - 1n; i >= 0n; i--) {
      value = (value << 8n) | BigInt(this.bytes.get(Number(u64(address + i))) ?? 0);
    }
    return value;
  }

  /** `[address, bytes]` in hex: the bytes that were set, and a byte 00 in each page that has none. */
  ram() {
    const addresses = [...this.bytes.keys()].sort((a, b) => a - b);
    const runs = [];
    const pages = new Set();
    for (const address of addresses) {
      const byte = this.bytes.get(address).toString(16).padStart(2, '0');
      const last = runs.at(-1);
      if (last !== undefined && last.end === address) {
        last.text += byte;
        last.end++;
      } else {
        runs.push({ address, text: byte, end: address + 1 });
      }
      pages.add(address - (address % Number(PAGE)));
    }
    for (let page = Number(DATA); page < Number(DATA_END); page += Number(PAGE)) {
      if (!pages.has(page)) runs.push({ address: page, text: '00' });
    }
    return runs.map(({ address, text }) => [address.toString(16), text]);
  }
}
