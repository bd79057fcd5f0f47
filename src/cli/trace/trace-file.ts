import { parse } from 'node:path';
import { InputError } from '../../input-error.js';
import { fileStatus } from '../io/file-status.js';
import { FileOutput, type Output } from '../io/output.js';
import { requireWritable } from '../io/require-writable.js';
import { isSameFile } from '../io/same-file.js';

/**
 * The file that a trace goes to.
 * @param inputs what is read meanwhile, and hence not written
 * @throws InputError when the file cannot be made, or is one of the inputs.
 */
export function openTraceFile(trace: string, inputs: readonly string[]): Output {
  requireNoInput(trace, inputs);
  return new FileOutput(trace);
}

/**
 * Makes sure that a trace can be written to a file, before there is anything to write.
 * @throws InputError
 */
export function requireTraceable(trace: string, inputs: readonly string[]): void {
  requireNoInput(trace, inputs);
  requireWritable(trace);
}

function requireNoInput(trace: string, inputs: readonly string[]): void {
  if (inputs.some((input) => isSameFile(input, trace))) {
    throw new InputError(`will not write the trace over ${trace}: it is the input`);
  }
}

/** The file for one of several variants: `out.json` becomes `out.memcpy.json`. A device or a pipe serves all of them. */
export function traceFileOf(trace: string, variant: string | undefined): string {
  const { ext } = parse(trace);
  const isSpecial = fileStatus(trace, 'write')?.isFile() === false;
  if (variant === undefined || isSpecial) return trace;
  return `${trace.slice(0, trace.length - ext.length)}.${variant}${ext}`;
}
