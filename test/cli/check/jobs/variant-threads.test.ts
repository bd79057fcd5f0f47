import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkedVariant } from '../../../../src/cli/check/checked-variant.js';
import { VariantThreads } from '../../../../src/cli/check/jobs/variant-threads.js';
import { type CheckOutcome, VariantFailure } from '../../../../src/cli/check/variant-failure.js';
import { Interrupt } from '../../../../src/cli/io/interrupt.js';
import { Progress } from '../../../../src/cli/io/progress.js';
import type { Recipe } from '../../../../src/judge/prepare.js';
import { PLAIN } from '../../../../src/report/paint.js';
import { loadScenario } from '../../../../src/scenario/load.js';
import { SMALL } from '../../small-scenario.js';
import { ROOT } from '../../xmc.js';
import { NO_FLAGS } from '../no-flags.js';

const BUILT = pathToFileURL(join(ROOT, 'dist/cli/check/jobs/variant-thread.js'));
const LOADED = loadScenario(SMALL, 'small.yaml');
const SURROUNDINGS = {
  ...{ path: 'small.yaml', paint: PLAIN, width: 5, program: 'xmc', checkpoints: undefined },
  ...{ options: { ...NO_FLAGS, color: 'never' as const }, progress: new Progress() },
};

const recipeOf = (variant: string): Recipe => ({ loaded: LOADED, variant, files: new Map(), backend: 'wasm' });

/** A thread that tells of a variant no more than its name; with `broken` it does something else. */
const scripted = (broken: string): URL =>
  new URL(`data:text/javascript,
    import { parentPort, workerData } from 'node:worker_threads';
    const { turns, recipes: { recipes } } = workerData;
    for (let number; (number = Atomics.add(turns, 0, 1)) < recipes.length; ) {
      parentPort.postMessage({ kind: 'begun', number });
      if (recipes[number].variant === 'broken') { ${broken} }
      parentPort.postMessage({ kind: 'checked', number, checked: recipes[number].variant });
    }`);

/** What two threads tell of variants. */
async function outcomes(variants: readonly string[], script: URL): Promise<CheckOutcome[]> {
  const interrupt = new Interrupt();
  const around = { ...SURROUNDINGS, options: { ...SURROUNDINGS.options, jobs: 2 }, interrupt };
  const kind = { script, resourceLimits: { maxOldGenerationSizeMb: 64 }, here: false };
  try {
    const all: CheckOutcome[] = [];
    for await (const each of new VariantThreads(variants.map(recipeOf), around, kind).run()) all.push(each);
    return all;
  } finally {
    interrupt.close();
  }
}

/** What is told of a variant here. */
const here = (variant: string) =>
  checkedVariant(recipeOf(variant), { ...SURROUNDINGS, interrupt: { code: undefined, pause: async () => {} } });

describe('Threads that check variants', () => {
  it('tell what is told here, name the variant in which something went wrong, and go on with the others', async () => {
    const [naive, gone, blind] = await outcomes(['naive', 'gone', 'blind'], BUILT);
    expect([naive, blind]).toEqual([await here('naive'), await here('blind')]);
    expect(blind).toMatchObject({ json: { verdict: 'VIOLATED' }, schedule: { file: 'small.blind.schedule' } });
    expect(gone).toBeInstanceOf(VariantFailure);
    expect(gone).toMatchObject({ name: 'gone', reason: 'internal error', exitCode: 4 });
    expect((gone as VariantFailure).message).toMatch(
      /^xmc: internal error in the check of gone: [\s\S]*has no variant 'gone'/,
    );
  });

  it('say which search has used up the memory of its thread', async () => {
    const greedy = scripted('for (const all = []; ; ) all.push(Array.from({ length: 1e5 }, () => ({})));');
    const [first, a, b, second, c] = await outcomes(['broken', 'a', 'b', 'broken', 'c'], greedy);
    expect([a, b, c]).toEqual(['a', 'b', 'c']);
    for (const each of [first, second])
      expect(each).toMatchObject({ name: 'broken', reason: 'out of memory', exitCode: 3 });
  });

  it('give up when no thread can begin', async () => {
    const script = new URL('data:text/javascript,throw new Error("not here")');
    await expect(outcomes(['naive', 'blind'], script)).rejects.toThrow('not here');
  });
});
