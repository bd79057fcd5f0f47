import { type Command, InvalidArgumentError, Option } from 'commander';
import type { TraceFormat } from '../report/trace/trace-formats.js';

/** Reads a decimal number from `min` to `max`. */
export function integerArgument(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

/** Reads a 64-bit address: `0xffffffff81000000`, or decimal. */
export function addressArgument(text: string): bigint {
  if (/^(0x[0-9a-fA-F]{1,16}|[0-9]{1,20})$/.test(text)) {
    const value = BigInt(text);
    if (value < 1n << 64n) return value;
  }
  throw new InvalidArgumentError('It must be an address of 64 bits, such as 0xffffffff81000000.');
}

/** `--backend`, which several commands have. */
export function backendOption(): Option {
  return new Option('--backend <name>', 'what interprets the instructions').choices(['wasm', 'bigint']).default('wasm');
}

/** The formats of `--trace-format`: the keys of the table in report/trace, which the command line does not load. */
const TRACE_FORMAT_NAMES = ['text', 'jsonl', 'perfetto'] as const satisfies readonly TraceFormat[];

/** Adds the flags of commands that trace. Only `=` gives `--trace` a file: see main.ts. */
export function addTraceOptions(command: Command, traced: string): Command {
  return command
    .option('--trace [=FILE]', `print ${traced}; with =FILE into a file`)
    .addOption(
      new Option(
        '--trace-format <format>',
        'of the file; default: jsonl for .jsonl, perfetto for .json, else text',
      ).choices(TRACE_FORMAT_NAMES),
    )
    .option('--only <list>', 'trace these events alone: site,ipi,trap,cpu1 and others (docs/trace.md)')
    .addOption(traceWidthOption())
    .addOption(new Option('--wide', 'as wide as the terminal, and nothing is cut').conflicts('traceWidth'));
}

/** `--trace-width`, of all commands that print traces or counterexamples. */
export function traceWidthOption(): Option {
  return new Option('--trace-width <columns>', 'width of a trace or counterexample')
    .argParser(integerArgument(60, 1000))
    .default(100);
}

/** `--all-steps`, of commands that print counterexamples. */
export function allStepsOption(): Option {
  return new Option(
    '--all-steps',
    'print every step of a counterexample; else interrupts handled at one go are one line, repeated steps too',
  );
}
