import { realpathSync, statSync } from 'node:fs';
import { InputError } from '../../input-error.js';
import { FileOutput, type Output } from '../io/output.js';
import { STDIN } from '../io/read-input.js';

/**
 * The file that a trace goes to; undefined when it goes to standard output or there is none.
 * @param inputs what is read meanwhile, and hence not written
 * @throws InputError when the file cannot be made, or is one of the inputs.
 */
export function openTraceFile(trace: string | undefined, inputs: readonly string[]): Output | undefined {
  if (trace === undefined || trace === STDIN) return undefined;
  if (isFile(trace) && inputs.some((input) => isFile(input) && realpathSync(input) === realpathSync(trace))) {
    throw new InputError(`will not write the trace over ${trace}: it is the input`);
  }
  return new FileOutput(trace);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
