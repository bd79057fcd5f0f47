import type { Schedule } from '../../explore/schedule-file.js';
import { HUNT_SCHEMA, huntJson } from '../../report/hunt-json.js';
import type { HuntedViolation, HuntReport } from '../../report/hunt-report.js';
import { huntText } from '../../report/hunt-text.js';
import { jsonText } from '../../report/json-text.js';
import { grouped, quantity } from '../../report/quantity.js';
import { summaryText } from '../../report/run-text.js';
import { safeText } from '../../report/safe-text.js';
import { paintFor } from '../color.js';
import { EXIT, exitCodeOf } from '../exit-code.js';
import { Interrupt } from '../io/interrupt.js';
import { StandardOutput } from '../io/output.js';
import { Progress } from '../io/progress.js';
import { programName, shellWord } from '../io/shell-word.js';
import { isTooLarge, requireReplaceable, scheduleName, writeSchedule } from '../run/write-schedule.js';
import type { Recipe } from '../scenario/prepare.js';
import { recipesFor } from '../scenario/recipes.js';
import { readScenario } from '../scenario/scenario-input.js';
import { type HuntResult, type HuntSurroundings, huntVariant } from './hunt-variant.js';
import { checkHuntOptions, type HuntOptions } from './options.js';
import { requireWritable } from './require-writable.js';
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
  const { name, file, variant } = input.loaded;
  const width = Math.max(...recipes.map((recipe) => recipe.variant?.length ?? 0));
  const say = (lines: readonly string[]): void => {
    if (!options.json) stdout.write(lines.map((line) => `${line}\n`).join(''));
  };
  try {
    const { title } = variant(recipes[0]?.variant);
    say([`${paint.bold(name)}${title === undefined ? '' : `: ${safeText(title)}`}`, '']);
    await stdout.flush();
    const { reports, failure } = await huntAll(recipes, around, async (report) => {
      say(huntText(report, width, paint));
      await stdout.flush();
    });
    const code = interrupt.code ?? (failure === undefined ? exitCodeOf(reports) : EXIT.usage);
    const left = recipes.length - reports.length;
    if (left > 0 && failure === undefined) say(['', `interrupted: ${quantity(left, 'variant')} not hunted in`]);
    const summary = summaryText(reports, paint);
    if (summary !== undefined) say(['', summary]);
    if (options.json) {
      const variants = reports.map(huntJson);
      stdout.write(jsonText({ schema: HUNT_SCHEMA, scenario: name, file, exitCode: code, variants }));
    }
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
  await writeSchedule(file, schedule);
  const replay = `${programName()} replay ${shellWord(file)}`;
  return { ...found, counterexample: { ...found.counterexample, schedule: { file, replay } } };
}

function note(text: string): void {
  process.stderr.write(`xmc: note: ${text}\n`);
}
