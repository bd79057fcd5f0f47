import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Recipe } from '../../../judge/prepare.js';
import { ALL_REDUCTIONS } from '../../../search/reduction/reductions.js';
import { packageVersion } from '../../package-version.js';
import { type CheckOptions, reductionsOf } from '../options.js';

/** What a search has to have in common with another one that goes on from its checkpoint. Limits are not of it. */
const FIELDS = {
  version: (other: string, own: string) => `it was written by xmc ${other}, and this is xmc ${own}`,
  build: () => 'it was written by another build of xmc, whose numbers mean something else',
  byteOrder: (other: string) => `it was written on a machine with the byte order ${other}`,
  scenario: () => 'it is of another scenario, or the scenario was changed since',
  files: () => 'an ELF file of the scenario was changed since',
  variant: (other: string, own: string) => `it is of the variant ${other}, not of ${own}`,
  profile: (other: string, own: string) => `it is of the profile ${other}, not of ${own}`,
  reductions: (other: string, own: string) => `it was made with the reductions ${other}, not with ${own}`,
  fingerprints: (other: string, own: string) => `it was made with ${other}, not with ${own}`,
} as const satisfies Record<string, (other: string, own: string) => string>;

/** By name of the field. */
export type Identity = Readonly<Record<keyof typeof FIELDS, string>>;

export function identityOf({ loaded, variant, files, profile }: Recipe, options: CheckOptions): Identity {
  return {
    version: packageVersion(),
    build: buildHash(),
    byteOrder: endianness(),
    scenario: sha256([loaded.text]),
    files: sha256([...files].flat()),
    variant: variant ?? '(none)',
    profile: profile ?? "(the scenario's)",
    reductions: reductionsText(options),
    fingerprints: options.fingerprints ? `--fingerprint-seed ${options.fingerprintSeed}` : '--no-fingerprints',
  };
}

function reductionsText(options: CheckOptions): string {
  const on = reductionsOf(options);
  const off = [...ALL_REDUCTIONS].filter((name) => !on.has(name));
  if (off.length === 0) return 'all';
  return on.size === 0 ? 'none' : `all but ${off.join(', ')}`;
}

/** In words, why a search cannot go on from a checkpoint; undefined when it can. */
export function whyForeign(other: Partial<Record<string, unknown>>, own: Identity): string | undefined {
  for (const [field, words] of Object.entries(FIELDS) as [keyof Identity, (typeof FIELDS)[keyof Identity]][])
    if (other[field] !== own[field]) return words(String(other[field]), own[field]);
  return undefined;
}

/** The hash of the program as it is installed; it is not installed anew meanwhile. */
let build: string | undefined;

function buildHash(): string {
  build ??= hashOfProgram();
  return build;
}

function hashOfProgram(): string {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
  return sha256(
    paths.filter((path) => statSync(join(root, path)).isFile()).map((path) => readFileSync(join(root, path))),
  );
}

/** Of all parts, with their lengths. */
function sha256(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest('hex');
}
