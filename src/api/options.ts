import { InputError } from '../input-error.js';
import type { Onlooker, ProgressListener } from '../judge/onlooker.js';
import { type Backend, prepare, type Recipe } from '../judge/prepare.js';
import { PROFILES } from '../profile/profiles.js';
import type { LoadedScenario } from '../scenario/load.js';
import { didYouMean } from '../suggest.js';

/** Contents of files, by the path as a scenario names them. */
export type NamedFiles = ReadonlyMap<string, Uint8Array> | Readonly<Record<string, Uint8Array>>;

/** Which variant of a scenario is meant, and under which conditions. */
export interface VariantOptions {
  /** The name of a variant; default: the scenario as written, without the changes of any variant. */
  readonly variant?: string | undefined;
  /** A profile in the place of the scenario's own; then nothing is expected of the verdict. */
  readonly profile?: string | undefined;
  /** The ELF files that the scenario names, by their paths as written there. */
  readonly files?: NamedFiles | undefined;
}

/** How work that takes long is ended early. */
export interface AbortOptions {
  /**
   * Ends the work between two slices, some milliseconds each. The promise is not rejected: what was found so far is its
   * result, with the reason `interrupted`.
   */
  readonly signal?: Pick<AbortSignal, 'aborted'> | undefined;
}

/** How work that takes long says how far it is. */
export interface ProgressOptions<Progress> {
  /** Hears how far the work is, after every few thousand states or steps. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Who is told how far the work is, and may end it. */
export function surroundingsOf<Progress>(options: AbortOptions & ProgressOptions<Progress>) {
  const { onProgress } = options;
  const progress: ProgressListener<Progress> = { update: (now) => onProgress?.(now()), clear: () => {} };
  return { onlooker: onlookerOf(options), progress };
}

const NEVER: Onlooker['signal'] = { aborted: false };

/** Work that a signal ends, and that lets timers and input through meanwhile. */
export function onlookerOf({ signal = NEVER }: { readonly signal?: Onlooker['signal'] | undefined }): Onlooker {
  return { signal, pause };
}

/** Browsers have no setImmediate. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}

/**
 * What is judged; it can be built.
 * @throws InputError for whatever in the scenario or the options is wrong.
 */
export function recipeOf(loaded: LoadedScenario, options: VariantOptions, backend: Backend = 'wasm'): Recipe {
  const { variant, profile } = options;
  if (profile !== undefined && !PROFILES.has(profile)) throw unknown('profile', profile, [...PROFILES.keys()]);
  const files = filesOf(loaded, options);
  const sourceName = /[^/\\]+$/.exec(loaded.file)?.[0];
  const recipe: Recipe = { loaded, variant, profile, files, backend, sourceName };
  prepare(recipe);
  return recipe;
}

/** Of all files those that the variant names. */
function filesOf(loaded: LoadedScenario, { variant, files = {} }: VariantOptions): ReadonlyMap<string, Uint8Array> {
  const all = files instanceof Map ? files : new Map(Object.entries(files));
  const paths = loaded.variant(variant).text.flatMap((region) => (region.kind === 'elf' ? [region.path.text] : []));
  return new Map(paths.flatMap((path) => (all.has(path) ? [[path, all.get(path)]] : [])));
}

/** @throws InputError unless a number is an integer in a range, where there is one. */
export function requireInteger(name: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return;
  throw new InputError(`${name}: expected an integer from ${min} to ${max}, not ${value}`);
}

/** @throws InputError unless a name is one of those that are known, where there is one. */
export function requireKnown(what: string, name: string | undefined, known: readonly string[]): void {
  if (name !== undefined && !known.includes(name)) throw unknown(what, name, known);
}

function unknown(what: string, name: string, known: readonly string[]): InputError {
  return new InputError(`unknown ${what} "${name}"`, {
    hint: didYouMean(name, known) ?? `known: ${known.join(', ')}`,
  });
}
