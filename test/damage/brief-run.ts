import { RandomScheduler } from '../../src/explore/random-scheduler.js';
import { run } from '../../src/explore/run.js';
import { type BuildOptions, buildScenario } from '../../src/scenario/build/build.js';
import type { LoadedScenario } from '../../src/scenario/load.js';

/** Steps after which damage in text or data has shown what it does. */
const STEPS = 40;

/** Builds a scenario's machine and executes it for a while, as `xmc run` does. Whatever it comes to is a result. */
export function runBriefly(loaded: LoadedScenario, options: BuildOptions): void {
  const { machine, monitors } = buildScenario(loaded, options);
  run(machine, monitors, new RandomScheduler(1), STEPS);
}
