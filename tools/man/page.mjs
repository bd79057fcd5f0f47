import { afterHelp, entries } from './after-help.mjs';
import { bold, example, heading, paragraph, roffText, subheading, term, title } from './roff.mjs';

const DESCRIPTION = [
  `xmc simulates CPUs that execute x86-64 machine code, instruction by instruction and interleaved, while a patcher
   rewrites that code under them, as text_poke_bp of Linux does it. Scenarios are YAML files with the code, who runs
   where, what is patched how, and which verdict is expected of each variant.`,
  `xmc check explores every schedule of a scenario, every legal stale or torn fetch and every interrupt: it verifies
   that no CPU can execute what nobody wrote, or gives a schedule in which one does. xmc run and xmc hunt execute some
   schedules and prove nothing. xmc replay executes a schedule again.`,
  `Results go to standard output, progress and notes to standard error. The same input and options give the same output.`,
];

const ENVIRONMENT = [
  ['NO_COLOR', 'Set and not empty: no colours, unless --color says so.'],
  ['FORCE_COLOR', 'Set and not empty: colours even where output is no terminal, unless it is 0 or false.'],
  ['TERM', 'With the value dumb a terminal gets no colours.'],
];

const FILES = [
  [
    'SCENARIO.VARIANT.schedule',
    'A schedule that violates a property is written there, unless --schedule says otherwise. It holds the scenario too.',
  ],
];

const SEE_ALSO =
  'as(1), objdump(1). The pages under docs/ of the package describe scenario files, the assembler, and why the verdicts can be believed.';

/**
 * The manual page: from the tables of the command line, so that it has every command and option that there is.
 * @param program commander's object
 * @param version of the package; there is no date, so that the same sources give the same page
 */
export function page(program, version) {
  const help = program.createHelp();
  const commands = help.visibleCommands(program).filter((command) => command.name() !== 'help');
  const lines = [
    title('XMC', '1', `xmc ${version}`, 'User Commands'),
    heading('Name'),
    `xmc \\- ${roffText('simulator and model checker for cross-modifying x86-64 code')}`,
    heading('Synopsis'),
    ...commands.flatMap((command) => [...synopsis(help.commandUsage(command)), '.br']).slice(0, -1),
    heading('Description'),
    ...DESCRIPTION.flatMap(paragraph),
    heading('Options'),
    ...help.visibleOptions(program).flatMap((option) => optionLines(help, option)),
    heading('Commands'),
    ...commands.flatMap((command) => commandLines(help, command)),
    heading('Exit status'),
    ...exitStatus(program).flatMap(([code, text]) => term(code, text)),
    heading('Environment'),
    ...ENVIRONMENT.flatMap(([name, text]) => term(name, text)),
    heading('Files'),
    ...FILES.flatMap(([name, text]) => term(name, text)),
    heading('Examples'),
    ...commands.flatMap((command) => exampleLines(command)),
    heading('See also'),
    ...paragraph(SEE_ALSO),
  ];
  // What follows a heading is a paragraph anyway.
  const kept = lines.filter((line, i) => line !== '.PP' || !/^\.S[HS] /.test(lines[i - 1]));
  return `${kept.join('\n')}\n`;
}

/** `xmc check [options] <scenario>` */
function synopsis(usage) {
  const [, name, rest] = /^(xmc [\w-]+) ?(.*)$/.exec(usage);
  return [`${bold(name)} ${roffText(rest)}`.trimEnd()];
}

function optionLines(help, option) {
  return term(help.optionTerm(option), help.optionDescription(option));
}

function commandLines(help, command) {
  const after = afterHelp(command).filter(
    (block) => block.title !== 'Examples' && !(block.title === 'Exit codes' && isOfProgram(command)),
  );
  return [
    subheading(help.commandUsage(command).replace(' [options]', '')),
    ...paragraph(help.commandDescription(command)),
    ...help
      .visibleOptions(command)
      .filter((option) => option.long !== '--help')
      .flatMap((option) => optionLines(help, option)),
    ...after.flatMap(blockLines),
  ];
}

/** A paragraph, a list of names, or lines that stand as they are. */
function blockLines({ title: name, lines }) {
  if (name === undefined)
    return lines.some((line) => line.startsWith('  ')) ? mixed(lines) : paragraph(lines.join(' '));
  const list = entries(lines);
  if (list === undefined) return [...paragraph(`${name}:`), ...example(lines)];
  return [...paragraph(`${name}:`), '.RS 4', ...list.flatMap(([of, text]) => term(of, text)), '.RE'];
}

/** A paragraph with indented lines in it. */
function mixed(lines) {
  const parts = [];
  for (const line of lines) {
    const isCode = line.startsWith('  ');
    if (parts.at(-1)?.isCode === isCode) parts.at(-1).lines.push(line);
    else parts.push({ isCode, lines: [line] });
  }
  return parts.flatMap((part) =>
    part.isCode ? example(part.lines.map((line) => line.replace(/^ {2}/, ''))) : paragraph(part.lines.join(' ')),
  );
}

const exitCodes = (command) => afterHelp(command).find((block) => block.title === 'Exit codes')?.lines;

function exitStatus(program) {
  return entries(exitCodes(program));
}

function isOfProgram(command) {
  return exitCodes(command)?.join('\n') === exitCodes(command.parent)?.join('\n');
}

/** Each example in a line; what is said about it stands above, as a comment. */
function exampleLines(command) {
  const lines = afterHelp(command).find((block) => block.title === 'Examples')?.lines ?? [];
  const shown = lines.flatMap((line) => {
    const [, text, said] = /^(.*?\S)(?: {3,}(.*))?$/.exec(line);
    return said === undefined ? [text] : [`# ${said}`, text];
  });
  return shown.length === 0 ? [] : [...paragraph(`xmc ${command.name()}:`), ...example(shown)];
}
