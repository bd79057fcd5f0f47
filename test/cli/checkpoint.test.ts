import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasCheckpoint, killAndResume, start } from './killed.js';
import { SMALL } from './small-scenario.js';
import { CALL_SWAP, type Ended, endOf, Workshop } from './xmc.js';

const shop = new Workshop();
const CHECK = ['check', CALL_SWAP, '--variant', 'text-poke-bp', '--json'];
const SMALL_CHECK = ['check', 'small.yaml', '--json'];
const WHOLE = [...SMALL_CHECK, '--variant', 'whole', '--no-reduction', 'all'];
let small: Ended;
let whole: Ended;

beforeAll(async () => {
  shop.write('small.yaml', SMALL);
  [small, whole] = [await shop.xmc(SMALL_CHECK), await shop.xmc(WHOLE)];
}, 60_000);

describe('xmc check --checkpoint', () => {
  it('says what it says without; what it leaves in the directory says it again, and other files stay', async () => {
    expect(await shop.xmc([...SMALL_CHECK, '--checkpoint', 'kept', '--checkpoint-every', '50', '--jobs', '2'])).toEqual(
      small,
    );
    expect(small.code).toBe(0);
    shop.write('kept/notes', 'mine');
    shop.write('kept/whole.checkpoint.new', 'half of a');
    expect(await shop.xmc([...SMALL_CHECK, '--resume', 'kept'])).toEqual(small);
    expect(shop.read('kept/notes')).toBe('mine');
    const { code, stdout, stderr } = await shop.xmc([...SMALL_CHECK, '--checkpoint', 'kept']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(
      'error: kept has a checkpoint already: blind.checkpoint\nhint: go on from it with --resume',
    );
  });

  it('is killed, resumed, and says what it says at once', async () => {
    const args = [...WHOLE, '--checkpoint-every', '20'];
    const { ended } = await killAndResume({ args, cwd: shop.path, kills: 3, seed: 1, after: [200, 500] });
    for (const each of ended) expect(each).toEqual(whole);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('writes a last checkpoint on %s, says how to go on, and ends with %i', async (signal, code) => {
    const directory = join(shop.path, signal);
    const file = join(directory, 'text-poke-bp.checkpoint');
    const child = start([...CHECK, '--checkpoint', directory], shop.path);
    const ending = endOf(child);
    while (!hasCheckpoint(directory)) await sleep(5);
    const { size } = statSync(file);
    await sleep(20);
    child.kill(signal);
    const { code: ended, stderr } = await ending;
    expect(ended).toBe(code);
    expect(stderr).toContain(`--variant text-poke-bp --json --resume ${directory}`);
    expect(statSync(file).size).toBeGreaterThan(size);
  });

  it('goes on from where a limit has stopped it, with another one', async () => {
    const { code, stderr } = await shop.xmc([...WHOLE, '--max-states', '1000', '--checkpoint', 'limited']);
    expect(code).toBe(3);
    expect(stderr).toContain('to go on from here: ');
    expect(await shop.xmc([...WHOLE, '--resume', 'limited'])).toEqual(whole);
  });
});
