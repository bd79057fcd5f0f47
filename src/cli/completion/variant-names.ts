import { homedir } from 'node:os';
import { join } from 'node:path';
import { limits } from '../../scenario/limits.js';
import { parseYaml } from '../../scenario/yaml-source.js';
import { decodeText, readFileBytes } from '../io/read-input.js';

/**
 * The names of a scenario's variants, in the order of the file. It is parsed and not validated: a scenario that is being
 * written has variants too.
 * @param path as on the command line; a shell has not replaced `~` yet
 * @throws InputError when it cannot be read, or is no YAML
 */
export function variantNames(path: string): readonly string[] {
  const file = path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
  const { root } = parseYaml(decodeText(readFileBytes(file, limits.fileBytes), file), file);
  const variants = root.kind === 'map' ? root.entries.get('variants')?.value : undefined;
  return variants?.kind === 'map' ? [...variants.entries.keys()] : [];
}
