import { nameOf, type Recipe } from '../../judge/prepare.js';
import { type RunSurroundings, runVariant, type VariantResult } from '../../judge/run/run-variant.js';
import type { Paint } from '../../report/paint.js';
import type { VariantReport } from '../../report/run-report.js';
import { paintFor } from '../color.js';
import { EXIT, exitCodeOf } from '../exit-code.js';
import { Interrupt, interruptedBy } from '../io/interrupt.js';
import { note } from '../io/note.js';
import { type Output, StandardOutput } from '../io/output.js';
import { Progress } from '../io/progress.js';
import { recipesFor } from '../scenario/recipes.js';
import { readScenario, type ScenarioInput } from '../scenario/scenario-input.js';
import { Traces } from '../trace/traces.js';
import { checkRunOptions, choiceOf, type RunOptions } from './options.js';
import { jsonlPresenter, jsonPresenter, type Presenter, textPresenter } from './presenter.js';
import { isTooLarge, requireReplaceable, scheduleName, writeReplayable } from './write-schedule.js';

/** What becomes of the schedule of a result: the report says where it is. */
type Keeping = (result: VariantResult, options: RunOptions) => Promise<VariantReport>;

/** For whoever only looks: no file was asked for. */
export const keepNothing: Keeping = async ({ report }) => report;

/** `xmc run`: executes variants of a scenario and says what happened. Returns the exit code. */
export async function runCommand(path: string, options: RunOptions, keep: Keeping = keepSchedule): Promise<number> {
  checkRunOptions(options);
  const input = await readScenario(path);
  const recipes = recipesFor(input, options, 'run');
  if (options.schedule !== undefined) requireReplaceable(options.schedule);
  const paint = await paintFor(options.color, process.stdout);
  const stdout = new StandardOutput();
  const traces = Traces.open(options, { stdout, paint, inputs: [path] });
  const interrupt = new Interrupt();
  try {
    const around = { options, keep, watchers: traces.all, interrupt, progress: new Progress() };
    const presenter = presenterFor(options, input, recipes, stdout, paint);
    const code = await runAll(recipes, around, presenter, stdout);
    await traces.finish();
    return code;
  } finally {
    traces.discard();
    interrupt.close();
  }
}

function presenterFor(
  { json, jsonl }: RunOptions,
  { loaded }: ScenarioInput,
  recipes: readonly Recipe[],
  stdout: Output,
  paint: Paint,
): Presenter {
  if (json) return jsonPresenter(loaded, stdout);
  if (jsonl) return jsonlPresenter(stdout);
  const variants = recipes.map(({ variant }) => variant);
  return textPresenter(loaded, variants, stdout, paint);
}

/** What the executions of variants by the command need. */
interface CommandSurroundings extends Pick<RunSurroundings, 'watchers'> {
  readonly options: RunOptions;
  readonly keep: Keeping;
  readonly interrupt: Interrupt;
  readonly progress: Progress;
}

/** The same without flags and terminals. */
function judgedAround(
  recipe: Recipe,
  { options, watchers, interrupt, progress }: CommandSurroundings,
): RunSurroundings {
  const told: RunSurroundings['progress'] = {
    update: (how) =>
      progress.update(() => {
        const { scheduler, steps } = how();
        return `${nameOf(recipe)}: ${scheduler}, step ${steps}`;
      }),
    clear: () => progress.clear(),
  };
  return { choice: choiceOf(options), watchers, onlooker: interruptedBy(interrupt), progress: told };
}

async function runAll(
  recipes: readonly Recipe[],
  around: CommandSurroundings,
  presenter: Presenter,
  stdout: Output,
): Promise<number> {
  const reports: VariantReport[] = [];
  let failure: unknown;
  presenter.begin();
  for (const recipe of recipes) {
    if (around.interrupt.code !== undefined || failure !== undefined) break;
    const result = await runVariant(recipe, judgedAround(recipe, around));
    let { report } = result;
    try {
      report = await around.keep(result, around.options);
    } catch (error) {
      failure = error;
    }
    presenter.variant(report);
    await stdout.flush();
    reports.push(report);
  }
  const code = around.interrupt.code ?? exitCodeOf(reports);
  presenter.end(reports, failure === undefined ? code : EXIT.usage);
  await stdout.flush();
  // What was found has been told; now what went wrong.
  if (failure !== undefined) throw failure;
  return code;
}

/** Writes the schedule file where there is one to write, and adds it to the report. */
async function keepSchedule({ report, schedule }: VariantResult, options: RunOptions): Promise<VariantReport> {
  const wanted = report.verdict.kind === 'violated' || options.schedule !== undefined;
  if (schedule === undefined || isTooLarge(schedule)) {
    if (wanted) note('no schedule is written: it would be too large; the same flags give the same execution again');
    return report;
  }
  const file = options.schedule ?? scheduleName(schedule.scenario, schedule.variant);
  const { replay } = await writeReplayable(file, schedule);
  return { ...report, schedule: { file, steps: schedule.steps.length, replay } };
}
