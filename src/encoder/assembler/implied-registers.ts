import { Register } from 'iced-x86';

/** Implied registers that GNU as lets one write out, in this order in both syntaxes, under the AT&T mnemonic. */
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
  invlpga: [[Register.RAX, Register.ECX]],
  skinit: [[Register.EAX]],
  clzero: [[Register.RAX]],
};
