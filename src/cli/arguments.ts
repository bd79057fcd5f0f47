import { InvalidArgumentError, Option } from 'commander';

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

/** `--trace`, which several commands have. Only `=` gives it a file: see main.ts. */
export function traceOption(): Option {
  return new Option('--trace [=FILE]', 'print every step; with =FILE into a file');
}

/** `--all-steps`, of commands that print counterexamples. */
export function allStepsOption(): Option {
  return new Option(
    '--all-steps',
    'print every step of a counterexample; else interrupts handled at one go are one line, repeated steps too',
  );
}
