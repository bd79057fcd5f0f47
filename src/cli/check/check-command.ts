import type { Schedule } from '../../explore/schedule-file.js';
import { CHECK_SCHEMA, checkJson } from '../../report/check-json.js';
import type { CheckReport } from '../../report/check-report.js';
import { checkText } from '../../report/check-text.js';
import { summaryText } from '../../report/run-text.js';
import { paintFor } from '../color.js';
import { exitCodeOf } from '../exit-code.js';
import { Interrupt } from '../io/interrupt.js';
import { note } from '../io/note.js';
import { StandardOutput } from '../io/output.js';
import { Progress } from '../io/progress.js';
import { isTooLarge, requireReplaceable, scheduleName, writeReplayable } from '../run/write-schedule.js';
import { recipesFor } from '../scenario/recipes.js';
import { readScenario } from '../scenario/scenario-input.js';
import { Telling } from '../scenario/telling.js';
import { checkVariant } from './check-variant.js';
import { Checkpoints } from './checkpoint/checkpoints.js';
import { estimateCommand } from './estimate-command.js';
import { type CheckOptions, checkCheckOptions } from './options.js';

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
  const around = { options, path, paint, interrupt, progress: new Progress(), checkpoints };
  const json = options.json ? { schema: CHECK_SCHEMA, variant: checkJson } : undefined;
  const telling = new Telling<CheckReport>(stdout, input.loaded, recipes, paint, json);
  const reports: CheckReport[] = [];
  try {
    telling.begin();
    for (const recipe of recipes) {
      if (interrupt.code !== undefined) break;
      const { report: found, schedule } = await checkVariant(recipe, around);
      const report = await keepSchedule(found, schedule, options);
      telling.say(checkText(report, telling.width, paint));
      await stdout.flush();
      reports.push(report);
    }
    const code = interrupt.code ?? exitCodeOf(reports);
    telling.end({ reports, exitCode: code, undone: 'not checked', summary: summaryText(reports, paint) });
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
    note('no schedule is written: a file of the scenario is too large');
    return report;
  }
  const file = options.schedule ?? scheduleName(schedule.scenario, schedule.variant);
  return { ...report, counterexample: { ...counterexample, schedule: await writeReplayable(file, schedule) } };
}
