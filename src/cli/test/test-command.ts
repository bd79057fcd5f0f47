import { choiceOf } from '../../api/check.js';
import { InputError } from '../../input-error.js';
import { nameOf, type Recipe } from '../../judge/prepare.js';
import { type CaseSurroundings, judgeCase, type RegressionCase } from '../../regression/judge-case.js';
import type { CaseReport } from '../../report/case-report.js';
import { HelperThreads } from '../check/jobs/helper-threads.js';
import { progressText } from '../check/surroundings.js';
import { paintFor } from '../color.js';
import { EXIT, worstOf } from '../exit-code.js';
import { Interrupt, interruptedBy } from '../io/interrupt.js';
import { StandardOutput } from '../io/output.js';
import { Progress } from '../io/progress.js';
import { isSameFile } from '../io/same-file.js';
import { programName } from '../io/shell-word.js';
import { replayable } from '../run/write-schedule.js';
import { layoutOf } from '../scenario/trace-layout.js';
import { CaseTeller } from './case-teller.js';
import { findScenarios } from './find-scenarios.js';
import type { TestOptions } from './options.js';
import { destinations } from './reporters.js';
import { scenarioCases } from './scenario-cases.js';

/** `xmc test`: judges every variant of scenario files. Returns the exit code. */
export async function testCommand(patterns: readonly string[], options: TestOptions): Promise<number> {
  const wanted = destinations(options.reporter, options.outputFile);
  const files = findScenarios(patterns, process.cwd());
  for (const { file: output } of wanted) if (output !== undefined) requireNoScenario(output, files);
  const paint = await paintFor(options.color, process.stdout);
  const teller = new CaseTeller(wanted, new StandardOutput(), { paint, layout: layoutOf(options) });
  const interrupt = new Interrupt();
  const around = surroundings(options, interrupt);
  let tested = 0;
  try {
    for (const [index, file] of files.entries()) {
      if (interrupt.code !== undefined) break;
      await teller.file(file, index === 0);
      const cases = casesOf(file);
      if (!Array.isArray(cases)) await teller.tell(cases, 0);
      else if (!(await testCases(cases, teller, around, interrupt))) break;
      tested++;
    }
    await teller.finish(files.length - tested);
    return interrupt.code ?? worstOf(teller.reports.map(exitCodeOfCase));
  } finally {
    teller.discard();
    interrupt.close();
  }
}

/** @throws InputError when a report would take the place of what is tested. */
function requireNoScenario(output: string, files: readonly string[]): void {
  if (files.some((file) => isSameFile(file, output))) {
    throw new InputError(`will not write a report over ${output}: it is one of the scenarios`);
  }
}

/** Whether all of them were done to their end. */
async function testCases(
  cases: readonly RegressionCase[],
  teller: CaseTeller,
  around: (recipe: Recipe) => CaseSurroundings,
  interrupt: Interrupt,
): Promise<boolean> {
  const width = Math.max(...cases.map(({ recipe }) => nameOf(recipe).length));
  for (const one of cases) {
    if (interrupt.code !== undefined) break;
    await teller.tell(await judgeCase(one, around(one.recipe)), width);
  }
  return interrupt.code === undefined;
}

/** The cases of a file, or what is told of it when it has none to judge. */
function casesOf(file: string): RegressionCase[] | CaseReport {
  try {
    return scenarioCases(file, process.cwd());
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const place = error.location ?? { file };
    const outcome = { kind: 'invalid', error } as const;
    return { scenario: file, file, variant: undefined, place, outcome, settled: [], unwritten: undefined };
  }
}

function surroundings(options: TestOptions, interrupt: Interrupt): (recipe: Recipe) => CaseSurroundings {
  const { maxStates, maxMemory, timeout, jobs } = options;
  const choice = choiceOf({ maxStates, maxMemory, timeout });
  const progress = new Progress();
  const program = programName();
  return (recipe) => ({
    choice,
    onlooker: interruptedBy(interrupt),
    progress: {
      update: (how) => progress.update(() => progressText(nameOf(recipe), how())),
      clear: () => progress.clear(),
    },
    helpersFor: jobs > 1 ? (one) => new HelperThreads(jobs - 1, one, choice.reductions) : undefined,
    update: options.update === true || process.env.XMC_UPDATE === '1',
    replayCommand: (file) => replayable(file, program).replay,
  });
}

function exitCodeOfCase({ outcome, unwritten }: CaseReport): number {
  const codes = { passed: EXIT.ok, failed: EXIT.violation, inconclusive: EXIT.inconclusive, invalid: EXIT.usage };
  return unwritten === undefined ? codes[outcome.kind] : EXIT.usage;
}
