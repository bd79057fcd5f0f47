import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './xmc.js';

/** A file of a package as `npm pack` tells of it. */
export interface PackedFile {
  /** Below the package's folder. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Permissions. */
  readonly mode: number;
}

/** What `npm pack` makes of the built program. */
export interface Packed {
  readonly tarball: string;
  /** Bytes, packed and unpacked. */
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly PackedFile[];
}

/** Packs what is built now. */
export function pack(directory: string): Packed {
  const { stdout } = spawnSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', directory], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const [packed] = JSON.parse(stdout) as [Packed & { readonly filename: string }];
  return { ...packed, tarball: join(directory, packed.filename) };
}

/** package.json, as far as tests ask. */
export interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly man: string;
  readonly exports: Exports;
}

/** A file, or one for each condition or subpath. */
export type Exports = string | { readonly [condition: string]: Exports };

export const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
