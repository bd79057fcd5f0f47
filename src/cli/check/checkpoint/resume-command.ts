import { programName, shellWord } from '../../io/shell-word.js';
import type { CheckOptions } from '../options.js';

/** The command that goes on from the checkpoints of a directory, with the flags that have to be the same. */
export function resumeCommand(path: string, directory: string, options: CheckOptions): string {
  const { variant, profile, reduction, json } = options;
  const flags = [
    ...(variant === undefined ? [] : ['--variant', variant]),
    ...(profile === undefined ? [] : ['--profile', profile]),
    ...reduction.flatMap((name) => ['--no-reduction', name]),
    ...(json === true ? ['--json'] : []),
    '--resume',
    directory,
  ];
  return `${programName()} check ${[path, ...flags].map(shellWord).join(' ')}`;
}
