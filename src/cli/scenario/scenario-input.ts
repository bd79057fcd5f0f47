import { dirname, join, resolve } from 'node:path';
import { InputError } from '../../input-error.js';
import { limits } from '../../scenario/limits.js';
import { type LoadedScenario, loadScenario } from '../../scenario/load.js';
import { displayName, readFileBytes, readText, STDIN } from '../io/read-input.js';

/** Bytes of an ELF file that a scenario may name. */
const ELF_BYTES = 256 << 20;

/** A scenario with access to the files that it names. */
export interface ScenarioInput {
  readonly loaded: LoadedScenario;
  /** Where it was read from, as on the command line. */
  readonly path: string;
  /** The files of a variant, by the path as written in the scenario. */
  files(variant: string | undefined): ReadonlyMap<string, Uint8Array>;
  /** An error in one of the files, under the name by which the user finds it; others pass unchanged. */
  locate(error: unknown): unknown;
}

/** Reads and validates a scenario file; `-` is standard input, with paths relative to the working directory. */
export async function readScenario(path: string): Promise<ScenarioInput> {
  return scenarioInput(path, await readText(path, limits.fileBytes));
}

/** The same from its text. @param name of the file, for messages */
export function scenarioInput(path: string, text: string, name = displayName(path)): ScenarioInput {
  const loaded = loadScenario(text, name);
  const directory = path === STDIN ? '.' : dirname(path);
  const read = new Map<string, Uint8Array>();
  const files = (variant: string | undefined): ReadonlyMap<string, Uint8Array> => {
    const wanted = new Map<string, Uint8Array>();
    for (const region of loaded.variant(variant).text) {
      if (region.kind !== 'elf') continue;
      const name = region.path.text;
      const bytes = read.get(name) ?? readNamed(directory, name, region.path.origin);
      read.set(name, bytes);
      wanted.set(name, bytes);
    }
    return wanted;
  };
  const locate = (error: unknown): unknown => {
    if (!(error instanceof InputError) || error.location === undefined || !read.has(error.location.file)) return error;
    const { message, location, excerpt, hint } = error;
    return new InputError(message, {
      location: { ...location, file: join(directory, location.file) },
      ...(excerpt === undefined ? {} : { excerpt }),
      ...(hint === undefined ? {} : { hint }),
    });
  };
  return { loaded, path, files, locate };
}

function readNamed(directory: string, name: string, origin: object): Uint8Array {
  try {
    return readFileBytes(resolve(directory, name), ELF_BYTES);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`${name}: ${error.message}`, origin);
  }
}
