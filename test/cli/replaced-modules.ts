import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './xmc.js';

/** The address of a file of the built program. */
export const built = (file: string): string => pathToFileURL(join(ROOT, 'dist', file)).href;

/** Files of the built program, by their names, that say something else when they are loaded. */
export type Replaced = Readonly<Record<string, string>>;

/** Runs a module in a process where files of the built program are replaced. */
export function runReplaced(program: string, replaced: Replaced): { stdout: string; stderr: string } {
  const hooks = `const replaced = ${JSON.stringify(replaced)};
    export async function load(url, context, next) {
      const source = replaced[url.split('/').at(-1)];
      return source === undefined ? next(url, context) : { format: 'module', source, shortCircuit: true };
    }`;
  const registered = `import { register } from 'node:module'; register(${JSON.stringify(dataUrl(hooks))});`;
  // A module of this size is too long for the command line.
  const input = `${registered}\n${program}`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module'], { encoding: 'utf8', input });
  return { stdout, stderr };
}

export const dataUrl = (text: string): string => `data:text/javascript,${encodeURIComponent(text)}`;
