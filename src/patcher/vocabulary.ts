import { INT3_INSN_OPCODE } from '../encoder/instruction-templates.js';
import { InputError } from '../input-error.js';
import type { Patch } from '../machine/patch.js';
import type { Procedure, ProcedureBuilder } from '../machine/procedure.js';
import type { Local, StepContext } from '../machine/step-context.js';
import { didYouMean } from '../suggest.js';
import type { MemoryRange } from './algorithm.js';
import { freeOld } from './free-old.js';
import { type PackedText, type PokeOrder, packBytes, pokeBytes, storeBytes } from './poke-bytes.js';
import type { RcuTasks } from './rcu-tasks.js';
import type { TextPokeArray } from './text-poke-array.js';

/** What the steps of a straight-line algorithm are built with. */
export interface StepMaker {
  readonly p: ProcedureBuilder;
  readonly array: TextPokeArray;
  readonly cpus: number;
  readonly sync: Procedure;
  readonly textPoke: Procedure;
  /** Made when first asked for. */
  readonly rcu: () => RcuTasks;
  readonly order: PokeOrder;
  readonly storeBoundary: number;
  /** The patch that is being applied. */
  readonly patch: (c: StepContext) => Patch;
  /** The named text of the scenario, and where the instruction led that is being replaced: for the step that frees that. */
  readonly namedText: ReadonlyMap<string, MemoryRange>;
  readonly old: Local;
  /** Locals that every step may use. */
  readonly text: PackedText;
  readonly cpu: Local;
  readonly left: Local;
}

/** A run of bytes of the new instruction, counting from 0; `last` belongs to it. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** What a word means. */
interface Meaning {
  readonly title: string;
  /** Whether it may be followed by bytes: `poke 1..4`. */
  readonly takesBytes?: true;
  readonly make: (maker: StepMaker, range: ByteRange | undefined) => void;
}

/** A step of a straight-line algorithm: a word, and the bytes of the instruction that it is about. */
export interface StraightStep {
  readonly text: string;
  readonly word: string;
  readonly range: ByteRange | undefined;
}

const INT3 = BigInt(INT3_INSN_OPCODE);

/** Lets the locals hold the bytes of `range`, or the whole new instruction. */
function packText({ p, patch, text }: StepMaker, range: ByteRange | undefined): void {
  const bytes = (c: StepContext): Uint8Array =>
    range === undefined ? patch(c).bytes : patch(c).bytes.subarray(range.first, range.last + 1);
  p.set(text.address, (c) => patch(c).address + BigInt(range?.first ?? 0));
  p.set(text.length, (c) => BigInt(bytes(c).length));
  p.set(text.value, (c) => packBytes(bytes(c)));
}

