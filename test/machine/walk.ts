import type { Machine } from '../../src/machine/machine.js';
import { formatStep, type Step } from '../../src/machine/step.js';
import type { Monitors } from '../../src/property/monitors.js';
import { CALL_CLOBBERS, type PatchSetup, PatchWorld } from '../patcher/patch-world.js';

/** A machine with its monitors, and the words for all that happened. */
export interface Subject {
  readonly machine: Machine;
  readonly monitors: Monitors;
  readonly happened: string[];
}

/** Two workers go through a site that text_poke_bp changes there and back. */
export const CALL_SWAP: PatchSetup = {
  asm: `
    worker: site: call.rel32 f
            inc %r12
            push %r12
            pop %r13
            jmp worker
    f:      mov $1, %eax
            ret
            .skip 0x1234
    g:      mov $2, %eax
            ret`,
  sites: { site: { clobbers: CALL_CLOBBERS, flagClobbers: 0x8d5n } },
  patches: [
    { site: 'site', new: 'call.rel32 g' },
    { site: 'site', new: 'call.rel32 f' },
  ],
  workers: ['worker', 'worker'],
  repeat: 3,
  order: 'any',
  quiet: true,
};

/** A worker faults and halts, and handlers in guest code nest: #UD skips, the interrupt nests and wakes. */
export const GUEST_HANDLERS: PatchSetup = {
  asm: `
    worker: ud2
            sti
            hlt
            add $3, %r12
            site: .nops 5
            cli
            jmp worker
    ud:     addq $2, (%rsp)
            lea  (%rsp), %rcx
            push $0x18
            push %rcx
            pushfq
            push $0x10
            lea  back(%rip), %rcx
            push %rcx
            iretq
    back:   iretq
    irq:    push %rax
            sti
            nop
            pop %rax
            iretq
    f:      ret`,
  sites: { site: { clobbers: CALL_CLOBBERS, flagClobbers: 0x8d5n } },
  patches: [
    { site: 'site', new: 'call.rel32 f' },
    { site: 'site', new: '.nops 5' },
  ],
  workers: ['worker', 'worker'],
  idt: { 6: 'ud', 64: 'irq' },
  repeat: 3,
  order: 'any',
  quiet: true,
};

/** A machine of one of the setups, watched. */
export function subject(setup: PatchSetup, backend: 'wasm' | 'bigint' = 'wasm'): Subject {
  const { machine, monitors } = new PatchWorld({ ...setup, backend });
  const happened: string[] = [];
  machine.observe({
    instructions: 'all',
    observe: (event) =>
      happened.push(
        JSON.stringify(event, (_, value: unknown) => {
          if (typeof value === 'bigint') return value.toString(16);
          return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
        }),
      ),
  });
  return { machine, monitors, happened };
}

/** What may happen now: the machine's steps, and interrupts from outside. */
export type Move = Step | { readonly kind: 'send'; readonly cpu: number; readonly vector: number };

export function apply({ machine }: Subject, move: Move): void {
  if (move.kind === 'send') machine.setPending(move.cpu, move.vector);
  else machine.apply(move);
}

/** The enabled moves; `numbers` choose among them. Vectors come from outside only where the IDT knows them. */
export function choose({ machine }: Subject, number: number, vectors: readonly number[]): Move | undefined {
  const sends = vectors.flatMap((vector): Move[] => [
    { kind: 'send', cpu: 1, vector },
    { kind: 'send', cpu: 2, vector },
  ]);
  // One in eight moves is an interrupt.
  if (sends.length > 0 && number % 8 === 0) return sends[(number >>> 3) % sends.length];
  const steps: Move[] = machine.enabled();
  return steps.length === 0 ? sends[number % Math.max(1, sends.length)] : steps[number % steps.length];
}

/** Walks along the choices; gives the moves made, and the hash after each. */
export function walk(
  one: Subject,
  choices: readonly number[],
  vectors: readonly number[],
): { moves: Move[]; hashes: string[] } {
  const moves: Move[] = [];
  const hashes: string[] = [];
  for (const number of choices) {
    const move = choose(one, number, vectors);
    if (move === undefined) break;
    apply(one, move);
    moves.push(move);
    hashes.push(one.machine.hash());
  }
  return { moves, hashes };
}

export const describeMove = (move: Move): string =>
  move.kind === 'send' ? `send ${move.vector} to ${move.cpu}` : formatStep(move);
