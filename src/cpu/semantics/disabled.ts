import { Definitions, type Form } from '../definition.js';
import type { Size } from '../insn.js';
import { VECTOR } from '../vector.js';

const definitions = new Definitions();
/**
 * Instructions that a bit in CR4 enables which cannot be set here, because CPUID denies the feature: CR4.OSXSAVE,
 * CR4.PKE, CR4.CET. The manual says what they do then.
 */
export const DISABLED = definitions.all;

const undefinedInstruction = (name: string, forms: readonly Form[] = [''], sizes: readonly Size[] = [8]): void =>
  definitions.define(name, { forms, sizes, dest: 'r' }, (i) => i.fault(VECTOR.ud));

/* XGETBV, XSETBV — Get, Set Extended Control Register. IF CR4.OSXSAVE is 0 THEN #UD. */
for (const name of ['xgetbv', 'xsetbv']) undefinedInstruction(name);

/* RDPKRU, WRPKRU — Read, Write Data Into User Page Key Register. IF CR4.PKE is 0 THEN #UD. */
for (const name of ['rdpkru', 'wrpkru']) undefinedInstruction(name);

/* RDSSP — Read Shadow Stack Pointer. IF CR4.CET is 0, a NOP: which is how software finds that out. */
for (const [name, size] of [
  ['rdsspd', 4],
  ['rdsspq', 8],
] as const) {
  definitions.define(name, { forms: ['r'], sizes: [size], dest: 'r' }, () => {});
}

/* The other instructions of shadow stacks. IF CR4.CET is 0 THEN #UD. */
for (const name of ['setssbsy', 'saveprevssp']) undefinedInstruction(name);
for (const name of ['rstorssp', 'clrssbsy']) undefinedInstruction(name, ['m']);
undefinedInstruction('incsspd', ['r'], [4]);
undefinedInstruction('incsspq', ['r']);
for (const name of ['wrss', 'wruss']) {
  undefinedInstruction(`${name}d`, ['mr'], [4]);
  undefinedInstruction(`${name}q`, ['mr']);
}
