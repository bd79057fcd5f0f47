import { describe, expect, test } from 'vitest';
import { findScenarios } from '../cli/test/find-scenarios.js';
import { scenarioCases } from '../cli/test/scenario-cases.js';
import { InputError } from '../input-error.js';
import { nameOf } from '../judge/prepare.js';
import { judgeCase, type RegressionCase } from '../regression/judge-case.js';
import { failureText } from '../report/case-text.js';
import { diagnosticText } from '../report/diagnostic.js';
import { PLAIN } from '../report/paint.js';
import { type KeepingOptions, type LimitOptions, surroundingsOf } from './case-options.js';
import { failure } from './failure.js';

/** Milliseconds of a test: a search takes what it takes, and `timeout` or `maxStates` end it with something to say. */
const TEST_TIMEOUT = 600_000;

export interface ScenarioSuiteOptions extends LimitOptions, KeepingOptions {
  /** Where the globs begin. Default: the working directory, as for vitest's own `include`. */
  readonly root?: string | undefined;
  /** Milliseconds before vitest gives up a test. Default: 600,000. */
  readonly testTimeout?: number | undefined;
}

/**
 * Makes a `describe` for each scenario file and a `test` for each of its variants. A test passes when the verdict is the one of
 * the variant's `expect:`, and without one when it is verified; what is inconclusive fails.
 *
 * @param globs scenario files, folders or globs
 *
 * @example
 * import { scenarioSuite } from 'xmc/vitest';
 * scenarioSuite('scenarios/**\/*.yaml');
 *
 * @throws InputError when one of the globs leads to no file.
 */
export function scenarioSuite(globs: string | readonly string[], options: ScenarioSuiteOptions = {}): void {
  const { root = process.cwd(), testTimeout = TEST_TIMEOUT } = options;
  for (const file of findScenarios([globs].flat(), root)) {
    describe(file, () => {
      const cases = casesOf(file, root);
      if (cases instanceof InputError) {
        test('is a scenario', () => {
          throw failure(diagnosticText(cases, PLAIN).join('\n'));
        });
        return;
      }
      for (const one of cases) {
        test(nameOf(one.recipe), { timeout: testTimeout }, async ({ signal }) => {
          const report = await judgeCase(one, surroundingsOf(options, expect.getState(), signal));
          if (report.outcome.kind !== 'passed' || report.unwritten !== undefined) throw failure(failureText(report));
        });
      }
    });
  }
}

/** The cases of a file, or why it has none. */
function casesOf(file: string, root: string): RegressionCase[] | InputError {
  try {
    return scenarioCases(file, root);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}
