import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CheckedVariant } from '../../../src/cli/check/checked-variant.js';
import { tellOutcomes } from '../../../src/cli/check/tell-outcomes.js';
import { type CheckOutcome, VariantFailure } from '../../../src/cli/check/variant-failure.js';
import { Telling } from '../../../src/cli/scenario/telling.js';
import { PLAIN } from '../../../src/report/paint.js';
import { loadScenario } from '../../../src/scenario/load.js';
import { SMALL } from '../small-scenario.js';

const LOADED = loadScenario(SMALL, 'small.yaml');
const RECIPES = LOADED.variants.map((variant) => ({
  ...{ loaded: LOADED, variant, files: new Map(), backend: 'wasm' as const },
}));

const verified = (name: string): CheckedVariant => ({
  ...{ verdict: { kind: 'verified' }, expected: undefined, schedule: undefined },
  ...{ text: [`${name}  VERIFIED`], json: { variant: name } },
});

/** What is said of the outcomes of three variants. */
async function told(outcomes: readonly CheckOutcome[], isJson: boolean) {
  const said: string[] = [];
  const errors: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => errors.push(String(text)) > 0);
  const nothing = async (): Promise<void> => {};
  const stdout = {
    write: (text: unknown) => said.push(String(text)),
    flush: nothing,
    finish: nothing,
    discard: () => {},
  };
  const json = isJson ? { schema: 'x', variant: ({ json: each }: CheckedVariant) => each } : undefined;
  const telling = new Telling<CheckedVariant>(stdout, LOADED, RECIPES, PLAIN, json);
  async function* coming() {
    yield* outcomes;
  }
  const code = await tellOutcomes(coming(), {
    telling,
    traces: { write: nothing },
    stdout,
    interrupt: { code: undefined },
  });
  return { code, stdout: said.join(''), stderr: errors.join('') };
}

const OUT_OF_MEMORY = Object.assign(new Error('full'), { code: 'ERR_WORKER_OUT_OF_MEMORY' });

afterEach(() => {
  vi.restoreAllMocks();
});

describe('What came of the variants of a check', () => {
  it('is told though the check of one went wrong', async () => {
    const outcomes = [verified('whole'), new VariantFailure('naive', new Error('odd')), verified('blind')];
    const { code, stdout, stderr } = await told(outcomes, false);
    expect(code).toBe(4);
    expect(stdout).toBe('small\n\nwhole  VERIFIED\nnaive  NOT CHECKED  internal error\nblind  VERIFIED\n');
    expect(stderr).toMatch(/^xmc: internal error in the check of naive: this is a bug in xmc.*\nError: odd\n/);
  });

  it('is told in JSON without it, with the exit code', async () => {
    const outcomes = [verified('whole'), new VariantFailure('naive', OUT_OF_MEMORY), verified('blind')];
    const { code, stdout, stderr } = await told(outcomes, true);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: 3, variants: [{ variant: 'whole' }, { variant: 'blind' }] });
    expect(stderr).toMatch(/^xmc: error: naive: its thread ran out of memory\nhint: /);
  });
});
