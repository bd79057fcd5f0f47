import { type Argument, type Command, InvalidArgumentError, type Option } from 'commander';
import { InputError } from '../../input-error.js';
import type { Candidate, Completion, Paths } from './candidate.js';
import { commandCandidates, findOption, type Line, nextArgument, optionsOf, readLine } from './line.js';
import { ARGUMENT_VALUES, OPTION_VALUES } from './values.js';

const NOTHING: Completion = { candidates: [], paths: 'none' };

/**
 * What may stand where the cursor is: all of it comes from the tables that commander parses by.
 * @param words of the command line behind the program's name; the last is the one at the cursor, perhaps empty
 */
export async function complete(program: Command, words: readonly string[]): Promise<Completion> {
  const word = words.at(-1) ?? '';
  const line = readLine(program, words.slice(0, -1));
  if (line === undefined) return NOTHING;
  try {
    const { candidates, paths } = await wordsAt(line, word);
    return { candidates: candidates.filter(({ value }) => value.startsWith(word)), paths };
  } catch (error) {
    // A scenario that cannot be read: the command will say so when it is called.
    if (error instanceof InputError) return NOTHING;
    throw error;
  }
}

async function wordsAt(line: Line, word: string): Promise<Completion> {
  const { command, option, onlyArguments } = line;
  if (option !== undefined) return valuesOf(option, line);
  const attached = onlyArguments ? undefined : /^--[^=]+=/.exec(word)?.[0];
  if (attached !== undefined) return attachedValues(line, attached);
  if (word.startsWith('-') && !onlyArguments) return { candidates: optionsOf(command).map(byName), paths: 'none' };
  if (command.commands.length > 0) return { candidates: commandCandidates(command), paths: 'none' };
  const argument = nextArgument(line);
  return argument === undefined ? NOTHING : argumentsFor(argument, line);
}

/** @param prefix `--name=` */
async function attachedValues(line: Line, prefix: string): Promise<Completion> {
  const option = findOption(line.command, prefix);
  if (option === undefined) return NOTHING;
  const { candidates, paths } = await valuesOf(option, line);
  return { candidates: candidates.map((of) => ({ ...of, value: prefix + of.value })), paths };
}

async function valuesOf(option: Option, line: Line): Promise<Completion> {
  if (!option.required && !option.optional) return NOTHING;
  if (option.argChoices !== undefined) return choices(option.argChoices);
  const known = OPTION_VALUES[option.long ?? ''];
  return known === undefined
    ? { candidates: [], paths: pathsFor(option) }
    : { candidates: await known(line), paths: 'none' };
}

async function argumentsFor(argument: Argument, line: Line): Promise<Completion> {
  if (argument.argChoices !== undefined) return choices(argument.argChoices);
  const known = ARGUMENT_VALUES[argument.name()];
  return known === undefined ? { candidates: [], paths: 'files' } : { candidates: await known(line), paths: 'none' };
}

/** Directories for `<dir>`, no files where the option's own parser would refuse the name of one, as of a number. */
function pathsFor({ flags, parseArg }: Option): Paths {
  if (/[<[]dir/.test(flags)) return 'directories';
  try {
    parseArg?.('./file', undefined);
    return 'files';
  } catch (error) {
    if (error instanceof InvalidArgumentError) return 'none';
    throw error;
  }
}

function choices(values: readonly string[]): Completion {
  return { candidates: values.map((value) => ({ value, description: '' })), paths: 'none' };
}

function byName({ long, short, description }: Option): Candidate {
  return { value: long ?? short ?? '', description };
}
