import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type CheckOptions, choiceOf } from '../../../src/cli/check/options.js';
import { recipesFor } from '../../../src/cli/scenario/recipes.js';
import { readScenario } from '../../../src/cli/scenario/scenario-input.js';
import { DEFAULT_LIMITS } from '../../../src/judge/check/choice.js';
import { explorerFor } from '../../../src/judge/check/explorer.js';
import { prepare } from '../../../src/judge/prepare.js';
import type { Compaction } from '../../../src/search/compaction.js';
import { ROOT } from '../xmc.js';
import { NO_FLAGS } from './no-flags.js';

const OPTIONS: CheckOptions = { ...NO_FLAGS, variant: 'retries' };

/** The search of a variant that violates progress, of up to so many states. */
async function explored(maxStates: number, fingerprints?: Compaction) {
  const input = await readScenario(join(ROOT, 'scenarios/progress.yaml'));
  const [recipe] = recipesFor(input, { ...OPTIONS, backend: 'wasm' }, 'checked');
  if (recipe === undefined) throw new Error('there is such a variant');
  const prepared = prepare(recipe);
  const explorer = explorerFor(prepared.built, { ...choiceOf({ ...OPTIONS, maxStates }), fingerprints }, undefined);
  expect(explorer.advance(Number.POSITIVE_INFINITY)).toEqual({ kind: 'exhausted' });
  const { states } = explorer.counts;
  const { code } = prepared.subject;
  const found = explorer.stuck(code);
  const again = explorer.stuckAgain(code);
  if (found === undefined || again === undefined) throw new Error('progress is violated');
  let told: ReturnType<typeof again.advance>;
  do told = again.advance(Number.POSITIVE_INFINITY);
  while (told === undefined);
  return { explorer, states, found, nearest: told.stuck };
}

it('A violation of progress that fingerprints have found is proven, and told by the way by which it was found', async () => {
  const exact = await explored(DEFAULT_LIMITS.states);
  expect([exact.explorer.fingerprints, exact.nearest?.schedule.nothingShorter]).toEqual([undefined, 'sure']);
  const { explorer, found, nearest } = await explored(exact.states, { bits: 64, seed: 0, states: 10, chunk: 2 });
  expect(explorer.fingerprints?.bits).toBe(64);
  expect([found.isProven, found.schedule.nothingShorter, nearest]).toEqual([true, 'unknown', undefined]);
  const length = found.schedule.steps.length;
  expect(found.details[0]).toBe(
    `from step ${length} on no schedule leads to where everything that began has returned:`,
  );
  expect(found.details[1]).toMatch(/^CPU 0 waits with IF=1 in smp_text_poke_sync_each_cpu /);
});
