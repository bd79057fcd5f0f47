import { type ParsedSchedule, parseSchedule } from '../../explore/schedule-file/parse.js';
import { SCHEDULE_LIMITS } from '../../explore/schedule-file.js';
import { type Backend, type Prepared, prepare } from '../../judge/prepare.js';
import { prepareEmbedded } from '../../judge/replay/prepare-embedded.js';
import { replaySchedule } from '../../judge/replay/replay-schedule.js';
import { jsonText } from '../../report/json-text.js';
import { type ReplayReport, replayFields, replayJson, replayText } from '../../report/replay-report.js';
import { verdictLine } from '../../report/trace/verdict-line.js';
import { type ColorChoice, paintFor } from '../color.js';
import { EXIT } from '../exit-code.js';
import { GZIP_PACKER } from '../io/file-packer.js';
import { Interrupt, interruptedBy } from '../io/interrupt.js';
import { StandardOutput } from '../io/output.js';
import { displayName, readText } from '../io/read-input.js';
import { readScenario } from '../scenario/scenario-input.js';
import { checkTraceOptions, type TraceOptions } from '../trace/trace-options.js';
import { Traces } from '../trace/traces.js';

/** Flags of `xmc replay`, as they were given. */
export interface ReplayOptions extends TraceOptions {
  readonly against?: string;
  readonly backend: Backend;
  readonly color: ColorChoice;
}

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
    const found = await replaySchedule(schedule, prepared, {
      watchers: traces.all,
      onlooker: interruptedBy(interrupt),
    });
    if (found === undefined) {
      await traces.finish();
      return interrupt.code ?? EXIT.interrupted;
    }
    const full: ReplayReport = { ...found, schedule, file, against: options.against };
    if (options.json) stdout.write(jsonText(replayJson(full)));
    else if (options.jsonl) stdout.write(verdictLine(replayFields(full)));
    else stdout.write(`${replayText(full, paint).join('\n')}\n`);
    await stdout.finish();
    await traces.finish();
    return found.outcome.kind === 'reproduced' ? EXIT.ok : EXIT.inconclusive;
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
  if (against === undefined) return prepareEmbedded(schedule, file, backend);
  const { variant, profile } = schedule;
  const { loaded, files, locate } = await readScenario(against);
  try {
    return prepare({ loaded, variant, files: files(variant), backend, profile });
  } catch (error) {
    throw locate(error);
  }
}
