import { basename, relative } from 'node:path';

/** A word as a POSIX shell takes it. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** How this program was called, so that a command that it prints can be pasted: `xmc`, `npx xmc`, `node dist/cli.js`. */
export function programName(script: string | undefined = process.argv[1], env = process.env): string {
  const name = basename(script ?? 'xmc');
  if (script !== undefined && name.endsWith('.js')) {
    const near = relative(process.cwd(), script);
    return `node ${shellWord(near.startsWith('..') ? script : near)}`;
  }
  return env.npm_command === 'exec' ? `npx ${name}` : name;
}
