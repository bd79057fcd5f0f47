import type { Argument, Command, Option } from 'commander';
import type { Candidate } from './candidate.js';

/** A command line up to the cursor, as far as the command line's tables say what its words are. */
export interface Line {
  readonly program: Command;
  /** The command that is called; the program itself where none is named yet. */
  readonly command: Command;
  /** The command's arguments in front of the cursor. */
  readonly args: readonly string[];
  /** The option whose value is to come. */
  readonly option: Option | undefined;
  /** After `--` nothing is an option. */
  readonly onlyArguments: boolean;
}

/**
 * Reads the words in front of the cursor.
 * @returns undefined when they name a command that does not exist
 */
export function readLine(program: Command, words: readonly string[]): Line | undefined {
  let command = program;
  let option: Option | undefined;
  let onlyArguments = false;
  const args: string[] = [];
  for (const word of words) {
    const isOption = word.startsWith('-') && word !== '-';
    if (option !== undefined && (option.required || !isOption)) {
      if (!option.variadic) option = undefined;
    } else if (!onlyArguments && word === '--') {
      onlyArguments = true;
      option = undefined;
    } else if (!onlyArguments && isOption) {
      const named = findOption(command, word);
      option = named !== undefined && takesNextWord(named) ? named : undefined;
    } else if (command.commands.length > 0) {
      const named = findCommand(command, word);
      if (named === undefined) return undefined;
      command = named;
    } else {
      args.push(word);
    }
  }
  return { program, command, args, option, onlyArguments };
}

/** The options that a command takes, those of the program included. */
export function optionsOf(command: Command): readonly Option[] {
  const help = command.createHelp();
  return [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)];
}

/** The commands of a command, `help` included. */
export function commandsOf(command: Command): readonly Command[] {
  return command.createHelp().visibleCommands(command);
}

/** Their names. */
export function commandCandidates(command: Command): readonly Candidate[] {
  const help = command.createHelp();
  return commandsOf(command).map((sub) => ({ value: sub.name(), description: help.subcommandDescription(sub) }));
}

/** An option by one of its names, also as `--name=value`. */
export function findOption(command: Command, word: string): Option | undefined {
  const name = word.split('=', 1)[0];
  return optionsOf(command).find(({ long, short }) => name === long || name === short);
}

/** The argument whose turn it is. */
export function nextArgument({ command, args }: Line): Argument | undefined {
  const all = command.registeredArguments;
  const last = all.at(-1);
  return all[args.length] ?? (last?.variadic ? last : undefined);
}

function findCommand(command: Command, word: string): Command | undefined {
  return commandsOf(command).find((sub) => sub.name() === word || sub.aliases().includes(word));
}

/** Whether the value may be a word of its own; the flags of others, such as `--trace [=FILE]`, say so. */
function takesNextWord({ required, optional, flags }: Option): boolean {
  return required || (optional && !flags.includes('[='));
}
