import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadScenario } from '../../src/index.js';
import { execute, PROGRAM, ROOT, type Workshop } from './xmc.js';

/** A fenced block of a document. */
export interface Block {
  /** What stands behind its fence: `console`, `yaml swap.yaml`. */
  readonly info: string;
  /** Its lines, each with its end. */
  readonly text: string;
}

/** A command line that a document shows, and what it shows of its output. */
export interface Dialogue {
  readonly command: string;
  /** A line `...` stands for any lines that are left out. */
  readonly shown: string;
}

/** A document of the repository. */
export function readDocument(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The documents for users. */
export const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`),
]
  .filter((name) => name.endsWith('.md'))
  .sort()
  .map((name) => ({ name, text: readDocument(name) }));

/** The fenced blocks of a document, in their order. */
export function blocksOf(document: string): Block[] {
  return [...document.matchAll(/^```([^\n]+)\n(.*?)^```$/gms)].map(([, info = '', text = '']) => ({ info, text }));
}

/** The command lines of a block, behind `$ `, each with the lines up to the next. */
export function dialoguesOf({ text }: Block): Dialogue[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((dialogue) => {
      const end = dialogue.indexOf('\n');
      return { command: dialogue.slice(0, end), shown: dialogue.slice(end + 1).trimEnd() };
    });
}

/** The command lines of a document, in blocks of that kind. */
export function commandsOf(document: string, kind: string): Dialogue[] {
  return blocksOf(document)
    .filter(({ info }) => info === kind)
    .flatMap(dialoguesOf);
}

/** The output with `...` in the place of what a document leaves out; where it does not fit, all of it. */
export function shortened(output: string, shown: string): string {
  const [first = [], ...others] = piecesOf(shown);
  const lines = output.split('\n');
  const startsAt = (piece: readonly string[], index: number) => piece.every((line, i) => lines[index + i] === line);
  if (!startsAt(first, 0)) return output;
  let next = first.length;
  for (const [i, piece] of others.entries()) {
    // The last piece is the end of the output, any other is where it comes first.
    if (i === others.length - 1 && piece.length > 0) next = Math.max(next, lines.length - piece.length);
    while (next < lines.length && !startsAt(piece, next)) next++;
    if (next === lines.length && piece.length > 0) return output;
    next += piece.length;
  }
  const open = others.at(-1)?.length === 0;
  return open || next === lines.length ? shown : output;
}

/** The lines between lines `...`. */
function piecesOf(shown: string): string[][] {
  const pieces: string[][] = [[]];
  for (const line of shown.split('\n')) {
    if (line === '...') pieces.push([]);
    else pieces.at(-1)?.push(line);
  }
  return pieces;
}

/**
 * Where the command lines of one document are executed, one after the other: a directory with the repository's scenarios
 * and examples, in which `xmc` is the program.
 */
export class Reader {
  readonly #shop: Workshop;
  readonly #path: string;
  #code = 0;

  constructor(shop: Workshop, name: string) {
    this.#shop = shop;
    this.#path = join(shop.path, name);
    const bin = join(shop.path, 'bin');
    mkdirSync(this.#path);
    mkdirSync(bin, { recursive: true });
    for (const directory of ['scenarios', 'examples']) symlinkSync(join(ROOT, directory), join(this.#path, directory));
    if (!existsSync(join(bin, 'xmc'))) symlinkSync(PROGRAM, join(bin, 'xmc'));
  }

  /**
   * Writes a block with the name of a file, ` +` behind which says that its keys take the place of the same keys of that
   * file, or come behind them; and reads it as a scenario.
   */
  load({ info, text }: Block): void {
    const [, name = '', more] = info.split(' ');
    const path = join(this.#path, name);
    const scenario = more === '+' ? withKeys(readFileSync(path, 'utf8'), text) : text;
    writeFileSync(path, scenario);
    loadScenario(scenario, name);
  }

  /** What a command line prints, executed in the shell; `$?` is the exit code of the one before. */
  async execute(command: string): Promise<string> {
    const { PATH: outside = '' } = process.env;
    // Whoever runs the tests with npx is no reader of a page: commands that are printed would begin with it.
    const env = { PATH: `${join(this.#shop.path, 'bin')}:${outside}`, npm_command: '' };
    const script = `exec 2>&1; (exit ${this.#code}); ${command}`;
    const { code, stdout } = await execute('/bin/sh', ['-c', script], { cwd: this.#path, env });
    this.#code = code ?? 1;
    return stdout.trimEnd();
  }
}

/** A scenario with other values for some keys of the first level. */
function withKeys(scenario: string, keys: string): string {
  const entriesOf = (text: string) =>
    text
      .split(/^(?=[a-z])/m)
      .map((entry): [string, string] => [entry.slice(0, entry.indexOf(':')), `${entry.trimEnd()}\n`]);
  return [...new Map([...entriesOf(scenario), ...entriesOf(keys)]).values()].join('\n');
}
