import type { Schedule } from '../../explore/schedule-file.js';
import type { Recipe } from '../../judge/prepare.js';
import { HUNT_SCHEMA, huntJson } from '../../report/hunt-json.js';
import type { HuntedViolation, HuntReport } from '../../report/hunt-report.js';
import { huntText } from '../../report/hunt-text.js';
import { grouped, quantity } from '../../report/quantity.js';
import { summaryText } from '../../report/run-text.js';
import { paintFor } from '../color.js';
import { EXIT, exitCodeOf } from '../exit-code.js';
import { Interrupt } from '../io/interrupt.js';
import { note } from '../io/note.js';
import { StandardOutput } from '../io/output.js';
import { Progress } from '../io/progress.js';
import { requireWritable } from '../io/require-writable.js';
import { isTooLarge, requireReplaceable, scheduleName, writeReplayable } from '../run/write-schedule.js';
import { recipesFor } from '../scenario/recipes.js';
import { readScenario } from '../scenario/scenario-input.js';
import { Telling } from '../scenario/telling.js';
import { type HuntResult, type HuntSurroundings, huntVariant } from './hunt-variant.js';
import { checkHuntOptions, type HuntOptions } from './options.js';
import { scheduleBeside } from './schedule-beside.js';

/** `xmc hunt`: looks for violations of variants of a scenario with random executions. Returns the exit code. */
export async function huntCommand(path: string, options: HuntOptions): Promise<number> {
  checkHuntOptions(options);
  const input = await readScenario(path);
  const recipes = recipesFor(input, { ...options, backend: 'wasm' }, 'hunted in');
  if (options.schedule !== undefined) {
    requireReplaceable(options.schedule);
    requireWritable(options.schedule);
  }
  const paint = await paintFor(options.color, process.stdout);
  const stdout = new StandardOutput();
  const interrupt = new Interrupt();
  const around = { options, path, paint, interrupt, progress: new Progress() };
  const json = options.json ? { schema: HUNT_SCHEMA, variant: huntJson } : undefined;
  const telling = new Telling<HuntReport>(stdout, input.loaded, recipes, paint, json);
  try {
    telling.begin();
    await stdout.flush();
    const { reports, failure } = await huntAll(recipes, around, async (report) => {
      telling.say(huntText(report, telling.width, paint));
      await stdout.flush();
    });
    const code = interrupt.code ?? (failure === undefined ? exitCodeOf(reports) : EXIT.usage);
    const undone = failure === undefined ? 'not hunted in' : undefined;
    telling.end({ reports, exitCode: code, undone, summary: summaryText(reports, paint) });
    await stdout.finish();
    // What was found has been told; now what went wrong.
    if (failure !== undefined) throw failure;
    return code;
  } finally {
    interrupt.close();
  }
}

async function huntAll(
  recipes: readonly Recipe[],
  around: HuntSurroundings,
  tell: (report: HuntReport) => Promise<void>,
): Promise<{ reports: readonly HuntReport[]; failure: unknown }> {
  const reports: HuntReport[] = [];
  let failure: unknown;
  for (const recipe of recipes) {
    if (around.interrupt.code !== undefined || failure !== undefined) break;
    const result = await huntVariant(recipe, around);
    let { report } = result;
    try {
      report = await keepSchedules(result, around.options);
    } catch (error) {
      failure = error;
    }
    const { executions } = report;
    const rate = Math.round(executions / Math.max(result.seconds, 0.001));
    const where = report.variant === undefined ? '' : `${report.variant}: `;
    note(
      `${where}${quantity(executions, 'execution')} in ${result.seconds.toFixed(1)} s, ${grouped(rate)} executions/s`,
    );
    await tell(report);
    reports.push(report);
  }
  return { reports, failure };
}

/** Writes the schedules of all violations, and adds their files to the report. */
async function keepSchedules({ report, schedules }: HuntResult, options: HuntOptions): Promise<HuntReport> {
  const violations: HuntedViolation[] = [];
  for (const [index, found] of report.violations.entries()) {
    const schedule = schedules[index];
    violations.push(schedule === undefined ? found : await keep(found, schedule, index, options));
  }
  return { ...report, violations };
}

async function keep(
  found: HuntedViolation,
  schedule: Schedule,
  index: number,
  options: HuntOptions,
): Promise<HuntedViolation> {
  if (isTooLarge(schedule)) {
    note('no schedule is written: a file of the scenario is too large');
    return found;
  }
  const file = scheduleBeside(options.schedule ?? scheduleName(schedule.scenario, schedule.variant), index);
  return { ...found, counterexample: { ...found.counterexample, schedule: await writeReplayable(file, schedule) } };
}
