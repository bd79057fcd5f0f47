import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../cli/xmc.js';

const PAN = pathToFileURL(join(ROOT, 'bench/spin/pan.js')).href;
const hasSpin = [
  ['spin', '-V'],
  ['gcc', '--version'],
].every(([command = '', flag = '']) => spawnSync(command, [flag]).status === 0);

describe('the model of text_poke_bp for SPIN', () => {
  it.skipIf(!hasSpin)('holds, and without each sync it does not (needs spin and gcc)', async () => {
    const { searchModel } = (await import(PAN)) as {
      searchModel: (workers: number, defines: readonly string[]) => { end: string };
    };
    const ends = [[], ['NO_SYNC1'], ['NO_SYNC2'], ['NO_SYNC3']].map((defines) => searchModel(1, defines).end);
    expect(ends).toEqual(['exhausted', 'no-torn-instruction', 'no-torn-instruction', 'int3-handled']);
  });
});
