import { cpSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Checkpoints } from '../../../src/cli/check/checkpoint/checkpoints.js';
import { type CheckOptions, checkCheckOptions, choiceOf } from '../../../src/cli/check/options.js';
import { recipesFor } from '../../../src/cli/scenario/recipes.js';
import { readScenario } from '../../../src/cli/scenario/scenario-input.js';
import { InputError } from '../../../src/input-error.js';
import { explorerFor } from '../../../src/judge/check/explorer.js';
import { prepare, type Recipe } from '../../../src/judge/prepare.js';
import type { Search } from '../../../src/search/search.js';
import { SMALL } from '../small-scenario.js';
import { Workshop } from '../xmc.js';
import { NO_FLAGS } from './no-flags.js';

const shop = new Workshop();
const at = (name: string): string => join(shop.path, name);
const OPTIONS: CheckOptions = { ...NO_FLAGS, variant: 'whole', checkpointEvery: 200 };

async function recipesOf(file: string, options: CheckOptions): Promise<Recipe[]> {
  return recipesFor(await readScenario(at(file)), { ...options, backend: 'wasm' }, 'checked');
}

function searchOf(recipe: Recipe, options: CheckOptions): Search {
  const search = explorerFor(prepare(recipe).built, choiceOf(options), undefined).resumable;
  if (search === undefined) throw new Error('the fast engine can be resumed');
  return search;
}

beforeAll(async () => {
  shop.write('small.yaml', SMALL);
  shop.write('other.yaml', SMALL.replace('reschedule: 0', 'reschedule: 1'));
  const options = { ...OPTIONS, checkpoint: at('small') };
  for (const recipe of await recipesOf('small.yaml', options)) {
    const search = searchOf(recipe, options);
    Checkpoints.open([recipe], 'small.yaml', options)?.of(recipe).follow(search);
    search.advance(Number.POSITIVE_INFINITY);
  }
});

const fileIn = (name: string): string => at(`${name}/whole.checkpoint`);

/** A copy of the checkpoint, to spoil. */
function copied(name: string, spoil: (file: string) => void = () => {}): string {
  cpSync(at('small'), at(name), { recursive: true });
  spoil(fileIn(name));
  return at(name);
}

const cutTo =
  (length: number) =>
  (file: string): void =>
    truncateSync(file, length < 0 ? statSync(file).size + length : length);

const changed =
  (index: number) =>
  (file: string): void => {
    const bytes = readFileSync(file);
    const at = index < 0 ? bytes.length + index : index;
    bytes[at] = (bytes[at] ?? 0) ^ 8;
    writeFileSync(file, bytes);
  };

interface Case {
  readonly file?: string;
  readonly options: Partial<CheckOptions>;
  readonly message: string;
}

/** Checkpoints that are damaged, by what is wrong with them: what is done to the file, and what is said. */
const DAMAGED: Readonly<Record<string, readonly [spoil: (file: string) => void, message: string]>> = {
  'one that is cut off': [cutTo(-1), 'a damaged checkpoint'],
  'one that is cut off early': [cutTo(20), 'a damaged checkpoint'],
  'one with a changed byte': [changed(2000), 'a damaged checkpoint'],
  'one with another checksum': [changed(-1), 'a damaged checkpoint'],
  'one of another format': [changed(15), 'a checkpoint of another format, xmc-checkpoint/9'],
  'an empty file': [cutTo(0), 'not an xmc checkpoint'],
};

const damaged = Object.entries(DAMAGED).map(([what, [spoil, message]]) => {
  return [what, (): Case => ({ options: { resume: copied(what, spoil) }, message })] as const;
});

