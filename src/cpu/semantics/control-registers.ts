import { BEGIN, CR0, CR4 } from '../cells.js';
import { Definitions, type Form } from '../definition.js';
import type { Insn, Value } from '../insn.js';
import { VECTOR } from '../vector.js';
import { begun, changes, setBegun } from './begun-registers.js';
import { refuseUnsupported, requireKernel } from './privilege.js';

const definitions = new Definitions();
/** Control and debug registers: MOV to and from them, CLTS, SMSW, LMSW. */
export const CONTROL_REGISTERS = definitions.all;

/** MOV to a control or debug register. Privileged; serialises, but for CR8. */
function defineTo(name: string, meaning: (i: Insn, value: Value) => void): void {
  definitions.define(`mov to ${name}`, { forms: ['rr'], sizes: [8], dest: 'w' }, (i) => {
    requireKernel(i);
    meaning(i, i.src.read());
    if (name !== 'cr8') i.signal('serialize');
  });
}

function defineFrom(name: string, value: (i: Insn) => Value): void {
  definitions.define(`mov from ${name}`, { forms: ['rr'], sizes: [8], dest: 'w' }, (i) => {
    requireKernel(i);
    i.dest.write(value(i));
  });
}

const refuse = (i: Insn, when: Value): void => i.when(when, () => i.fault(VECTOR.gp, 0));

const PE = 1n << 0n;
const NW = 1n << 29n;
const CD = 1n << 30n;
const PG = 1n << 31n;
/** EM and TS refuse XMM instructions, MP and TS WAIT; NE is about instructions that do not exist, CD about caches. */
const CR0_FREE = CR0.mp | CR0.em | CR0.ts | (1n << 5n) | NW | CD;
/** WP and AM would change which accesses are allowed. */
const CR0_FIXED = (1n << 16n) | (1n << 18n);

/*
 * MOV to CR0. #GP(0) for the upper half, PG without PE, NW without CD, and for leaving paging in 64-bit mode. ET is 1.
 */
defineTo('cr0', (i, value) => {
  refuse(i, value.shr(32).ne(0));
  refuse(i, value.and(PE | PG).ne(PE | PG));
  refuse(i, value.and(NW | CD).eq(NW));
  refuseUnsupported(i, changes(i, 'cr0', value, CR0_FIXED));
  setBegun(i, 'cr0', value.and(CR0_FREE).or(BEGIN.cr0 & ~CR0_FREE));
});
defineFrom('cr0', (i) => begun(i, 'cr0'));

/* MOV to CR2, to CR3. There is one address space, so that the value is only kept. */
defineTo('cr2', (i, value) => i.setCell('cr2', value));
defineTo('cr3', (i, value) => i.setCell('cr3', value));
defineFrom('cr2', (i) => i.cell('cr2'));
defineFrom('cr3', (i) => i.cell('cr3'));

const PAE = 1n << 5n;
/** What exists: TSD, OSFXSR, UMIP and FSGSBASE have their effect, PGE, PCE and OSXMMEXCPT have none here. */
const CR4_FREE = CR4.tsd | (1n << 7n) | (1n << 8n) | CR4.osfxsr | CR4.osxmmexcpt | CR4.umip | CR4.fsgsbase;
/** Bits that some Intel processor has: of 0 to 25 only bit 15 is reserved. */
const CR4_DEFINED = 0x3ffffffn & ~(1n << 15n);

/* MOV to CR4. #GP(0) for reserved bits, and for clearing PAE. */
defineTo('cr4', (i, value) => {
  refuse(i, value.and(~CR4_DEFINED).ne(0));
  refuse(i, value.and(PAE).eq(0));
  refuseUnsupported(i, changes(i, 'cr4', value, ~CR4_FREE));
  setBegun(i, 'cr4', value);
});
defineFrom('cr4', (i) => begun(i, 'cr4'));

/*
 * MOV to CR8: the task priority. #GP(0) for bits above 3. A priority would hold interrupts back, which nothing here
 * does.
 */
defineTo('cr8', (i, value) => {
  refuse(i, value.shr(4).ne(0));
  refuseUnsupported(i, value.ne(0));
  i.setCell('cr8', value);
});
defineFrom('cr8', (i) => i.cell('cr8'));

/* MOV to DR0-DR3: addresses of breakpoints, which DR7 cannot enable. */
for (const name of ['dr0', 'dr1', 'dr2', 'dr3'] as const) {
  defineTo(name, (i, value) => i.setCell(name, value));
  defineFrom(name, (i) => i.cell(name));
}

const DR6_WRITABLE = 0xe00fn;
const DR6_ONES = 0xffff0ff0n;
const DR7_ENABLES = 0x20ffn; // L0 G0 ... G3, and GD
const DR7_WRITABLE = 0xffff0b00n;
const DR7_ONES = 0x400n;

/* MOV to DR6, DR7. #GP(0) for the upper half. Breakpoints and general detect do not exist: nothing may enable them. */
defineTo('dr6', (i, value) => {
  refuse(i, value.shr(32).ne(0));
  i.setCell('dr6', value.and(DR6_WRITABLE));
});
defineFrom('dr6', (i) => i.cell('dr6').or(DR6_ONES));
defineTo('dr7', (i, value) => {
  refuse(i, value.shr(32).ne(0));
  refuseUnsupported(i, value.and(DR7_ENABLES).ne(0));
  i.setCell('dr7', value.and(DR7_WRITABLE));
});
defineFrom('dr7', (i) => i.cell('dr7').or(DR7_ONES));

/* MOV to and from DR4, DR5: #UD, because CR4.DE is set. */
for (const direction of ['to', 'from']) {
  definitions.define(`mov ${direction} dr4`, { forms: ['rr'], sizes: [8], dest: 'w' }, (i) => i.fault(VECTOR.ud));
}

/* CLTS — Clear Task-Switched Flag in CR0. Privileged. */
definitions.define('clts', { forms: [''], sizes: [8] }, (i) => {
  requireKernel(i);
  setBegun(i, 'cr0', begun(i, 'cr0').and(~CR0.ts));
});

/* SMSW — Store Machine Status Word. DEST := CR0, its low word in memory. */
for (const forms of [['r'], ['m']] as const satisfies readonly (readonly Form[])[]) {
  definitions.define('smsw', { forms, sizes: forms[0] === 'm' ? [2] : [2, 4, 8], dest: 'w' }, (i) => {
    refuseUserUmip(i);
    i.dest.write(begun(i, 'cr0'));
  });
}

/*
 * LMSW — Load Machine Status Word. CR0[3:0] := SRC[3:0], but PE cannot be cleared. Privileged; not among what
 * serialises.
 */
for (const forms of [['r'], ['m']] as const satisfies readonly (readonly Form[])[]) {
  definitions.define('lmsw', { forms, sizes: forms[0] === 'm' ? [2] : [2, 4, 8], dest: 'r' }, (i) => {
    requireKernel(i);
    const status = i.dest.read(2).and(0xf).or(PE);
    setBegun(i, 'cr0', begun(i, 'cr0').and(~0xfn).or(status));
  });
}

/** SMSW, SGDT, SIDT, SLDT and STR are #GP(0) in the user if CR4.UMIP is set. */
export function refuseUserUmip(i: Insn): void {
  refuse(i, i.cell('cpl').ne(0).and(begun(i, 'cr4').and(CR4.umip).ne(0)));
}
