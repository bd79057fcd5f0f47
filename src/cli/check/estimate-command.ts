import { nameOf, prepare, type Recipe } from '../../judge/prepare.js';
import { ESTIMATE_SCHEMA, type EstimateReport, estimateJson, estimateText } from '../../report/estimate-text.js';
import { type Estimate, Estimator } from '../../search/estimator.js';
import { Search } from '../../search/search.js';
import { paintFor } from '../color.js';
import { EXIT } from '../exit-code.js';
import { Interrupt } from '../io/interrupt.js';
import { note } from '../io/note.js';
import { StandardOutput } from '../io/output.js';
import { recipesFor } from '../scenario/recipes.js';
import { readScenario } from '../scenario/scenario-input.js';
import { Telling } from '../scenario/telling.js';
import { type CheckOptions, choiceOf } from './options.js';

/** States that are looked at in order, before samples. */
const BUDGET = 20_000;
/** States between two looks at signals. */
const SLICE = 1000;

/** `xmc check --estimate`: how large the search of each variant will be. Returns the exit code; an estimate is no verdict. */
export async function estimateCommand(path: string, options: CheckOptions): Promise<number> {
  const input = await readScenario(path);
  const recipes = recipesFor(input, { ...options, backend: 'wasm' }, 'estimated');
  const paint = await paintFor(options.color, process.stdout);
  const stdout = new StandardOutput();
  const interrupt = new Interrupt();
  const json = options.json ? { schema: ESTIMATE_SCHEMA, variant: estimateJson } : undefined;
  const telling = new Telling<EstimateReport>(stdout, input.loaded, recipes, paint, json);
  const reports: EstimateReport[] = [];
  try {
    telling.begin();
    for (const recipe of recipes) {
      const report = await estimateVariant(recipe, options, interrupt);
      if (report === undefined) break;
      telling.say(estimateText(report, telling.width, paint));
      await stdout.flush();
      reports.push(report);
    }
    const exitCode = interrupt.code ?? EXIT.ok;
    telling.end({ reports, exitCode, undone: 'not estimated', summary: undefined });
    await stdout.finish();
    return exitCode;
  } finally {
    interrupt.close();
  }
}

/** Undefined: interrupted. */
async function estimateVariant(
  recipe: Recipe,
  options: CheckOptions,
  interrupt: Interrupt,
): Promise<EstimateReport | undefined> {
  const { machine, monitors, properties } = prepare(recipe).built;
  const { maxStates, maxMemory } = options;
  const { limits, moveCache, reductions } = choiceOf(options);
  const unlimited = { ...limits, states: Number.POSITIVE_INFINITY };
  const search = new Search(machine, monitors, { limits: unlimited, moveCache, reductions });
  const estimator = new Estimator(search, Math.min(BUDGET, maxStates));
  const before = process.cpuUsage();
  let estimate: Estimate | undefined;
  while (estimate === undefined && interrupt.code === undefined) {
    estimate = estimator.advance(SLICE);
    await interrupt.pause();
  }
  if (estimate === undefined) return undefined;
  const { user, system } = process.cpuUsage(before);
  noteTime(nameOf(recipe), estimate, (user + system) / 1e6 / Math.max(1, search.transitions));
  return { variant: recipe.variant, estimate, properties, maxStates, maxMemory };
}

/** Time is of this machine and this moment: it is no part of the output. `each`: seconds a transition. */
function noteTime(name: string, { transitions: { low, high } }: Estimate, each: number): void {
  const seconds = (transitions: number): string => String(Number((transitions * each).toPrecision(2)));
  const most = high === undefined ? ' or more' : ` to ${seconds(high)}`;
  note(`${name}: ${seconds(low)}${low === high ? '' : most} s of CPU on this machine`);
}
