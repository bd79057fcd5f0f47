import { INT3_INSN_SIZE } from '../encoder/instruction-templates.js';
import { type Procedure, procedure } from '../machine/procedure.js';
import type { StepContext } from '../machine/step-context.js';
import { emulate, type FoundInsn } from './int3-emulate.js';
import { ptRegs } from './pt-regs.js';
import { shadowStackFixup } from './shadow-stack-fixup.js';
import type { TextPokeArray } from './text-poke-array.js';

/** The saved RIP of #BP, a trap, is that much past the site. */
const INT3_SIZE = BigInt(INT3_INSN_SIZE);

/** What the handler does to the saved registers, in one step, once it has found the site in the array. */
export interface Int3Action {
  readonly label: string;
  /** @returns whether the #BP is consumed */
  readonly run: (c: StepContext, regs: bigint, insn: FoundInsn) => boolean;
}

/** The kernel's: the NEW instruction is emulated, whatever phase the patch is in. */
export const EMULATE: Int3Action = {
  label: 'read tpl->disp; int3_emulate_{jmp,call,ret,jcc}(regs)',
  run: emulate,
};

/**
 * smp_text_poke_int3_handler (poke_int3_handler) of arch/x86/kernel/alternative.c: finds the site in the array and
 * emulates the NEW instruction, or does another `action`. Argument: regs. Returns 1 when it consumed the #BP.
 * @param fixup whether there is a shadow stack that it has to keep in step with what it emulates
 */
export function int3Handler(array: TextPokeArray, action: Int3Action = EMULATE, fixup = false): Procedure {
  const { refs, found: locs } = array;
  return procedure('smp_text_poke_int3_handler (poke_int3_handler)', (p) => {
    const regs = p.local();
    const got = p.local();
    const low = p.local();
    const high = p.local();
    const found = p.local();
    const middle = p.local();
    const opcodeLen = p.local();
    const handled = p.local();

    p.if(
      (c) => ptRegs.userMode(c, c.get(regs)),
      () => p.return(),
    );

    // smp_rmb(), then try_get_text_poke_array() (try_get_desc()): the reference is what holds the array.
    p.step(refs.labels.tryGet, (c) => {
      const count = c.load(refs.of(c.cpu));
      c.set(got, count === 0n ? 0n : 1n);
      if (count === 0n) return;
      c.store(refs.of(c.cpu), count + 1n);
      c.host.emit({ kind: 'range-entered', cpu: c.cpu, range: refs.name });
    });
    p.if(
      (c) => c.get(got) === 0n,
      () => p.return(),
    );

    // "Skip the binary search if there is a single member in the vector": the search below does as many steps.
    p.step(refs.labels.nrEntries, (c) => c.set(high, c.load(refs.found.nrEntries)));
    p.while(
      (c) => c.get(low) < c.get(high) && c.get(found) === 0n,
      () => {
        p.step('__inline_bsearch: compare vec[middle] with ip', (c) => {
          c.set(middle, (c.get(low) + c.get(high)) / 2n);
          const address = locs.address(c, c.get(middle));
          const site = ptRegs.ip(c, c.get(regs)) - INT3_SIZE;
          if (site === address) c.set(found, 1n);
          else if (site < address) c.set(high, c.get(middle));
          else c.set(low, c.get(middle) + 1n);
        });
      },
    );
    p.if(
      (c) => c.get(found) !== 0n,
      () => {
        p.step('read tpl->len and tpl->opcode', (c) => {
          c.set(opcodeLen, (locs.opcode(c, c.get(middle)) << 8n) | locs.len(c, c.get(middle)));
        });
        if (fixup) shadowStackFixup(p, regs, (c) => c.get(opcodeLen) >> 8n);
        p.step(action.label, (c) => {
          const address = ptRegs.ip(c, c.get(regs)) - INT3_SIZE;
          const insn = {
            opcode: c.get(opcodeLen) >> 8n,
            disp: locs.disp(c, c.get(middle)),
            address,
            ip: address + (c.get(opcodeLen) & 0xffn),
          };
          c.set(handled, action.run(c, c.get(regs), insn) ? 1n : 0n);
        });
      },
    );
    p.step(refs.labels.put, (c) => {
      c.store(refs.of(c.cpu), c.load(refs.of(c.cpu)) - 1n);
      c.host.emit({ kind: 'range-left', cpu: c.cpu, range: refs.name });
    });
    p.return((c) => c.get(handled));
  });
}

/** Words that the entry code pushes or copies: ORIG_RAX and the frame. */
const FRAME_WORDS = 6n;

/**
 * asm_exc_int3 and exc_int3: the entry opens the stack gap (".rept 6; pushq 5*8(%rsp)": the frame is copied six words
 * lower, so that a push can be emulated without touching it), asks the patcher's handler, and returns or dies.
 * @param gap without it, a push that is emulated may land in the frame (before the fix of May 2019)
 */
export function excInt3(handler: Procedure, { gap = true }: { readonly gap?: boolean } = {}): Procedure {
  return procedure('exc_int3', (p) => {
    const handled = p.local();
    const origRax = p.local();
    p.step(`asm_exc_int3: push ORIG_RAX${gap ? '; open the stack gap' : ''}`, (c) => {
      const { state } = c;
      const frame = state.rsp;
      const copy = frame - 8n - (gap && !ptRegs.userMode(c, frame) ? 8n * FRAME_WORDS : 0n);
      c.store(frame - 8n, ~0n);
      for (let word = 0n; copy < frame - 8n && word < FRAME_WORDS; word++) {
        c.store(copy + 8n * word, c.load(frame - 8n + 8n * word));
      }
      state.rsp = copy;
      c.set(origRax, copy);
    });
    p.call(handler, (c) => [c.get(origRax) + 8n], handled);
    p.if(
      (c) => c.get(handled) !== 0n,
      () => {
        p.step('iretq', (c) => {
          // ORIG_RAX is dropped; the frame is the next five words.
          c.state.rsp = c.get(origRax) + 8n;
          c.host.interruptReturn(c.cpu);
        });
      },
      () => p.step('die("int3"): nobody consumed the #BP', (c) => c.host.stop(c.cpu, 'int3 that nobody handled')),
    );
  });
}
