import { type Paint, PLAIN } from '../../report/paint.js';
import { TraceFilter } from '../../report/trace/trace-filter.js';
import { TRACE_FORMATS, type TraceFormat, type TraceLook } from '../../report/trace/trace-formats.js';
import type { Output } from '../io/output.js';
import { openTraceFile } from './trace-file.js';
import { STDOUT, type TraceOptions, traceFormatOf, traceWidthOf } from './trace-options.js';
import { Tracer } from './tracer.js';

/** What a command's traces go to beside files. */
export interface TraceSurroundings {
  readonly stdout: Output;
  readonly paint: Paint;
  /** What is read meanwhile, and hence not written. */
  readonly inputs: readonly string[];
}

/** The traces that the flags of a command ask for. */
export class Traces {
  private constructor(
    readonly all: readonly Tracer[],
    private readonly file: Output | undefined,
  ) {}

  /** @throws InputError when the file cannot be made, or is one of the inputs. */
  static open(options: TraceOptions, { stdout, paint, inputs }: TraceSurroundings): Traces {
    const { trace, jsonl, only } = options;
    const filter = only === undefined ? undefined : TraceFilter.parse(only);
    const file = trace === undefined || trace === STDOUT ? undefined : openTraceFile(trace, inputs);
    const tracers: Tracer[] = [];
    const add = (format: TraceFormat, output: Output, look: TraceLook): void => {
      tracers.push(
        new Tracer(
          output,
          TRACE_FORMATS[format]((text) => output.write(text), look),
          filter,
        ),
      );
    };
    const onStdout = { paint, width: traceWidthOf(options, process.stdout.columns) };
    if (file !== undefined) {
      add(traceFormatOf(options), file, { paint: PLAIN, width: traceWidthOf(options, undefined) });
    } else if (trace === STDOUT) add('text', stdout, onStdout);
    if (jsonl) add('jsonl', stdout, onStdout);
    return new Traces(tracers, file);
  }

  /** All is written; the file appears under its name. */
  async finish(): Promise<void> {
    for (const tracer of this.all) tracer.close();
    await this.file?.finish();
  }

  /** Nothing shall be left of a file that is not finished. */
  discard(): void {
    this.file?.discard();
  }
}
