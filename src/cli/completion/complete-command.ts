import type { Command } from 'commander';
import { EXIT } from '../exit-code.js';
import { StandardOutput } from '../io/output.js';
import { complete } from './complete.js';
import { answerText, SCRIPTS, wordsOf } from './dialects.js';
import type { Shell } from './shell.js';

/** `xmc completion`: prints the script of a shell. */
export async function completionCommand(shell: Shell): Promise<number> {
  return print(SCRIPTS[shell]);
}

/** `xmc complete`, which these scripts call. */
export async function completeCommand(program: Command, shell: Shell, given: readonly string[]): Promise<number> {
  const { words, attached } = wordsOf(shell, given);
  return print(answerText(shell, await complete(program, words), attached));
}

async function print(text: string): Promise<number> {
  const output = new StandardOutput();
  output.write(text);
  await output.finish();
  return EXIT.ok;
}
