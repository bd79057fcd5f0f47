import { RFLAGS } from '../../cpu/flags.js';
import { VECTOR } from '../../cpu/vector.js';
import { type ProcedureBuilder, procedure } from '../../machine/procedure.js';
import type { Local } from '../../machine/step-context.js';
import type { Algorithm } from '../algorithm.js';
import { BpInt3 } from '../bp-int3.js';
import { forEachPatch } from '../for-each-patch.js';
import { excInt3 } from '../int3-handler.js';
import { packBytes } from '../poke-bytes.js';
import { pokeInt3Handler2013 } from '../poke-int3-handler-2013.js';
import { ptRegs } from '../pt-regs.js';
import { PerCpuSlots } from '../stub/per-cpu-slots.js';
import { STUB, stubText } from '../stub/reserved-text.js';
import { requireStaticCall, type StaticCall, staticCallOf } from '../stub/static-call.js';
import { textPoke } from '../text-poke.js';
import { textPokeBp2013 } from '../text-poke-bp-2013.js';

const name = 'stub-static';
const STI = 0xfb;
/** Bytes of `push %gs:slot; sti; jmp *%gs:slot`, and of both stubs. */
const IRQ_OFF_SIZE = 17;
const SIZE = 33;

/**
 * The static stubs of April 2019 (lkml, "x86/ftrace: make ftrace_int3_handler() not to skip fops invocation"): their text
 * never changes, and what differs from call to call is in two slots of each CPU, which its int3 handler fills:
 *
 *     emulate_call_irqoff: push %gs:bp_call_return; sti; jmp *%gs:bp_call_target    (IF was 1; the handler clears it)
 *     emulate_call_irqon:  push %gs:bp_call_return; jmp *%gs:bp_call_target         (IF was 0)
 *
 * With interrupts off no other #BP comes on that CPU before the jmp has read its slot. One site at a time, so that the
 * globals of the old text_poke_bp do; the target is one more. When text_poke_bp has returned the slots are nobody's: Linus
 * has it that no CPU can be in a stub then.
 */
export const STUB_STATIC: Algorithm = {
  name,
  title: 'text_poke_bp whose handler fills per-CPU slots and returns to a static stub: push, sti, jmp',
  require: requireStaticCall,
  install(environment) {
    const { data, cpus, sync, patches, order } = environment;
    const range = stubText(name, environment, SIZE);
    const [irqOff, irqOn] = [range.address, range.address + BigInt(IRQ_OFF_SIZE)];
    const bp = new BpInt3(data);
    const callTarget = data.allocate('bp_call_function', 8);
    const returnSlot = data.allocatePerCpu('bp_call_return', cpus);
    const targetSlot = data.allocatePerCpu('bp_call_target', cpus);
    const slots = new PerCpuSlots(data, cpus, { bp_call_return: returnSlot, bp_call_target: targetSlot });
    const [push, jmp] = [gsInsn(PUSH_GS, returnSlot), gsInsn(JMP_GS, targetSlot)];
    data.addText(irqOff, Uint8Array.of(...push, STI, ...jmp));
    data.addText(irqOn, Uint8Array.of(...push, ...jmp));
    data.symbols.set('emulate_call_irqoff', irqOff);
    data.symbols.set('emulate_call_irqon', irqOn);

    const calls = patches.map(staticCallOf);
    const call = (index: bigint): StaticCall => calls[Number(index)] ?? { target: 0n, returnAddress: undefined };
    const pokeBp = textPokeBp2013(bp, textPoke(order), sync.call);
    const apply = procedure('for each call: text_poke_bp', (p) => {
      forEachPatch(p, patches, ({ patch, index }) => {
        p.step('bp_call_function = the new target', (c) => c.store(callTarget, call(c.get(index)).target));
        p.call(pokeBp, (c) => {
          const { address, bytes } = patch(c);
          const { target, returnAddress } = call(c.get(index));
          return [address, packBytes(bytes), BigInt(bytes.length), returnAddress === undefined ? target : irqOn];
        });
        p.step('the slots can be re-used for the next call', (c) => slots.retire(c));
      });
    });

    const adjust = (p: ProcedureBuilder, regs: Local, newip: Local): void => {
      p.if(
        (c) => c.get(newip) === irqOn,
        () => {
          p.step('this_cpu_write(bp_call_return, ip + CALL_INSN_SIZE)', (c) => {
            // The saved RIP is one byte into the five of the call.
            slots.fill(c, 'bp_call_return', ptRegs.ip(c, c.get(regs)) + 4n);
          });
          p.step('this_cpu_write(bp_call_target, bp_call_function)', (c) => {
            slots.fill(c, 'bp_call_target', c.load(callTarget));
          });
          p.if(
            (c) => (ptRegs.flags(c, c.get(regs)) & RFLAGS.if) !== 0n,
            () => {
              p.step('regs->flags & X86_EFLAGS_IF: newip = emulate_call_irqoff; clear IF', (c) => {
                c.set(newip, irqOff);
                ptRegs.setFlags(c, c.get(regs), ptRegs.flags(c, c.get(regs)) & ~RFLAGS.if);
              });
            },
          );
        },
      );
    };
    return {
      apply,
      idt: new Map([[VECTOR.bp, { procedure: excInt3(pokeInt3Handler2013(bp, adjust), { gap: false }) }]]),
      goals: ['int3-executed', 'half-written-fetched', 'ipi-waited-for-if', 'stub-executed', 'ipi-waited-for-stub'],
      ranges: slots.ranges(range),
      detours: new Map([[STUB, range]]),
    };
  },
};

/** ModRM of FF with a displacement of 32 bits and no base. */
const PUSH_GS = 0x34;
const JMP_GS = 0x24;

/** `push %gs:offset` or `jmp *%gs:offset`. */
function gsInsn(modRm: number, offset: bigint): readonly number[] {
  return [0x65, 0xff, modRm, 0x25, ...[0n, 8n, 16n, 24n].map((shift) => Number((offset >> shift) & 0xffn))];
}