/** The words that steps are made of, the kernel's own where it has one. */
export const VOCABULARY: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  [
    'publish',
    {
      title: 'fill the array with the patch, and let int3 handlers find it: every reference becomes 1',
      make({ p, array, patch, cpu }) {
        p.step(array.refs.labels.add, (c) => {
          array.write(c, 0n, patch(c));
          c.store(array.nrEntries, 1n);
        });
        array.refs.publish(p, cpu);
      },
    },
  ],
  [
    'retire',
    {
      title: 'drop the references and wait for handlers that hold one; then the array is empty',
      make: ({ p, array, cpu, left }) => array.refs.retire(p, { cpu, left }),
    },
  ],
  [
    'forget',
    {
      title: 'empty the array at once, waiting for nobody',
      make({ p, array, cpus }) {
        p.step('text_poke_array_refs = 0 for each CPU; text_poke_array.nr_entries = 0', (c) => {
          for (let cpu = 0; cpu < cpus; cpu++) c.store(array.refs.of(cpu), 0n);
          c.store(array.nrEntries, 0n);
          c.host.emit({ kind: 'range-retired', cpu: c.cpu, range: 'text_poke_array.vec' });
        });
      },
    },
  ],
  [
    'write-int3',
    {
      title: 'text_poke: INT3 in the place of the first byte',
      make: ({ p, textPoke, patch }) => p.call(textPoke, (c) => [patch(c).address, 1n, INT3]),
    },
  ],
  [
    'write-tail',
    {
      title: 'text_poke: all but the first byte of the new instruction',
      make({ p, textPoke, patch }) {
        p.if(
          (c) => patch(c).bytes.length > 1,
          () =>
            p.call(textPoke, (c) => {
              const { address, bytes } = patch(c);
              return [address + 1n, BigInt(bytes.length - 1), packBytes(bytes.subarray(1))];
            }),
        );
      },
    },
  ],
  [
    'write-first-byte',
    {
      title: 'text_poke: the first byte of the new instruction',
      make: ({ p, textPoke, patch }) => p.call(textPoke, (c) => [patch(c).address, 1n, BigInt(patch(c).bytes[0] ?? 0)]),
    },
  ],
  [
    'poke',
    {
      title: 'memcpy of the new instruction, or of some of its bytes, one byte after the other in any order',
      takesBytes: true,
      make(maker, range) {
        packText(maker, range);
        pokeBytes(maker.p, 'memcpy: store one byte', maker.text, maker.order);
      },
    },
  ],
  [
    'store',
    {
      title: 'one store of the new instruction, or of some of its bytes; whole inside an aligned unit',
      takesBytes: true,
      make(maker, range) {
        packText(maker, range);
        storeBytes(maker.p, 'store the bytes at once', maker.text, maker.storeBoundary);
      },
    },
  ],
  ['sync', { title: 'sync core on every CPU, waiting for all', make: ({ p, sync }) => p.call(sync) }],
  [
    'sync-self',
    {
      title: 'sync core on this CPU only',
      make: ({ p }) => p.step('sync_core() on this CPU', (c) => c.host.serialize(c.cpu)),
    },
  ],
  [
    'synchronize-rcu-tasks',
    {
      title: 'wait until every task has since yielded, idled or reached user mode; preemption does not count',
      make: ({ p, rcu }) => p.call(rcu().synchronize),
    },
  ],
  [
    'synchronize-rcu-tasks-rude',
    {
      title: 'wait until every CPU has since changed tasks, idled or reached user mode; preemption counts',
      make: ({ p, rcu }) => p.call(rcu().synchronizeRude),
    },
  ],
  [
    'free-old',
    {
      title: 'free the named text that the old instruction called or jumped to, if it did',
      make: ({ p, namedText, old }) => freeOld(p, namedText, old),
    },
  ],
  [
    'irq-off',
    {
      title: 'interrupts off on this CPU',
      make: ({ p }) => p.step('local_irq_disable()', (c) => c.state.setInterruptsEnabled(false)),
    },
  ],
  [
    'irq-on',
    {
      title: 'interrupts on on this CPU',
      make: ({ p }) => p.step('local_irq_enable()', (c) => c.state.setInterruptsEnabled(true)),
    },
  ],
]);

const STEP = /^([a-z0-9-]+)(?: +([0-9]{1,2})(?:\.\.([0-9]{1,2}))?)?$/;

/**
 * Reads a step: a word of {@link VOCABULARY}, and after `poke` and `store` the bytes, as in `poke 1..4` or `poke 0`.
 * @throws {@link InputError} for an unknown word, with what may have been meant, or bytes that it cannot have
 */
export function parseStep(text: string): StraightStep {
  const [, word = text.trim().split(/\s/)[0] ?? '', first, last = first] = STEP.exec(text.trim()) ?? [];
  const meaning = VOCABULARY.get(word);
  if (meaning === undefined) {
    const known = [...VOCABULARY.keys()];
    const hints = [didYouMean(word, known), `known: ${known.join(', ')}`].filter((hint) => hint !== undefined);
    throw new InputError(`unknown step '${word}'`, { hint: hints.join(' ') });
  }
  if (!STEP.test(text.trim())) throw new InputError(`step '${text.trim()}': expected bytes as in '${word} 1..4'`);
  if (first === undefined) return { text: text.trim(), word, range: undefined };
  if (meaning.takesBytes === undefined) throw new InputError(`step '${word}' takes no bytes`);
  const range = { first: Number(first), last: Number(last) };
  if (range.first > range.last) throw new InputError(`step '${text.trim()}' is about no byte`);
  return { text: text.trim(), word, range };
}
