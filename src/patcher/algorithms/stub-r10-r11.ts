import { CALL_INSN_OPCODE, CALL_INSN_SIZE } from '../../encoder/instruction-templates.js';
import { InputError } from '../../input-error.js';
import type { Algorithm, PatchEnvironment } from '../algorithm.js';
import { installTextPokeBp } from '../install-text-poke-bp.js';
import type { Int3Action } from '../int3-handler.js';
import { ptRegs } from '../pt-regs.js';
import { STUB, stubText } from '../stub/reserved-text.js';
import { requireStaticCall } from '../stub/static-call.js';

const name = 'stub-r10-r11';
/** `push %r10; jmp *%r11`, where the mail has `jmp __x86_indirect_thunk_r11`. */
const THUNK = Uint8Array.of(0x41, 0x52, 0x41, 0xff, 0xe3);

/**
 * Nadav Amit in mail 002: the int3 handler finds the site in the table of static calls (here: the array of text_poke_bp),
 * puts the return address in R10 and the target in R11, and lets the CPU go to `push R10; jmp __x86_indirect_thunk_r11`.
 * That text never changes, and what it needs moves with the task: nothing is freed or used again, whoever interrupts. Its
 * price is two registers: "how would it work for callee-saved PV ops? In that case there's only one clobbered register".
 */
export const STUB_R10_R11: Algorithm = {
  name,
  title: 'text_poke_bp whose handler returns to push %r10; jmp *%r11 with both registers filled',
  require: requireStaticCall,
  install(environment) {
    const range = stubText(name, environment, THUNK.length);
    for (const patch of environment.patches) requireStaticCall(patch);
    requireClobbers(environment);
    environment.data.addText(range.address, THUNK);
    const installed = installTextPokeBp(environment, { action: throughThunk(range.address), goals: ['stub-executed'] });
    return { ...installed, detours: new Map([[STUB, range]]) };
  },
};

function requireClobbers({ patches, clobbers }: PatchEnvironment): void {
  for (const { site } of patches) {
    const free = clobbers?.get(site);
    if (free?.has('r10') && free.has('r11')) continue;
    throw new InputError(`algorithm ${name} changes r10 and r11, which site ${site} does not clobber`, {
      hint: `declare them: "sites: {${site}: {clobbers: [r10, r11]}}"`,
    });
  }
}

function throughThunk(thunk: bigint): Int3Action {
  return {
    label: 'R10 = return address; R11 = target; regs->ip = the thunk',
    run(c, regs, { opcode, disp, ip, address }) {
      const target = BigInt.asUintN(64, ip + disp);
      const isCall = opcode === BigInt(CALL_INSN_OPCODE);
      if (isCall) {
        c.state.setGpr('r10', address + BigInt(CALL_INSN_SIZE));
        c.state.setGpr('r11', target);
      }
      ptRegs.setIp(c, regs, isCall ? thunk : target);
      return true;
    },
  };
}
