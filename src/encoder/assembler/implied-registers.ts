import { Register } from '../iced.js';

/**
 * Implied registers that GNU as lets one write out, in this order in both syntaxes, under the AT&T mnemonic. The first
 * one is an address where the instruction has one of 32 bits too.
 */
export const impliedRegisters: Readonly<Record<string, readonly (readonly Register[])[]>> = {
  monitor: [
    [Register.RAX, Register.ECX, Register.EDX],
    [Register.RAX, Register.RCX, Register.RDX],
  ],
  mwait: [
    [Register.EAX, Register.ECX],
    [Register.RAX, Register.RCX],
  ],
  monitorx: [
    [Register.RAX, Register.ECX, Register.EDX],
    [Register.RAX, Register.RCX, Register.RDX],
  ],
  mwaitx: [
    [Register.EAX, Register.ECX, Register.EBX],
    [Register.RAX, Register.RCX, Register.RBX],
  ],
  vmrun: [[Register.RAX]],
  vmload: [[Register.RAX]],
  vmsave: [[Register.RAX]],
  invlpga: [
    [Register.RAX, Register.ECX],
    [Register.RAX, Register.RCX],
  ],
  skinit: [[Register.EAX]],
  clzero: [[Register.RAX]],
  invlpgb: [
    [Register.RAX, Register.ECX, Register.EDX],
    [Register.RAX, Register.RCX, Register.RDX],
  ],
  pvalidate: [
    [Register.RAX, Register.ECX, Register.EDX],
    [Register.RAX, Register.RCX, Register.RDX],
  ],
  psmash: [[Register.RAX]],
  rmpadjust: [
    [Register.RAX, Register.ECX, Register.EDX],
    [Register.RAX, Register.RCX, Register.RDX],
  ],
  rmpupdate: [[Register.RAX, Register.RCX]],
};

/**
 * The implied registers of an instruction, one list for each way of writing them.
 *
 * @param addressSize 32 for an encoding whose address is in the low half of the first register, as in
 * `monitor %eax,%ecx,%edx`.
 */
export function impliedRegistersOf(mnemonic: string, addressSize: number): readonly (readonly Register[])[] {
  const lists = impliedRegisters[mnemonic] ?? [];
  if (addressSize !== 32) return lists;
  return lists.map(([address = Register.RAX, ...others]) => [address - Register.RAX + Register.EAX, ...others]);
}
