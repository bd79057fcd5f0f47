import { VECTOR } from '../../src/cpu/vector.js';
import { type Procedure, procedure } from '../../src/machine/procedure.js';
import type { StepContext } from '../../src/machine/step-context.js';
import type { Algorithm } from '../../src/patcher/algorithm.js';
import { excInt3, int3Handler } from '../../src/patcher/int3-handler.js';
import { ptRegs } from '../../src/patcher/pt-regs.js';
import { textPoke } from '../../src/patcher/text-poke.js';
import { TextPokeArray } from '../../src/patcher/text-poke-array.js';

/** text_poke_bp with something left out or done wrongly: a negative control for the monitors. One patch at a time. */
export interface Variation {
  /** Whether INT3 is written at all, the tails, the first bytes. */
  readonly int3?: boolean;
  readonly tails?: boolean;
  readonly firstBytes?: boolean;
  /** Whether each sync core happens. */
  readonly sync1?: boolean;
  readonly sync2?: boolean;
  readonly sync3?: boolean;
  /** `wait`: until no handler holds a reference. `drop`: they are set to 0. `keep`: the array stays readable for ever. */
  readonly refs?: 'wait' | 'drop' | 'keep';
  /** Before which step the entry is taken out of the array, if that is too early. */
  readonly retireBefore?: 'tails' | 'first bytes';
  /** The array is filled anew for the next use as soon as it is retired. */
  readonly refill?: boolean;
  /** Another handler in the place of smp_text_poke_int3_handler, and another entry in the place of exc_int3. */
  readonly handler?: (array: TextPokeArray) => Procedure;
  readonly entry?: (handler: Procedure) => Procedure;
}

/** An algorithm that is text_poke_bp but for a variation. Without one it is text_poke_bp. */
export function variant(variation: Variation = {}): Algorithm {
  const { int3 = true, tails = true, firstBytes = true, refs = 'wait', refill = false } = variation;
  const { sync1 = true, sync2 = true, sync3 = true, retireBefore } = variation;
  const { handler = int3Handler, entry = excInt3 } = variation;
  return {
    name: 'variant',
    title: 'text_poke_bp, varied',
    install({ data, cpus, sync, patches, order }) {
      const array = new TextPokeArray(data, cpus);
      const poke = textPoke(order);
      const everyCpu = Array.from({ length: cpus }, (_, cpu) => cpu);
      const retire = (c: StepContext): void => {
        if (refs === 'keep') return;
        c.store(array.nrEntries, 0n);
        for (const cpu of everyCpu) c.store(array.refs.of(cpu), 0n);
        c.host.emit({ kind: 'range-retired', cpu: c.cpu, range: 'text_poke_array.vec' });
      };
      const apply = procedure('varied text_poke_bp', (p) => {
        const index = p.local();
        const address = (c: StepContext): bigint => array.address(c, 0n);
        p.step('fill the array', (c) => {
          const patch = patches[Number(c.get(index))];
          if (patch === undefined) throw new Error('no patch');
          array.write(c, 0n, patch);
          c.store(array.nrEntries, 1n);
          for (const cpu of everyCpu) c.store(array.refs.of(cpu), 1n);
        });
        if (int3) p.call(poke, (c) => [address(c), 1n, 0xccn]);
        if (sync1) p.call(sync.call);
        if (retireBefore === 'tails') p.step('retire too early', (c) => c.store(array.refs.of(1), 0n));
        if (tails) p.call(poke, (c) => [address(c) + 1n, array.len(c, 0n) - 1n, array.tail(c, 0n)]);
        if (sync2) p.call(sync.call);
        if (retireBefore === 'first bytes') p.step('retire too early', (c) => c.store(array.refs.of(1), 0n));
        if (firstBytes) p.call(poke, (c) => [address(c), 1n, array.firstByte(c, 0n)]);
        if (sync3) p.call(sync.call);
        if (refs === 'wait') {
          for (const cpu of everyCpu) {
            p.step('drop the reference of a CPU', (c) => {
              const count = array.refs.of(cpu);
              if (retireBefore === undefined || cpu !== 1) c.store(count, c.load(count) - 1n);
            });
            p.wait('wait for the handlers', (c) => c.load(array.refs.of(cpu)) === 0n);
          }
        }
        p.step('retire', retire);
        if (refill) {
          p.step('fill the array for another use', (c) => {
            for (let at = 0n; at < 16n; at += 8n) c.store(array.vec + at, 0n);
          });
        }
      });
      return {
        apply,
        idt: new Map([[VECTOR.bp, { procedure: entry(handler(array)) }]]),
        goals: [],
        ranges: new Map([['text_poke_array.vec', { address: array.vec, size: 16 }]]),
      };
    },
  };
}

/** A handler that finds the site at once, does something to the saved registers, and says that it consumed the #BP. */
export function handlerThat(does: (c: StepContext, regs: bigint, array: TextPokeArray) => void) {
  return (array: TextPokeArray): Procedure =>
    procedure('handler', (p) => {
      const regs = p.local();
      p.step('do it', (c) => does(c, c.get(regs), array));
      p.return(() => 1n);
    });
}

/** A handler that goes on after the site without doing what the instruction there does. */
export const SKIPPING = handlerThat((c, regs, array) => {
  ptRegs.setIp(c, regs, array.address(c, 0n) + array.len(c, 0n));
});

/** exc_int3 without the stack gap: what the handler pushes for the task may land in the frame. */
export function gaplessEntry(handler: Procedure): Procedure {
  return procedure('exc_int3 without a gap', (p) => {
    const handled = p.local();
    p.step('asm_exc_int3: push ORIG_RAX', (c) => {
      c.store(c.state.rsp - 8n, ~0n);
      c.state.rsp -= 8n;
    });
    p.call(handler, (c) => [c.state.rsp + 8n], handled);
    p.if(
      (c) => c.get(handled) !== 0n,
      () => {
        p.step('iretq', (c) => {
          if (c.load(c.state.rsp) === BigInt.asUintN(64, ~0n)) c.state.rsp += 8n;
          c.host.interruptReturn(c.cpu);
        });
      },
      () => p.step('die', (c) => c.host.stop(c.cpu, 'int3 that nobody handled')),
    );
  });
}
