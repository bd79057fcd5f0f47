import type { Recipe } from '../../judge/prepare.js';
import { CHECK_SCHEMA } from '../../report/check-json.js';
import { firstVerdictLine } from '../../report/trace/verdict-line.js';
import { paintFor } from '../color.js';
import { Interrupt } from '../io/interrupt.js';
import { StandardOutput } from '../io/output.js';
import { Progress } from '../io/progress.js';
import { programName } from '../io/shell-word.js';
import { requireReplaceable } from '../run/write-schedule.js';
import { recipesFor } from '../scenario/recipes.js';
import { readScenario } from '../scenario/scenario-input.js';
import { Telling } from '../scenario/telling.js';
import { type CheckedVariant, jsonOf } from './checked-variant.js';
import { Checkpoints } from './checkpoint/checkpoints.js';
import { CounterexampleTraces } from './counterexample-traces.js';
import { estimateCommand } from './estimate-command.js';
import { VariantThreads } from './jobs/variant-threads.js';
import { type CheckOptions, checkCheckOptions } from './options.js';
import type { CheckSurroundings } from './surroundings.js';
import { tellOutcomes } from './tell-outcomes.js';
import { type CheckOutcome, outcomeOf } from './variant-failure.js';

/** `xmc check`: explores every schedule of variants of a scenario. Returns the exit code. */
export async function checkCommand(path: string, options: CheckOptions): Promise<number> {
  checkCheckOptions(options);
  if (options.estimate) return estimateCommand(path, options);
  const input = await readScenario(path);
  const backend = options.engine === 'plain' ? 'bigint' : 'wasm';
  const recipes = recipesFor(input, { ...options, backend }, 'checked');
  if (options.schedule !== undefined) requireReplaceable(options.schedule);
  const checkpoints = Checkpoints.open(recipes, path, options);
  const paint = await paintFor(options.color, process.stdout);
  const stdout = new StandardOutput();
  const interrupt = new Interrupt();
  const telling = new Telling<CheckedVariant>(stdout, input.loaded, recipes, paint, jsonFormat(options));
  const traces = new CounterexampleTraces(options, { stdout, paint, inputs: [path] }, recipes);
  const told = { path, paint, width: telling.width, program: programName() };
  const around = {
    ...told,
    options: { ...options, columns: process.stdout.columns },
    interrupt,
    progress: new Progress(),
    checkpoints,
  };
  // Checkpoints are of one search at a time.
  const isDivided = options.jobs > 1 && recipes.length > 1 && checkpoints === undefined;
  const outcomes = isDivided ? new VariantThreads(recipes, around).run() : inTurn(recipes, around);
  try {
    return await tellOutcomes(outcomes, { telling, traces, stdout, interrupt });
  } finally {
    interrupt.close();
  }
}

/** Undefined: text. */
function jsonFormat({ json, jsonl }: CheckOptions): ConstructorParameters<typeof Telling<CheckedVariant>>[4] {
  const format = { schema: CHECK_SCHEMA, variant: jsonOf };
  if (jsonl) return { ...format, line: (checked) => firstVerdictLine(checked.json) };
  return json ? format : undefined;
}

/** Checks one variant after another, here, until somebody ends it. */
async function* inTurn(recipes: readonly Recipe[], around: CheckSurroundings): AsyncGenerator<CheckOutcome> {
  for (const recipe of recipes) {
    if (around.interrupt.code !== undefined) return;
    yield await outcomeOf(recipe, around);
  }
}
