import type { Schedule } from '../../explore/schedule-file.js';
import { CHECK_SCHEMA, checkJson } from '../../report/check-json.js';
import type { CheckReport } from '../../report/check-report.js';
import { checkText } from '../../report/check-text.js';
import { jsonText } from '../../report/json-text.js';
import { quantity } from '../../report/quantity.js';
import { summaryText } from '../../report/run-text.js';
import { safeText } from '../../report/safe-text.js';
import { paintFor } from '../color.js';
import { exitCodeOf } from '../exit-code.js';
import { Interrupt } from '../io/interrupt.js';
import { StandardOutput } from '../io/output.js';
import { Progress } from '../io/progress.js';
import { programName, shellWord } from '../io/shell-word.js';
import { isTooLarge, requireReplaceable, scheduleName, writeSchedule } from '../run/write-schedule.js';
import { recipesFor } from '../scenario/recipes.js';
import { readScenario } from '../scenario/scenario-input.js';
import { checkVariant } from './check-variant.js';
import { type CheckOptions, checkCheckOptions } from './options.js';

/** `xmc check`: explores every schedule of variants of a scenario. Returns the exit code. */
export async function checkCommand(path: string, options: CheckOptions): Promise<number> {
  checkCheckOptions(options);
  const input = await readScenario(path);
  const backend = options.engine === 'plain' ? 'bigint' : 'wasm';
  const recipes = recipesFor(input, { ...options, backend }, 'checked');
  if (options.schedule !== undefined) requireReplaceable(options.schedule);
  const paint = await paintFor(options.color, process.stdout);
  const stdout = new StandardOutput();
  const interrupt = new Interrupt();
  const around = { options, path, paint, interrupt, progress: new Progress() };
  const { name, file, variant } = input.loaded;
  const width = Math.max(...recipes.map((recipe) => recipe.variant?.length ?? 0));
  const say = (lines: readonly string[]): void => {
    if (!options.json) stdout.write(lines.map((line) => `${line}\n`).join(''));
  };
  const reports: CheckReport[] = [];
  try {
    const { title } = variant(recipes[0]?.variant);
    say([`${paint.bold(name)}${title === undefined ? '' : `: ${safeText(title)}`}`, '']);
    for (const recipe of recipes) {
      if (interrupt.code !== undefined) break;
      const { report: found, schedule } = await checkVariant(recipe, around);
      const report = await keepSchedule(found, schedule, options);
      say(checkText(report, width, paint));
      await stdout.flush();
      reports.push(report);
    }
    const code = interrupt.code ?? exitCodeOf(reports);
    const left = recipes.length - reports.length;
    if (left > 0) say(['', `interrupted: ${quantity(left, 'variant')} not checked`]);
    const summary = summaryText(reports, paint);
    if (summary !== undefined) say(['', summary]);
    if (options.json) {
      const variants = reports.map(checkJson);
      stdout.write(jsonText({ schema: CHECK_SCHEMA, scenario: name, file, exitCode: code, variants }));
    }
    await stdout.finish();
    return code;
  } finally {
    interrupt.close();
  }
}

/** Writes the schedule of a counterexample, and adds its file to the report. */
async function keepSchedule(
  report: CheckReport,
  schedule: Schedule | undefined,
  options: CheckOptions,
): Promise<CheckReport> {
  const { counterexample } = report;
  if (schedule === undefined || counterexample === undefined) return report;
  if (isTooLarge(schedule)) {
    process.stderr.write('xmc: note: no schedule is written: a file of the scenario is too large\n');
    return report;
  }
  const file = options.schedule ?? scheduleName(schedule.scenario, schedule.variant);
  await writeSchedule(file, schedule);
  const replay = `${programName()} replay ${shellWord(file)}`;
  return { ...report, counterexample: { ...counterexample, schedule: { file, replay } } };
}
