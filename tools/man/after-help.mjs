/**
 * What commander prints behind a command's options, in pieces: paragraphs, and lists under a word or two with a colon.
 * @returns {{title: string | undefined, lines: string[]}[]} lines of a list without their common indentation
 */
export function afterHelp(command) {
  let text = '';
  const before = command.configureOutput();
  command.configureOutput({ ...before, writeOut: (more) => (text += more) });
  command.outputHelp();
  command.configureOutput(before);
  const information = command.helpInformation();
  const after = text.slice(text.indexOf(information) + information.length);
  return after.split(/\n{2,}/).flatMap((block) => {
    const lines = block.split('\n').filter((line) => line !== '');
    if (lines.length === 0) return [];
    const name = /^([A-Z]\w*(?: \w+)?):$/.exec(lines[0])?.[1];
    return [name === undefined ? { title: undefined, lines } : { title: name, lines: lines.slice(1).map(unindented) }];
  });
}

/**
 * The entries of a list of `name  description`, which goes on in lines that are indented further.
 * @returns undefined where it is no such list
 */
export function entries(lines) {
  const found = [];
  for (const line of lines) {
    const [, name, text] = /^(\S+) {2,}(.*)$/.exec(line) ?? [];
    if (name !== undefined) found.push([name, text]);
    else if (found.length > 0 && line.startsWith('  ')) found.at(-1)[1] += ` ${line.trim()}`;
    else return undefined;
  }
  return found;
}

function unindented(line) {
  return line.replace(/^ {2}/, '');
}
