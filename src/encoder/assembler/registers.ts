import { Formatter, FormatterSyntax, Register } from '../iced.js';

/** Registers that stand for one another in an operand: same kind, same width. */
export type RegisterFile =
  | 'gpr8'
  | 'gpr16'
  | 'gpr32'
  | 'gpr64'
  | 'ip'
  | 'segment'
  | 'xmm'
  | 'ymm'
  | 'zmm'
  | 'mask'
  | 'bound'
  | 'control'
  | 'debug'
  | 'st'
  | 'mm'
  | 'test'
  | 'tile';

/** iced numbers the registers of a file without gaps: the first and the last of each. */
const files: Readonly<Record<RegisterFile, readonly [Register, Register]>> = {
  gpr8: [Register.AL, Register.R15L],
  gpr16: [Register.AX, Register.R15W],
  gpr32: [Register.EAX, Register.R15D],
  gpr64: [Register.RAX, Register.R15],
  ip: [Register.EIP, Register.RIP],
  segment: [Register.ES, Register.GS],
  xmm: [Register.XMM0, Register.XMM31],
  ymm: [Register.YMM0, Register.YMM31],
  zmm: [Register.ZMM0, Register.ZMM31],
  mask: [Register.K0, Register.K7],
  bound: [Register.BND0, Register.BND3],
  control: [Register.CR0, Register.CR15],
  debug: [Register.DR0, Register.DR15],
  st: [Register.ST0, Register.ST7],
  mm: [Register.MM0, Register.MM7],
  test: [Register.TR0, Register.TR7],
  tile: [Register.TMM0, Register.TMM7],
};

const fileNames = Object.keys(files).filter((name): name is RegisterFile => Object.hasOwn(files, name));

const fileByRegister: ReadonlyMap<Register, RegisterFile> = new Map(
  fileNames.flatMap((file) => registersOf(file).map((register) => [register, file] as const)),
);

/** Names GNU as takes beside the ones that iced's formatter prints. */
const aliases: Readonly<Record<string, Register>> = {
  st: Register.ST0,
  'st(0)': Register.ST0,
  db0: Register.DR0,
  db1: Register.DR1,
  db2: Register.DR2,
  db3: Register.DR3,
  db6: Register.DR6,
  db7: Register.DR7,
};

let byName: ReadonlyMap<string, Register> | undefined;

/** The register that a name stands for, without the `%` that AT&T syntax puts before it. Case does not matter. */
export function registerByName(name: string): Register | undefined {
  byName ??= namesOfRegisters();
  return byName.get(name.toLowerCase());
}

/** All names of registers that can be assembled. */
export function registerNames(): string[] {
  byName ??= namesOfRegisters();
  return [...byName].filter(([, register]) => !isOnlyOfEvex(register)).map(([name]) => name);
}

/** The name of a register. */
export function registerNameOf(register: Register): string {
  byName ??= namesOfRegisters();
  for (const [name, other] of byName) if (other === register) return name;
  return '';
}

/** The file a register belongs to. `Register.None` belongs to none. */
export function registerFile(register: Register): RegisterFile | undefined {
  return fileByRegister.get(register);
}

/** Whether it is a vector register. */
export function isVector(register: Register): boolean {
  const file = registerFile(register);
  return file === 'xmm' || file === 'ymm' || file === 'zmm';
}

/** Whether only EVEX instructions, which are not assembled, can name a register. */
export function isOnlyOfEvex(register: Register): boolean {
  const file = registerFile(register);
  return file === 'zmm' || ((file === 'xmm' || file === 'ymm') && register >= files[file][0] + 16);
}

/** The registers of a file in the order of their numbers; the legacy high bytes `AH` to `BH` are 4 to 7 of `gpr8`. */
export function registersOf(file: RegisterFile): Register[] {
  const [first, last] = files[file];
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** The register with the same number in another file: `ax` of `gpr64` is `rax`. Not for `gpr8`. */
export function sameRegisterIn(file: RegisterFile, register: Register): Register {
  const from = registerFile(register);
  return from === undefined ? register : register - files[from][0] + files[file][0];
}

function namesOfRegisters(): ReadonlyMap<string, Register> {
  const formatter = new Formatter(FormatterSyntax.Gas);
  formatter.gasNakedRegisters = true;
  const names = new Map<string, Register>(Object.entries(aliases));
  for (const file of fileNames) {
    for (const register of registersOf(file)) names.set(formatter.formatRegister(register), register);
  }
  formatter.free();
  return names;
}
