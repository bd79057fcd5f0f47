import { type ParsedSchedule, parseSchedule } from '../../explore/schedule-file/parse.js';
import { SCHEDULE_LIMITS } from '../../explore/schedule-file.js';
import { InputError } from '../../input-error.js';
import { type Backend, type Prepared, prepare } from '../../judge/prepare.js';
import { prepareEmbedded } from '../../judge/replay/prepare-embedded.js';
import { replaySchedule } from '../../judge/replay/replay-schedule.js';
import { jsonText } from '../../report/json-text.js';
import { PLAIN } from '../../report/paint.js';
import { type ReplayReport, replayJson, replayText } from '../../report/replay-report.js';
import { type ColorChoice, paintFor } from '../color.js';
import { EXIT } from '../exit-code.js';
import { GZIP_PACKER } from '../io/file-packer.js';
import { Interrupt, interruptedBy } from '../io/interrupt.js';
import { StandardOutput } from '../io/output.js';
import { displayName, readText } from '../io/read-input.js';
import { openTraceFile } from '../run/trace-file.js';
import { textTracer, watcherFor } from '../run/tracer.js';
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
    const watchers = tracer === undefined ? [] : [watcherFor(tracer)];
    const found = await replaySchedule(schedule, prepared, { watchers, onlooker: interruptedBy(interrupt) });
    if (found === undefined) {
      await traceFile?.finish();
      return interrupt.code ?? EXIT.interrupted;
    }
    const full: ReplayReport = { ...found, schedule, file, against: options.against };
    if (options.json) stdout.write(jsonText(replayJson(full)));
    else stdout.write(`${replayText(full, paint).join('\n')}\n`);
    await stdout.finish();
    await traceFile?.finish();
    return found.outcome.kind === 'reproduced' ? EXIT.ok : EXIT.inconclusive;
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
  if (against === undefined) return prepareEmbedded(schedule, file, backend);
  const { variant, profile } = schedule;
  const { loaded, files, locate } = await readScenario(against);
  try {
    return prepare({ loaded, variant, files: files(variant), backend, profile });
  } catch (error) {
    throw locate(error);
  }
}
