import { Replay, type ReplayOutcome } from '../../explore/replay.js';
import { type ParsedSchedule, parseSchedule } from '../../explore/schedule-file/parse.js';
import { SCHEDULE_LIMITS } from '../../explore/schedule-file.js';
import { InputError } from '../../input-error.js';
import { seedRandomNumbers } from '../../machine/random-numbers.js';
import { jsonText } from '../../report/json-text.js';
import { type ReplayReport, replayFields, replayJson, replayText } from '../../report/replay-report.js';
import { Story } from '../../report/story.js';
import { verdictLine } from '../../report/trace/verdict-line.js';
import { loadScenario } from '../../scenario/load.js';
import { type ColorChoice, paintFor } from '../color.js';
import { EXIT } from '../exit-code.js';
import { GZIP_PACKER } from '../io/file-packer.js';
import { Interrupt } from '../io/interrupt.js';
import { StandardOutput } from '../io/output.js';
import { displayName, readText } from '../io/read-input.js';
import { type Backend, type Prepared, prepare } from '../scenario/prepare.js';
import { readScenario } from '../scenario/scenario-input.js';
import { checkTraceOptions, type TraceOptions } from '../trace/trace-options.js';
import type { Tracer } from '../trace/tracer.js';
import { Traces } from '../trace/traces.js';

/** Flags of `xmc replay`, as they were given. */
export interface ReplayOptions extends TraceOptions {
  readonly against?: string;
  readonly backend: Backend;
  readonly color: ColorChoice;
}

/** Steps between two looks at signals and outputs. */
const SLICE = 500;

/** `xmc replay`: executes a schedule file again and says whether it comes to the recorded end. Returns the exit code. */
export async function replayCommand(path: string, options: ReplayOptions): Promise<number> {
  checkTraceOptions(options);
  const file = displayName(path);
  const schedule = parseSchedule(await readText(path, SCHEDULE_LIMITS.characters), file, GZIP_PACKER);
  const prepared = await prepareReplay(schedule, file, options);
  const paint = await paintFor(options.color, process.stdout);
  const stdout = new StandardOutput();
  const inputs = [path, ...(options.against === undefined ? [] : [options.against])];
  const traces = Traces.open(options, { stdout, paint, inputs });
  const interrupt = new Interrupt();
  try {
    const report = await replay(schedule, prepared, traces.all, interrupt);
    if (report === undefined) {
      await traces.finish();
      return interrupt.code ?? EXIT.interrupted;
    }
    const full: ReplayReport = { ...report, file, against: options.against };
    if (options.json) stdout.write(jsonText(replayJson(full)));
    else if (options.jsonl) stdout.write(verdictLine(replayFields(full)));
    else stdout.write(`${replayText(full, paint).join('\n')}\n`);
    await stdout.finish();
    await traces.finish();
    return report.outcome.kind === 'reproduced' ? EXIT.ok : EXIT.inconclusive;
  } finally {
    traces.discard();
    interrupt.close();
  }
}

/** The machine of the embedded scenario, or of the one to compare with. */
async function prepareReplay(
  schedule: ParsedSchedule,
  file: string,
  { against, backend }: ReplayOptions,
): Promise<Prepared> {
  const { variant, profile } = schedule;
  if (against !== undefined) {
    const { loaded, files, locate } = await readScenario(against);
    try {
      return prepare({ loaded, variant, files: files(variant), backend, profile });
    } catch (error) {
      throw locate(error);
    }
  }
  const { source, files } = schedule;
  try {
    const loaded = loadScenario(source.text, source.name);
    if (loaded.name !== schedule.scenario) {
      throw new InputError(`the schedule is of ${schedule.scenario}, but the scenario in it is ${loaded.name}`, {
        location: { file },
      });
    }
    return prepare({ loaded, variant, files, backend, profile });
  } catch (error) {
    throw inScheduleFile(error, file, source);
  }
}

/** An error in the embedded scenario, at its place in the schedule file. */
function inScheduleFile(error: unknown, file: string, { name, line: start }: ParsedSchedule['source']): unknown {
  if (!(error instanceof InputError) || error.location?.file !== name) return error;
  const { line, column } = error.location;
  return new InputError(error.message, {
    location: {
      file,
      ...(line === undefined ? {} : { line: start + line - 1 }),
      ...(column === undefined ? {} : { column }),
    },
    ...(error.excerpt === undefined ? {} : { excerpt: error.excerpt }),
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  });
}

/** Undefined: interrupted. */
async function replay(
  schedule: ParsedSchedule,
  { built, subject }: Prepared,
  tracers: readonly Tracer[],
  interrupt: Interrupt,
): Promise<Omit<ReplayReport, 'file' | 'against'> | undefined> {
  const { machine, monitors } = built;
  if (schedule.randomSeed !== undefined) seedRandomNumbers(machine, schedule.randomSeed);
  const story = new Story();
  machine.observe(story.observer);
  for (const tracer of tracers) {
    const { scenario, variant } = schedule;
    const scheduler = `replay of ${schedule.scheduler}`;
    machine.observe(tracer.begin({ scenario, variant, scheduler, steps: schedule.steps.length, subject }));
  }
  const replaying = new Replay(machine, monitors, schedule);
  let outcome: ReplayOutcome | undefined;
  while (outcome === undefined && interrupt.code === undefined) {
    outcome = replaying.advance(SLICE);
    for (const { output } of tracers) await output.flush();
    await interrupt.pause();
  }
  const hash = machine.hash();
  const { violation } = monitors;
  for (const tracer of tracers) {
    tracer.end({ end: outcome?.kind ?? 'interrupted', steps: machine.steps, hash, violation });
    await tracer.output.flush();
  }
  if (outcome === undefined) return undefined;
  const told = violation === undefined ? undefined : { violation, story: story.leadingTo(violation.cpu), subject };
  return { schedule, outcome, hash, violation: told };
}
