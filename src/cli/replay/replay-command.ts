import { Replay, type ReplayOutcome } from '../../explore/replay.js';
import { type ParsedSchedule, parseSchedule } from '../../explore/schedule-file/parse.js';
import { SCHEDULE_LIMITS } from '../../explore/schedule-file.js';
import { InputError } from '../../input-error.js';
import { type Backend, type Prepared, prepare } from '../../judge/prepare.js';
import { seedRandomNumbers } from '../../machine/random-numbers.js';
import { jsonText } from '../../report/json-text.js';
import { PLAIN } from '../../report/paint.js';
import { type ReplayReport, replayJson, replayText } from '../../report/replay-report.js';
import { Story } from '../../report/story.js';
import { loadScenario } from '../../scenario/load.js';
import { type ColorChoice, paintFor } from '../color.js';
import { EXIT } from '../exit-code.js';
import { GZIP_PACKER } from '../io/file-packer.js';
import { Interrupt } from '../io/interrupt.js';
import { StandardOutput } from '../io/output.js';
import { displayName, readText } from '../io/read-input.js';
import { openTraceFile } from '../run/trace-file.js';
import { type Tracer, textTracer } from '../run/tracer.js';
import { readScenario } from '../scenario/scenario-input.js';

/** Flags of `xmc replay`, as they were given. */
export interface ReplayOptions {
  readonly against?: string;
  /** A file, or `-`. */
  readonly trace?: string;
  readonly json?: boolean;
  readonly backend: Backend;
  readonly color: ColorChoice;
}

/** Steps between two looks at signals and outputs. */
const SLICE = 500;

/** `xmc replay`: executes a schedule file again and says whether it comes to the recorded end. Returns the exit code. */
export async function replayCommand(path: string, options: ReplayOptions): Promise<number> {
  if (options.trace === '-' && options.json) {
    throw new InputError('--trace and --json both go to standard output', {
      hint: 'give the trace a file: --trace=FILE',
    });
  }
  if (options.trace === '') throw new InputError('--trace= needs the name of a file, or -');
  const file = displayName(path);
  const schedule = parseSchedule(await readText(path, SCHEDULE_LIMITS.characters), file, GZIP_PACKER);
  const prepared = await prepareReplay(schedule, file, options);
  const paint = await paintFor(options.color, process.stdout);
  const stdout = new StandardOutput();
  const inputs = [path, ...(options.against === undefined ? [] : [options.against])];
  const traceFile = openTraceFile(options.trace, inputs);
  const tracer =
    options.trace === undefined ? undefined : textTracer(traceFile ?? stdout, traceFile === undefined ? paint : PLAIN);
  const interrupt = new Interrupt();
  try {
    const report = await replay(schedule, prepared, tracer, interrupt);
    if (report === undefined) {
      await traceFile?.finish();
      return interrupt.code ?? EXIT.interrupted;
    }
    const full: ReplayReport = { ...report, file, against: options.against };
    if (options.json) stdout.write(jsonText(replayJson(full)));
    else stdout.write(`${replayText(full, paint).join('\n')}\n`);
    await stdout.finish();
    await traceFile?.finish();
    return report.outcome.kind === 'reproduced' ? EXIT.ok : EXIT.inconclusive;
  } finally {
    traceFile?.discard();
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
  tracer: Tracer | undefined,
  interrupt: Interrupt,
): Promise<Omit<ReplayReport, 'file' | 'against'> | undefined> {
  const { machine, monitors } = built;
  if (schedule.randomSeed !== undefined) seedRandomNumbers(machine, schedule.randomSeed);
  const story = new Story();
  machine.observe(story.observer);
  if (tracer !== undefined) {
    const { scenario: name, variant, scheduler } = schedule;
    machine.observe(tracer.begin({ scenario: name, variant, scheduler: `replay of ${scheduler}`, subject }));
  }
  const replaying = new Replay(machine, monitors, schedule);
  let outcome: ReplayOutcome | undefined;
  while (outcome === undefined && interrupt.code === undefined) {
    outcome = replaying.advance(SLICE);
    await tracer?.output.flush();
    await interrupt.pause();
  }
  const hash = machine.hash();
  tracer?.end({ end: outcome?.kind ?? 'interrupted', steps: machine.steps, hash });
  await tracer?.output.flush();
  if (outcome === undefined) return undefined;
  const { violation } = monitors;
  const told = violation === undefined ? undefined : { violation, story: story.leadingTo(violation.cpu), subject };
  return { schedule, outcome, hash, violation: told };
}