/** What is refused, by what it is. */
const REFUSED: Readonly<Record<string, () => Case>> = {
  'a checkpoint of another scenario': () => ({
    file: 'other.yaml',
    options: { resume: copied('a') },
    message: 'it is of another scenario, or the scenario was changed since',
  }),
  'one of another profile': () => ({
    options: { profile: 'paranoid', resume: copied('b') },
    message: "it is of the profile (the scenario's), not of paranoid",
  }),
  'one with other reductions': () => ({
    options: { reduction: ['fusion'], resume: copied('c') },
    message: 'it was made with the reductions all, not with all but fusion',
  }),
  ...Object.fromEntries(damaged),
  'a directory without a checkpoint': () => {
    mkdirSync(at('j'));
    return { options: { resume: at('j') }, message: 'j has no checkpoint' };
  },
  'a directory with checkpoints of other variants': () => ({
    options: { variant: 'naive', resume: copied('k') },
    message: 'k has no checkpoint of this variant, only whole.checkpoint',
  }),
  'a directory that is not there': () => ({ options: { resume: at('l') }, message: 'no such file or directory' }),
  'to resume from a file': () => ({
    options: { resume: at('small.yaml') },
    message: 'small.yaml: it is no directory',
  }),
  'to keep checkpoints in a file': () => ({
    options: { checkpoint: at('small.yaml') },
    message: 'small.yaml: it is no directory',
  }),
  'to keep checkpoints below a file': () => ({
    options: { checkpoint: at('small.yaml/m') },
    message: 'a part of the path is not a directory',
  }),
  'a directory that cannot be made': () => ({
    options: { checkpoint: at('no/where') },
    message: 'no such file or directory',
  }),
  'a directory that cannot be written': () => ({ options: { checkpoint: '/proc/self' }, message: 'cannot keep' }),
  'to begin where a checkpoint would be lost': () => ({
    options: { checkpoint: copied('n') },
    message: 'n has a checkpoint already: whole.checkpoint',
  }),
  'to begin and to go on': () => ({ options: { checkpoint: at('o'), resume: at('small') }, message: 'choose one' }),
  'the plain engine': () => ({
    options: { engine: 'plain', checkpoint: at('o') },
    message: 'the plain engine keeps no checkpoints',
  }),
  'a pace without checkpoints': () => ({ options: {}, message: '--checkpoint-every goes with' }),
  'an estimate, which is not kept': () => ({
    options: { estimate: true, checkpoint: at('o') },
    message: '--estimate does not search, so that --checkpoint has no use',
  }),
  'no name of a directory': () => ({ options: { checkpoint: '' }, message: '--checkpoint needs the name' }),
};

describe('A check with checkpoints refuses', () => {
  it.each(Object.entries(REFUSED))('%s', async (_what, prepared) => {
    const { file = 'small.yaml', options: some, message } = prepared();
    const options = { ...OPTIONS, ...some };
    const path = join(options.resume ?? options.checkpoint ?? '', 'whole.checkpoint');
    const before = contents(path);
    const open = async (): Promise<void> => {
      checkCheckOptions(options);
      Checkpoints.open(await recipesOf(file, options), file, options);
    };
    const error = await open().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).message).toContain(message);
    expect(contents(path)).toBe(before);
  });

  function contents(path: string): string | undefined {
    try {
      return readFileSync(path, 'base64');
    } catch {
      return undefined;
    }
  }
});

describe('The search of a variant', () => {
  it('goes on from its checkpoint, and is written again when it has found enough', async () => {
    const options = { ...OPTIONS, resume: copied('again') };
    const [recipe] = await recipesOf('small.yaml', options);
    if (recipe === undefined) throw new Error('small.yaml has a variant whole');
    const search = searchOf(recipe, options);
    const written = readFileSync(fileIn('again'));
    Checkpoints.open([recipe], 'small.yaml', { ...options, checkpointEvery: 1 })
      ?.of(recipe)
      .follow(search);
    const { states } = search.counts;
    expect(states).toBeGreaterThanOrEqual(200);
    expect(readFileSync(fileIn('again'))).toEqual(written);
    search.advance(Number.POSITIVE_INFINITY);
    expect(search.counts.states).toBeGreaterThan(states);
    expect(readFileSync(fileIn('again'))).not.toEqual(written);
  });
});
