import { readFileSync } from 'node:fs';
import { Tracer } from '../../../src/cli/trace/tracer.js';
import { Execution } from '../../../src/explore/execution.js';
import { SCHEDULERS } from '../../../src/explore/schedulers.js';
import { prepare } from '../../../src/judge/prepare.js';
import { PLAIN } from '../../../src/report/paint.js';
import { type StepEvents, stepCollector } from '../../../src/report/step-events.js';
import type { Subject } from '../../../src/report/subject.js';
import { TraceFilter } from '../../../src/report/trace/trace-filter.js';
import { TRACE_FORMATS, type TraceFormat } from '../../../src/report/trace/trace-formats.js';
import { loadScenario } from '../../../src/scenario/load.js';

/** What to execute, and how to trace it. */
export interface TracedRun {
  /** A committed scenario: `stub`. */
  readonly scenario?: string;
  /** The text of one, in its place. */
  readonly source?: string;
  readonly variant?: string;
  readonly format: TraceFormat;
  readonly only?: string;
  readonly steps?: number;
  readonly seed?: number;
}

/** A trace, and the steps that it tells of. */
export interface Traced {
  readonly text: string;
  readonly steps: readonly StepEvents[];
  readonly subject: Subject;
}

/** Executes a variant once, and traces it. */
export function traced(run: TracedRun): Traced {
  const { scenario, variant, format, only, steps: most = 800, seed = 1 } = run;
  const file = `scenarios/${scenario}.yaml`;
  const source = run.source ?? readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
  const loaded = loadScenario(source, file);
  const { built, subject } = prepare({ loaded, variant, files: new Map(), backend: 'wasm' });
  const { machine, monitors } = built;
  let text = '';
  const output = { write() {}, flush: async () => {}, finish: async () => {}, discard() {} };
  const writer = TRACE_FORMATS[format](
    (data) => {
      text += data;
    },
    { paint: PLAIN, width: 100 },
  );
  const tracer = new Tracer(output, writer, only === undefined ? undefined : TraceFilter.parse(only));
  machine.observe(tracer.begin({ scenario: loaded.name, variant, scheduler: `seed ${seed}`, steps: most, subject }));
  const steps: StepEvents[] = [];
  machine.observe(stepCollector('all', (step) => steps.push(step)));
  const execution = new Execution(machine, monitors, SCHEDULERS.random(seed), most);
  execution.advance(most + 1);
  const { violation } = monitors;
  tracer.end({ end: execution.end?.kind ?? 'interrupted', steps: execution.steps, hash: machine.hash(), violation });
  tracer.close();
  return { text, steps, subject };
}

/** Committed scenarios in which, together, everything happens but what is hard to meet, with a variant. */
export const LIVELY: readonly (readonly [scenario: string, variant: string])[] = [
  ['call-swap', 'text-poke-bp'],
  ['call-swap', 'memcpy'],
  ['stub', 'sti-nmi'],
  ['stub', 'plain'],
  ['deferred-sync', 'deferred'],
  ['deferred-sync', 'int3-deferred'],
  ['nmi-stack', 'linux'],
  ['rcu-tasks', 'waits'],
  ['stop-machine', 'amd'],
  ['emulate-no-fixup', 'fixup'],
  ['emulate-no-gap', 'aligned'],
  ['stub-r10-r11', 'paranoid'],
];
