import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

/** The repository, and the built program in it. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const PROGRAM = join(ROOT, 'dist/cli.js');
export const CALL_SWAP = join(ROOT, 'scenarios/call-swap.yaml');
export const CRC = join(ROOT, 'examples/crc-t10dif/crc-t10dif.yaml');

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a process gets beside its arguments. */
export interface Surroundings {
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the program to its end. Neither NO_COLOR nor FORCE_COLOR of the outside comes through. */
export function xmc(args: readonly string[], { cwd = ROOT, input = '', env = {} }: Surroundings = {}): Promise<Ended> {
  return node([PROGRAM, ...args], { cwd, input, env });
}

/** Runs a script to its end. */
export function node(args: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
  return execute(process.execPath, args, surroundings);
}

/** Runs a program to its end. */
export function execute(
  file: string,
  args: readonly string[],
  { cwd = ROOT, input = '', env = {} }: Surroundings = {},
): Promise<Ended> {
  const { NO_COLOR, FORCE_COLOR, ...outside } = process.env;
  const child = spawn(file, [...args], { cwd, env: { ...outside, ...env } });
  // A program that does not read its input may be gone before it is written.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return endOf(child);
}

/** How a process ends, and what it has written till then. */
export function endOf(child: ChildProcess): Promise<Ended> {
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...texts }));
  });
}

/** A directory for one test file, removed when its tests are done. */
export class Workshop {
  readonly path = mkdtempSync(join(tmpdir(), 'xmc-test-'));

  constructor() {
    afterAll(() => rmSync(this.path, { recursive: true, force: true }));
  }

  /** Writes a file and returns its name. */
  write(name: string, content: string | Uint8Array): string {
    writeFileSync(join(this.path, name), content);
    return name;
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), 'utf8');
  }

  /** The files that are there, sorted. */
  files(): string[] {
    return readdirSync(this.path).sort();
  }

  /** Runs the program here. */
  xmc(args: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
    return xmc(args, { cwd: this.path, ...surroundings });
  }
}

/** The scenario call-swap with some text replaced. */
export function callSwapWith(...replacements: readonly (readonly [string, string])[]): string {
  return replacements.reduce(
    (text, [from, to]) => {
      if (!text.includes(from)) throw new Error(`call-swap.yaml has no ${JSON.stringify(from)}`);
      return text.replaceAll(from, to);
    },
    readFileSync(CALL_SWAP, 'utf8'),
  );
}
