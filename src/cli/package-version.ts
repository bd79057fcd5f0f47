import { readFileSync } from 'node:fs';

/** The version of this program, as its package says. */
export function packageVersion(): string {
  const data: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const known = typeof data === 'object' && data !== null && 'version' in data ? data.version : undefined;
  return typeof known === 'string' ? known : 'of unknown version';
}
