import { assemble } from '../../encoder/assemble.js';
import type { Syntax } from '../../encoder/syntax.js';
import { InputError } from '../../input-error.js';
import { assemblyListing, hexLines } from '../../report/listing.js';
import { EXIT } from '../exit-code.js';
import { StandardOutput } from '../io/output.js';
import { displayName, readText } from '../io/read-input.js';

/** Flags of `xmc asm`. */
export interface AsmOptions {
  readonly base?: bigint;
  readonly format: 'hex' | 'listing' | 'binary';
  readonly syntax: Syntax;
}

/** Bytes of assembly that are read. */
const SOURCE_BYTES = 16 << 20;

/** `xmc asm`: assembles a file and prints bytes. */
export async function asmCommand(path: string, { base = 0n, format, syntax }: AsmOptions): Promise<number> {
  if (format === 'binary' && process.stdout.isTTY) {
    throw new InputError('will not write binary data to a terminal', { hint: 'redirect it: xmc asm ... > FILE' });
  }
  const source = await readText(path, SOURCE_BYTES);
  const { blocks, symbols } = assemble([{ base, source, file: displayName(path), syntax }]);
  const [block] = blocks;
  if (block === undefined) throw new Error('one block was assembled to none');
  const output = new StandardOutput();
  if (format === 'binary') output.write(block.bytes);
  if (format === 'hex') for (const line of hexLines(block.bytes)) output.write(`${line}\n`);
  if (format === 'listing') {
    for (const line of assemblyListing(base, block.bytes, block.lines, symbols)) output.write(`${line}\n`);
  }
  await output.finish();
  return EXIT.ok;
}
