import { RFLAGS } from '../../cpu/flags.js';
import { VECTOR } from '../../cpu/vector.js';
import { JMP32_INSN_OPCODE, textGenInsn } from '../../encoder/instruction-templates.js';
import { type ProcedureBuilder, procedure } from '../../machine/procedure.js';
import type { Local } from '../../machine/step-context.js';
import type { InstalledAlgorithm, PatchEnvironment } from '../algorithm.js';
import { BpInt3 } from '../bp-int3.js';
import { forEachPatch } from '../for-each-patch.js';
import { excInt3 } from '../int3-handler.js';
import { packBytes, storeBytes } from '../poke-bytes.js';
import { pokeInt3Handler2013 } from '../poke-int3-handler-2013.js';
import { ptRegs } from '../pt-regs.js';
import { textPoke } from '../text-poke.js';
import { textPokeBp2013 } from '../text-poke-bp-2013.js';
import { STUB, stubText } from './reserved-text.js';
import { reachableCallOf, type StaticCall } from './static-call.js';

/** What a generated stub may do otherwise than it should. */
export interface StubVariation {
  readonly algorithm: string;
  /** The second stub, for CPUs whose interrupts are on: `none`, or whether the handler clears IF for it. */
  readonly sti: 'none' | 'clears IF' | 'forgets IF';
  /** Whether a sync core comes between the stub and its first use; default: yes, as in the mail's first form. */
  readonly firstSync?: boolean;
}

const PUSH_IMM32 = 0x68;
const STI = 0xfb;
/** Distance of the stub with STI from the plain one, which is 10 bytes long. */
const STI_STUB = 16n;
const SIZES = { none: 10, 'clears IF': 27, 'forgets IF': 27 } as const;

/**
 * The stub of mail 002: "create a fixup code stub", "on_each_cpu(do_sync_core, NULL, 1)", "text_poke_bp(addr, newcode,
 * newlen, generatedcode)", for one site after the other. It is the text_poke_bp of the mail's time: one site, and the
 * address where the handler sends the CPU in the global bp_int3_handler. Jumps and NOPs need no stub: they are such an
 * address themselves, as for jump labels.
 * @throws {@link InputError} when the scenario reserves no text for the stub, or a stub cannot stand for a patch
 */
export function installGeneratedStub(environment: PatchEnvironment, variation: StubVariation): InstalledAlgorithm {
  const { data, sync, patches, order, storeBoundary = 64 } = environment;
  const range = stubText(variation.algorithm, environment, SIZES[variation.sti]);
  const calls = patches.map((patch) => reachableCallOf(patch, range.address));
  const bp = new BpInt3(data);
  const pokeBp = textPokeBp2013(bp, textPoke(order), sync.call);
  const call = (index: bigint): StaticCall => calls[Number(index)] ?? { target: 0n, returnAddress: undefined };

  const generate = procedure('create a fixup code stub', (p) => {
    const index = p.local();
    const address = p.local();
    const length = p.local();
    const value = p.local();
    const store = (label: string, at: bigint, bytes: (at: bigint, call: StaticCall) => Uint8Array): void => {
      const text = (i: bigint): Uint8Array => bytes(at, call(i));
      p.set(address, () => at);
      p.set(length, (c) => BigInt(text(c.get(index)).length));
      p.set(value, (c) => packBytes(text(c.get(index))));
      storeBytes(p, label, { address, length, value }, storeBoundary);
    };
    const push = (_at: bigint, { returnAddress = 0n }: StaticCall): Uint8Array => pushImm32(returnAddress);
    const jmp = (at: bigint, { target }: StaticCall): Uint8Array => textGenInsn(JMP32_INSN_OPCODE, at, target);
    p.step('the stub gets another use', (c) => c.host.emit({ kind: 'range-retired', cpu: c.cpu, range: STUB }));
    store('stub: push $returnaddressforTHIScall', range.address, push);
    store('stub: jmp targetforTHIScall', range.address + 5n, jmp);
    if (variation.sti === 'none') return;
    const stub = range.address + STI_STUB;
    store('STI stub: push $returnaddressforTHIScall', stub, push);
    store('STI stub: sti', stub + 5n, () => Uint8Array.of(STI));
    store('STI stub: jmp targetforTHIScall', stub + 6n, jmp);
  });

  const apply = procedure('for each static call: stub, text_poke_bp', (p) => {
    forEachPatch(p, patches, ({ patch, index }) => {
      p.if(
        (c) => call(c.get(index)).returnAddress !== undefined,
        () => {
          p.call(generate, (c) => [c.get(index)]);
          if (variation.firstSync !== false) p.call(sync.call);
        },
      );
      p.call(pokeBp, (c) => {
        const { address, bytes } = patch(c);
        const { target, returnAddress } = call(c.get(index));
        const handler = returnAddress === undefined ? target : range.address;
        return [address, packBytes(bytes), BigInt(bytes.length), handler];
      });
    });
    p.step('the stub can be re-used for the next static call fixup', (c) => {
      c.host.emit({ kind: 'range-retired', cpu: c.cpu, range: STUB });
    });
  });

  // "magic_static_call_bp_int3_handler" is the stub's address.
  const adjust = (p: ProcedureBuilder, regs: Local, newip: Local): void => {
    if (variation.sti === 'none') return;
    const clears = variation.sti === 'clears IF';
    p.if(
      (c) => c.get(newip) === range.address && (ptRegs.flags(c, c.get(regs)) & RFLAGS.if) !== 0n,
      () => {
        p.step(`regs->flags & X86_EFLAGS_IF: newip = the STI stub${clears ? '; clear IF' : ''}`, (c) => {
          c.set(newip, range.address + STI_STUB);
          if (clears) ptRegs.setFlags(c, c.get(regs), ptRegs.flags(c, c.get(regs)) & ~RFLAGS.if);
        });
      },
    );
  };
  return {
    apply,
    idt: new Map([[VECTOR.bp, { procedure: excInt3(pokeInt3Handler2013(bp, adjust), { gap: false }) }]]),
    goals: ['int3-executed', 'half-written-fetched', 'ipi-waited-for-if', 'stub-executed', 'ipi-waited-for-stub'],
    ranges: new Map([[STUB, range]]),
    detours: new Map([[STUB, range]]),
  };
}

function pushImm32(value: bigint): Uint8Array {
  const bytes = Uint8Array.of(PUSH_IMM32, 0, 0, 0, 0);
  new DataView(bytes.buffer).setUint32(1, Number(value & 0xffffffffn), true);
  return bytes;
}
