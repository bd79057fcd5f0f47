import { accessSync, constants, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../../input-error.js';
import type { Recipe } from '../../../judge/prepare.js';
import { Pace } from '../../../search/checkpoint/pace.js';
import { loadSearch, saveSearch } from '../../../search/checkpoint/search-checkpoint.js';
import type { Search } from '../../../search/search.js';
import { note } from '../../io/note.js';
import { systemError } from '../../io/system-error.js';
import type { CheckOptions } from '../options.js';
import { CheckpointFile, writeCheckpoint } from './checkpoint-file.js';
import { type Identity, identityOf, whyForeign } from './identity.js';
import { resumeCommand } from './resume-command.js';

/** How the files of checkpoints are called, and the only one of a scenario without variants. */
const SUFFIX = '.checkpoint';
const NO_VARIANT = 'scenario';
/** The record that says whose search it is, in JSON. */
const IDENTITY = 'identity';

/** The search of one variant, written down from time to time. */
export class VariantCheckpoint {
  private readonly pace: Pace;

  constructor(
    private readonly path: string,
    private readonly identity: Identity,
    every: number | undefined,
    /** Where it goes on from; undefined: at its beginning. */
    private readonly from: CheckpointFile | undefined,
    private readonly resume: string,
  ) {
    this.pace = new Pace(every);
  }

  /**
   * Brings a search that has not begun to where the checkpoint is, and writes it down from now on.
   * @throws InputError when the first checkpoint cannot be written.
   */
  follow(search: Search): void {
    if (this.from === undefined) this.write(search);
    else loadSearch(search, this.from);
    this.pace.written(search);
    search.onLayer = () => {
      if (this.pace.isDue(search)) this.tryToWrite(search);
    };
  }

  /**
   * The search is over, as far as it goes.
   * @param isPartial it could go on: that is written down and told
   */
  leave(search: Search, isPartial: boolean): void {
    search.onLayer = undefined;
    if (isPartial && this.tryToWrite(search)) note(`to go on from here: ${this.resume}`);
  }

  /** A search is not given up because its checkpoint cannot be written; the one before is still there. */
  private tryToWrite(search: Search): boolean {
    this.pace.written(search);
    try {
      this.write(search);
      return true;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      note(`${error.message}; the one before stays`);
      return false;
    }
  }

  private write(search: Search): void {
    writeCheckpoint(this.path, (sink) => {
      sink.put(IDENTITY, Buffer.from(JSON.stringify(this.identity)));
      saveSearch(search, sink);
    });
  }
}

/** A directory with a checkpoint for each variant. */
export class Checkpoints {
  private constructor(
    private readonly directory: string,
    private readonly options: CheckOptions,
    /** The scenario file, as on the command line. */
    private readonly path: string,
    /** By the names of their files. */
    private readonly known: ReadonlyMap<string, CheckpointFile>,
  ) {}

  /**
   * The directory that the flags name; undefined when they name none.
   * @throws InputError before anything is overwritten.
   */
  static open(recipes: readonly Recipe[], path: string, options: CheckOptions): Checkpoints | undefined {
    const { checkpoint, resume } = options;
    if (checkpoint !== undefined) {
      prepareDirectory(checkpoint);
      return new Checkpoints(checkpoint, options, path, new Map());
    }
    return resume === undefined ? undefined : new Checkpoints(resume, options, path, known(recipes, resume, options));
  }

  of(recipe: Recipe): VariantCheckpoint {
    const { directory, options, path } = this;
    const file = fileName(recipe.variant);
    const command = resumeCommand(path, directory, options);
    const identity = identityOf(recipe, options);
    const from = this.known.get(file);
    return new VariantCheckpoint(join(directory, file), identity, options.checkpointEvery, from, command);
  }
}

function fileName(variant: string | undefined): string {
  return `${variant ?? NO_VARIANT}${SUFFIX}`;
}

/** Makes the directory, or makes sure that it has no checkpoint that would be lost. */
function prepareDirectory(path: string): void {
  try {
    if (statSync(path, { throwIfNoEntry: false }) === undefined) mkdirSync(path);
  } catch (error) {
    throw systemError(`cannot make the directory ${path}`, error);
  }
  const [first] = checkpointsIn(path);
  if (first !== undefined) {
    throw new InputError(`${path} has a checkpoint already: ${first}`, {
      hint: `go on from it with --resume ${path}, or name another directory`,
    });
  }
}

function checkpointsIn(directory: string): readonly string[] {
  try {
    if (!statSync(directory).isDirectory())
      throw new InputError(`cannot keep checkpoints in ${directory}: it is no directory`);
    const names = readdirSync(directory).sort();
    accessSync(directory, constants.W_OK);
    return names.filter((name) => name.endsWith(SUFFIX));
  } catch (error) {
    throw systemError(`cannot keep checkpoints in ${directory}`, error);
  }
}

/** The checkpoints of variants, each of which fits; variants may have none, but for one. */
function known(recipes: readonly Recipe[], directory: string, options: CheckOptions): Map<string, CheckpointFile> {
  const there = checkpointsIn(directory);
  const files = new Map<string, CheckpointFile>();
  for (const recipe of recipes) {
    const name = fileName(recipe.variant);
    if (!there.includes(name)) continue;
    const file = new CheckpointFile(join(directory, name));
    const why = whyForeign(identityIn(file), identityOf(recipe, options));
    if (why !== undefined) throw new InputError(`cannot go on from here: ${why}`, { location: { file: file.path } });
    files.set(name, file);
  }
  if (files.size > 0) return files;
  throw new InputError(
    there.length === 0
      ? `${directory} has no checkpoint`
      : `${directory} has no checkpoint of ${recipes.length === 1 ? 'this variant' : 'these variants'}, only ${there.join(', ')}`,
    { hint: `begin with --checkpoint ${directory}` },
  );
}

function identityIn(file: CheckpointFile): Partial<Record<string, unknown>> {
  for (const bytes of file.all(IDENTITY)) {
    const json: unknown = JSON.parse(Buffer.from(bytes).toString());
    if (typeof json === 'object' && json !== null) return json as Partial<Record<string, unknown>>;
  }
  return {};
}
