import { VECTOR } from '../cpu/vector.js';
import { InputError } from '../input-error.js';
import type { Patch } from '../machine/patch.js';
import { procedure } from '../machine/procedure.js';
import type { Algorithm, InstalledAlgorithm, PatchEnvironment } from './algorithm.js';
import { RETRY } from './algorithms/int3-retries.js';
import { SKIP } from './algorithms/int3-skips.js';
import { forEachPatch } from './for-each-patch.js';
import { branchTarget } from './free-old.js';
import type { Goal } from './goals.js';
import { EMULATE, excInt3, type Int3Action, int3Handler } from './int3-handler.js';
import { type RcuTasks, rcuTasks } from './rcu-tasks.js';
import { textPoke } from './text-poke.js';
import { requirePatchable, TextPokeArray } from './text-poke-array.js';
import { parseStep, type StraightStep, VOCABULARY } from './vocabulary.js';

/** What the int3 handler of a straight-line algorithm does with a site that it finds in the array; `none`: no handler. */
export const STRAIGHT_LINE_HANDLERS = ['emulate', 'skip', 'retry', 'none'] as const;
export type StraightLineHandler = (typeof STRAIGHT_LINE_HANDLERS)[number];

const ACTIONS: Readonly<Record<StraightLineHandler, Int3Action | undefined>> = {
  emulate: EMULATE,
  skip: SKIP,
  retry: RETRY,
  none: undefined,
};

/** The most bytes that one step stores: they are packed into a local. */
const MAX_BYTES = 8;

/**
 * An algorithm that does the same steps, one after the other, for each patch. text_poke_bp for one site is `publish`,
 * `write-int3`, `sync`, `write-tail`, `sync`, `write-first-byte`, `sync`, `retire`. The patches of a batch are applied
 * one by one.
 * @param steps words of the vocabulary, see {@link parseStep}
 * @throws {@link InputError} for an unknown step, and for `retire` without a `publish` before it
 */
export function straightLine(name: string, handler: StraightLineHandler, steps: readonly string[]): Algorithm {
  const parsed = steps.map(parseStep);
  requireOrder(parsed);
  const require = (patch: Patch): void => requireInside(patch, parsed, handler);
  return {
    name,
    title: `${steps.join(', ')}; int3 handler: ${handler}`,
    require,
    install(environment) {
      for (const patch of environment.patches) require(patch);
      return install(environment, handler, parsed);
    },
  };
}

/** The references are taken before they are dropped: below 0 they would be waited for for ever. */
function requireOrder(steps: readonly StraightStep[]): void {
  let published = false;
  for (const { word } of steps) {
    if (word === 'retire' && !published) {
      throw new InputError("step 'retire' has no 'publish' before it", { hint: 'it drops what publish has set' });
    }
    if (word === 'publish') published = true;
    if (word === 'retire' || word === 'forget') published = false;
  }
}

/** Every byte that is written is one of the site's. */
function requireInside(patch: Patch, steps: readonly StraightStep[], handler: StraightLineHandler): void {
  const { site, bytes } = patch;
  for (const { text, word, range } of steps) {
    if (range !== undefined && range.last >= bytes.length) {
      throw new InputError(`step '${text}' pokes outside site ${site}, which is ${bytes.length} bytes long`, {
        hint: `its bytes are 0..${bytes.length - 1}`,
      });
    }
    if (
      VOCABULARY.get(word)?.takesBytes &&
      (range === undefined ? bytes.length : range.last - range.first + 1) > MAX_BYTES
    ) {
      throw new InputError(`step '${text}' writes more than ${MAX_BYTES} bytes of site ${site}`);
    }
  }
  if (handler !== 'none' || steps.some(({ word }) => word === 'publish')) requirePatchable(patch);
}

function install(
  {
    data,
    cpus,
    sync,
    patches,
    order,
    storeBoundary = 64,
    text: namedText = new Map(),
    shadowStack = false,
  }: PatchEnvironment,
  handler: StraightLineHandler,
  steps: readonly StraightStep[],
): InstalledAlgorithm {
  const array = new TextPokeArray(data, cpus);
  const poke = textPoke(order);
  const frees = steps.some(({ word }) => word === 'free-old');
  if (frees && namedText.size === 0) {
    throw new InputError("step 'free-old' frees nothing: no text of the scenario has a name", {
      hint: 'name what the old instruction leads to: "text: - {name: trampoline, base: ..., asm: ...}"',
    });
  }
  let gracePeriods: RcuTasks | undefined;
  const rcu = (): RcuTasks => {
    gracePeriods ??= rcuTasks(data);
    return gracePeriods;
  };
  const apply = procedure('straight line', (p) => {
    forEachPatch(p, patches, ({ patch }) => {
      const text = { address: p.local(), length: p.local(), value: p.local() };
      const [cpu, left] = [p.local(), p.local()];
      const old = p.local();
      if (frees) {
        p.set(old, (c) => branchTarget(patch(c).address, c.host.text(patch(c).address, patch(c).bytes.length)));
      }
      const kernel = { array, cpus, sync: sync.call, textPoke: poke, rcu, order, storeBoundary };
      const maker = { p, ...kernel, namedText, old, text, cpu, left, patch };
      for (const { word, range } of steps) VOCABULARY.get(word)?.make(maker, range);
    });
  });
  const action = ACTIONS[handler];
  return {
    apply,
    idt: new Map(
      action === undefined
        ? []
        : [
            [
              VECTOR.bp,
              { procedure: excInt3(int3Handler(array, action, shadowStack && handler === 'emulate')) },
            ] as const,
          ],
    ),
    goals: goalsOf(steps),
    ranges: new Map([['text_poke_array.vec', { address: array.vec, size: 16 }], ...(frees ? namedText : [])]),
    ...(gracePeriods === undefined ? {} : { gracePeriods: gracePeriods.words }),
  };
}

function goalsOf(steps: readonly StraightStep[]): readonly Goal[] {
  const words = new Set(steps.map(({ word }) => word));
  return [
    ...(words.has('write-int3') ? (['int3-executed'] as const) : []),
    ...(words.has('write-tail') || words.has('poke') ? (['half-written-fetched'] as const) : []),
    ...(words.has('synchronize-rcu-tasks') ? (['grace-period-ended'] as const) : []),
    ...(words.has('write-int3') && words.has('sync') ? (['ipi-waited-for-if'] as const) : []),
  ];
}
