import { InputError } from '../../input-error.js';
import type { TraceWidth } from '../../report/column-trace.js';
import { TraceFilter } from '../../report/trace/trace-filter.js';
import { formatOfName, type TraceFormat } from '../../report/trace/trace-formats.js';
import { STDIN } from '../io/read-input.js';

/** Flags of commands that trace, as they were given. */
export interface TraceOptions {
  /** A file, or `-`. */
  readonly trace?: string;
  readonly traceFormat?: TraceFormat;
  readonly json?: boolean;
  readonly jsonl?: boolean;
  /** What is told: {@link TraceFilter.parse}. */
  readonly only?: string;
  /** Columns. */
  readonly traceWidth: number;
  readonly wide?: boolean;
}

/** The name of standard output. */
export const STDOUT = STDIN;

/**
 * Refuses flags that contradict each other, or that nothing would come of.
 * @throws InputError
 */
export function checkTraceOptions(options: TraceOptions): void {
  const { trace, traceFormat, json, jsonl, only } = options;
  if (json && jsonl) throw new InputError('--json and --jsonl exclude each other');
  if (trace === STDOUT && (json || jsonl)) {
    throw new InputError(`--trace and ${json ? '--json' : '--jsonl'} both go to standard output`, {
      hint: 'give the trace a file: --trace=FILE',
    });
  }
  if (trace === '') throw new InputError('--trace= needs the name of a file, or -');
  if (trace === undefined && traceFormat !== undefined) {
    throw new InputError('--trace-format is of a trace, and there is none', { hint: 'give it a file: --trace=FILE' });
  }
  if (trace === STDOUT && traceFormat !== undefined && traceFormat !== 'text') {
    throw new InputError(`a trace on standard output is text, among the results; ${traceFormat} is for a file`, {
      hint:
        traceFormat === 'jsonl' ? '--jsonl prints all results in that format' : 'give the trace a file: --trace=FILE',
    });
  }
  if (only === undefined) return;
  if (trace === undefined && !jsonl) {
    throw new InputError('--only is of a trace, and there is none', { hint: 'add --trace, or --jsonl' });
  }
  TraceFilter.parse(only);
}

/** The format of the trace that `--trace` asks for. */
export function traceFormatOf({ trace, traceFormat }: TraceOptions): TraceFormat {
  return traceFormat ?? formatOfName(trace ?? STDOUT);
}

/**
 * How wide a trace is.
 * @param columns of the terminal; undefined: there is none
 */
export function traceWidthOf(
  { traceWidth, wide = false }: Pick<TraceOptions, 'traceWidth' | 'wide'>,
  columns: number | undefined,
): TraceWidth {
  return wide ? { wide: columns } : traceWidth;
}
