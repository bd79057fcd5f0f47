import { EFER, GPR } from '../cells.js';
import { Definitions } from '../definition.js';
import type { CellName, Insn, Value } from '../insn.js';
import { VECTOR } from '../vector.js';
import { begun, changes, setBegun } from './begun-registers.js';
import { refuseUnsupported, requireKernel } from './privilege.js';

const definitions = new Definitions();
/** Model-specific registers: RDMSR WRMSR WRMSRNS. */
export const MSR_ACCESS = definitions.all;

/** Numbers of the model-specific registers that exist (SDM Vol. 4, "Architectural MSRs"). */
export const MSR = {
  tsc: 0x10,
  umwaitControl: 0xe1,
  efer: 0xc0000080,
  star: 0xc0000081,
  lstar: 0xc0000082,
  fmask: 0xc0000084,
  fsBase: 0xc0000100,
  gsBase: 0xc0000101,
  kernelGsBase: 0xc0000102,
  tscAux: 0xc0000103,
} as const satisfies Partial<Readonly<Record<CellName, number>>>;

type MsrName = keyof typeof MSR;
const NAMES = Object.keys(MSR) as readonly MsrName[];

const isBegun = (name: MsrName): name is 'efer' | 'star' => name === 'efer' || name === 'star';
const value = (i: Insn, name: MsrName): Value => (isBegun(name) ? begun(i, name) : i.cell(name));
const refuse = (i: Insn, when: Value): void => i.when(when, () => i.fault(VECTOR.gp, 0));

/* RDMSR — Read From Model Specific Register. EDX:EAX := MSR[ECX]; #GP(0) where there is none. Privileged. */
definitions.define('rdmsr', { forms: [''], sizes: [8] }, (i) => {
  requireKernel(i);
  const number = i.register(GPR.rcx, 4);
  refuseUnknown(i, number);
  const content = NAMES.reduce((other, name) => number.eq(MSR[name]).choose(value(i, name), other), i.constant(0));
  i.setRegister(GPR.rax, content, 4);
  i.setRegister(GPR.rdx, content.shr(32), 4);
});

/*
 * WRMSR — Write to Model Specific Register. MSR[ECX] := EDX:EAX. Privileged. Serialises: those registers that do not,
 * do not exist. WRMSRNS does the same and does not serialise.
 */
for (const name of ['wrmsr', 'wrmsrns']) {
  definitions.define(name, { forms: [''], sizes: [8] }, (i) => {
    requireKernel(i);
    const number = i.register(GPR.rcx, 4);
    refuseUnknown(i, number);
    const content = i.register(GPR.rdx, 4).shl(32).or(i.register(GPR.rax, 4));
    for (const one of NAMES) i.when(number.eq(MSR[one]), () => WRITES[one](i, content));
    if (name === 'wrmsr') i.signal('serialize');
  });
}

function refuseUnknown(i: Insn, number: Value): void {
  const known = NAMES.map((name) => number.eq(MSR[name])).reduce((any, is) => any.or(is));
  refuse(i, known.eq(0));
}

const keep = (name: MsrName) => (i: Insn, content: Value) => i.setCell(name, content);
/** Addresses: #GP(0) unless canonical. */
const keepAddress = (name: MsrName) => (i: Insn, content: Value) => {
  i.requireCanonical(content);
  i.setCell(name, content);
};
/** 32 bits: the others are reserved. */
const keepHalf = (name: MsrName) => (i: Insn, content: Value) => {
  refuse(i, content.shr(32).ne(0));
  i.setCell(name, content);
};

const WRITES: Readonly<Record<MsrName, (i: Insn, content: Value) => void>> = {
  tsc: keep('tsc'),
  umwaitControl: writeUmwaitControl,
  efer: writeEfer,
  star: (i, content) => setBegun(i, 'star', content),
  lstar: keepAddress('lstar'),
  fmask: keepHalf('fmask'),
  fsBase: keepAddress('fsBase'),
  gsBase: keepAddress('gsBase'),
  kernelGsBase: keepAddress('kernelGsBase'),
  tscAux: keepHalf('tscAux'),
};

/**
 * IA32_UMWAIT_CONTROL: no C0.2, and the longest wait, which is nothing to waits that end at once. Bit 1 is reserved.
 */
function writeUmwaitControl(i: Insn, content: Value): void {
  refuse(i, content.and(~0xfffffffdn).ne(0));
  i.setCell('umwaitControl', content);
}

/** IA32_EFER: SCE may change; LME not while paging is on: #GP(0), like reserved bits; LMA is read-only. */
function writeEfer(i: Insn, content: Value): void {
  refuse(i, content.and(~(EFER.sce | EFER.lme | EFER.lma | EFER.nxe)).ne(0));
  refuse(i, changes(i, 'efer', content, EFER.lme));
  refuseUnsupported(i, changes(i, 'efer', content, EFER.nxe));
  setBegun(i, 'efer', content.or(EFER.lma));
}
