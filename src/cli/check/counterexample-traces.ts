import type { Schedule } from '../../explore/schedule-file.js';
import { prepare, type Recipe } from '../../judge/prepare.js';
import { endWatch, startWatch } from '../../judge/watcher.js';
import { TraceFilter } from '../../report/trace/trace-filter.js';
import { requireTraceable, traceFileOf } from '../trace/trace-file.js';
import { STDOUT } from '../trace/trace-options.js';
import { type TraceSurroundings, Traces } from '../trace/traces.js';
import type { CheckOptions } from './options.js';

/** The traces of counterexamples: each has a file of its own, with the variant in its name where several are checked. */
export class CounterexampleTraces {
  /** @throws InputError when one could not be written. */
  constructor(
    private readonly options: CheckOptions,
    private readonly around: TraceSurroundings,
    private readonly recipes: readonly Recipe[],
  ) {
    const { trace, only } = options;
    if (only !== undefined) {
      for (const { loaded, variant } of recipes) TraceFilter.parse(only).requireCpus(loaded.variant(variant).cpus);
    }
    if (trace === undefined || trace === STDOUT) return;
    for (const recipe of recipes) requireTraceable(this.fileOf(recipe, trace), around.inputs);
  }

  /** Executes a counterexample once more, and traces it. */
  async write(schedule: Schedule): Promise<void> {
    const { options, around } = this;
    const { trace, jsonl } = options;
    if (trace === undefined && !jsonl) return;
    const recipe = this.recipes.find(({ variant }) => variant === schedule.variant);
    if (recipe === undefined) throw new Error('a counterexample of a variant that nobody checks');
    const own = trace === undefined ? options : { ...options, trace: this.fileOf(recipe, trace) };
    const traces = Traces.open(own, around);
    try {
      const { built, subject } = prepare(recipe);
      const { machine, monitors } = built;
      const { scenario, variant, scheduler, steps } = schedule;
      startWatch(machine, traces.all, { scenario, variant, scheduler, steps: steps.length, subject });
      for (const { step } of steps) machine.apply(step);
      const { violation } = monitors;
      await endWatch(traces.all, { end: 'violated', steps: steps.length, hash: machine.hash(), violation });
      await traces.finish();
    } finally {
      traces.discard();
    }
  }

  private fileOf({ variant }: Recipe, trace: string): string {
    return trace === STDOUT || this.recipes.length === 1 ? trace : traceFileOf(trace, variant);
  }
}
