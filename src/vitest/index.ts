/*
 * `xmc/vitest` (docs/regression-tests.md): scenarios as tests of vitest, and matchers for scenarios. Importing it is enough for the
 * matchers to be there.
 */

import { expect } from 'vitest';
import type { Schedule } from '../explore/schedule-file.js';
import type { CaseOptions, ReplayCaseOptions } from './matchers.js';
import * as matchers from './matchers.js';

export type { KeepingOptions, LimitOptions } from './case-options.js';
export type { CaseOptions, ReplayCaseOptions } from './matchers.js';
export { type ScenarioSuiteOptions, scenarioSuite } from './scenario-suite.js';

/** Matchers for what `defineScenario` and `loadScenario` give. All of them are to be awaited; what is inconclusive meets none. */
export interface RaceMatchers {
  /**
   * No schedule violates a property. A violation is kept in `__schedules__/` beside the test, and followed first from then on. `.not` is
   * refused: say which property is violated.
   */
  toBeVerified(options?: CaseOptions): Promise<void>;
  /**
   * A check finds a violation of this property, or of any. `.not`: everything is verified, so that no schedule violates it.
   */
  toViolate(property?: string, options?: CaseOptions): Promise<void>;
  /**
   * The steps of a schedule, on this scenario, lead to the violation that they led to when they were recorded; a schedule that
   * ended otherwise has to be reproduced state by state. `.not`: they lead to no violation any more.
   * @param schedule of a result, or its file, relative to the test
   */
  toReplay(schedule: Schedule | string, options?: ReplayCaseOptions): Promise<void>;
  /**
   * The counterexample of a check is the one in a file, as a snapshot: `-u` refreshes it.
   * @param file relative to the test. Default: `__traces__/<scenario>.<variant>.trace`
   */
  toHaveTrace(file?: string, options?: CaseOptions): Promise<void>;
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: the declaration that it is merged with
  interface Matchers<T = any> extends RaceMatchers {}
}

expect.extend({ ...matchers });
