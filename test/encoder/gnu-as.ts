import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Syntax } from '../../src/encoder/syntax.js';

/** What GNU as made of one line. */
export interface GnuResult {
  /** bytes in hex; absent when it was refused */
  readonly hex?: string;
  readonly error?: string;
  readonly warning?: string;
}

/** Whether GNU as and the rest of binutils can be run. */
export const hasGnuAs: boolean = ['as', 'ld', 'nm', 'objcopy', 'objdump'].every(
  (tool) => spawnSync(tool, ['--version']).status === 0,
);

/** First line of `as --version`. */
export function gnuAsVersion(): string {
  return spawnSync('as', ['--version'], { encoding: 'utf8' }).stdout.split('\n')[0] ?? '';
}

/** Assembles a whole source and links it to an address, with the addresses of outside symbols; the bytes in hex. */
export function gnuAssemble(
  source: string,
  base: bigint,
  symbols: ReadonlyMap<string, bigint> = new Map(),
  syntax: Syntax = 'att',
): string {
  return inDirectory((directory) => {
    const failed = runAs(directory, `${source}\n`, syntax);
    if (failed.status !== 0) throw new Error(failed.stderr);
    const linked = join(directory, 'linked');
    const outside = [...symbols].map(([name, address]) => `--defsym=${name}=0x${address.toString(16)}`);
    const place = ['-e', '0', `-Ttext=0x${base.toString(16)}`];
    const ld = run('ld', [...place, ...outside, '-o', linked, join(directory, 'a.o')]);
    if (ld.status !== 0) throw new Error(ld.stderr);
    return textSection(directory, linked).toString('hex');
  });
}

/**
 * Assembles many lines, each for itself, and tells for each what became of it. Lines that are refused, or that crash
 * the assembler, are taken out until the rest goes through.
 */
export function gnuAssembleLines(lines: readonly string[], syntax: Syntax = 'att'): GnuResult[] {
  return inDirectory((directory) => {
    const errors = new Map<number, string>();
    const warnings = new Map<number, string>();
    for (;;) {
      const source = lines.map((line, i) => (errors.has(i) ? '\n' : `L${i}: ${line}\n`)).join('');
      const { status, stderr } = runAs(directory, `${source}Lend:\n`, syntax);
      const before = errors.size;
      for (const [, number, kind, message] of stderr.matchAll(
        /^[^\n]*?:(\d+): (Error|Warning|Internal error)(.*)$/gm,
      )) {
        (kind === 'Warning' ? warnings : errors).set(Number(number) - 1, `${kind}${message}`);
      }
      if (status === 0) break;
      if (errors.size === before) throw new Error(stderr);
    }
    const object = join(directory, 'a.o');
    const addresses = new Map<string, number>();
    for (const [, address = '', label = ''] of run('nm', [object]).stdout.matchAll(/^([0-9a-f]+) t L(\w+)$/gm)) {
      addresses.set(label, Number.parseInt(address, 16));
    }
    const bytes = textSection(directory, object);
    let end = addresses.get('end') ?? 0;
    const results: GnuResult[] = new Array(lines.length);
    for (let i = lines.length - 1; i >= 0; i--) {
      const error = errors.get(i);
      const start = addresses.get(String(i));
      if (error !== undefined || start === undefined) {
        results[i] = { error: error ?? 'no label' };
        continue;
      }
      const warning = warnings.get(i);
      results[i] = { hex: bytes.toString('hex', start, end), ...(warning === undefined ? {} : { warning }) };
      end = start;
    }
    return results;
  });
}

/** Where objdump sees the instructions of some code begin. */
export function objdumpBoundaries(bytes: Uint8Array): number[] {
  return inDirectory((directory) => {
    const file = join(directory, 'code.bin');
    writeFileSync(file, bytes);
    const { stdout } = run('objdump', ['-b', 'binary', '-m', 'i386:x86-64', '-D', '-w', file]);
    return [...stdout.matchAll(/^ *([0-9a-f]+):\t/gm)].map(([, offset = '']) => Number.parseInt(offset, 16));
  });
}

function inDirectory<T>(use: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'xmc-gnu-as-'));
  try {
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function run(tool: string, args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(tool, args, { encoding: 'utf8', maxBuffer: 1 << 29 });
}

/** In front of the first line, so that lines keep their numbers. (`-msyntax=intel` does not know `fs:[rax]`.) */
const syntaxDirectives: Readonly<Record<Syntax, string>> = { att: '', intel: '.intel_syntax noprefix; ' };

function runAs(directory: string, source: string, syntax: Syntax): { status: number | null; stderr: string } {
  writeFileSync(join(directory, 'a.s'), `${syntaxDirectives[syntax]}${source}`);
  return run('as', ['--64', '-o', join(directory, 'a.o'), join(directory, 'a.s')]);
}

function textSection(directory: string, object: string): Buffer {
  const binary = join(directory, 'text.bin');
  run('objcopy', ['-O', 'binary', '-j', '.text', object, binary]);
  return readFileSync(binary);
}
