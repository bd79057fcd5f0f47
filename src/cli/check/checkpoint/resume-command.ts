import { programName, shellWord } from '../../io/shell-word.js';
import type { CheckOptions } from '../options.js';

/** The command that goes on from the checkpoints of a directory, with the flags that have to be the same. */
export function resumeCommand(path: string, directory: string, options: CheckOptions): string {
  const { variant, profile, reduction, json, fingerprints, fingerprintSeed } = options;
  const flags = [
    ...(variant === undefined ? [] : ['--variant', variant]),
    ...(profile === undefined ? [] : ['--profile', profile]),
    ...reduction.flatMap((name) => ['--no-reduction', name]),
    ...(fingerprints ? [] : ['--no-fingerprints']),
    ...(fingerprintSeed === 0 ? [] : ['--fingerprint-seed', String(fingerprintSeed)]),
    ...(json === true ? ['--json'] : []),
    '--resume',
    directory,
  ];
  return `${programName()} check ${[path, ...flags].map(shellWord).join(' ')}`;
}
