import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { start } from '../../killed.js';
import { SMALL } from '../../small-scenario.js';
import { endOf, ROOT, Workshop } from '../../xmc.js';

const shop = new Workshop();
shop.write('small.yaml', SMALL);

/** A search that takes long, twice, behind one that does not. */
const LONG = readFileSync(join(ROOT, 'bench/looping-workers.yaml'), 'utf8').replace(
  /^variants:[\s\S]*/m,
  `variants:
  short: {expect: verified}
  long: {cpus: 5, tasks.worker.cpu: [1, 2, 3, 4]}
  long-too: {cpus: 5, tasks.worker.cpu: [1, 2, 3, 4]}
  longer: {cpus: 5, tasks.worker.cpu: [1, 2, 3, 4]}
`,
);

/** What a check of small.yaml says, and the files that it leaves. */
async function checked(directory: string, ...flags: string[]) {
  const cwd = join(shop.path, directory);
  mkdirSync(cwd);
  const ended = await shop.xmc(['check', '../small.yaml', ...flags], { cwd });
  return { ended, files: readdirSync(cwd).map((name) => [name, readFileSync(join(cwd, name), 'utf8')]) };
}

describe('xmc check --jobs, of several variants', () => {
  it('says and writes the same to the byte for every number of threads', async () => {
    const one = await checked('one', '--color', 'always', '--all-steps');
    expect(one.ended).toMatchObject({ code: 0, stderr: '' });
    expect(one.files.map(([name]) => name)).toEqual(['small.blind.schedule', 'small.naive.schedule']);
    for (const jobs of ['2', '3'])
      expect(await checked(`several-${jobs}`, '--color', 'always', '--all-steps', '--jobs', jobs)).toEqual(one);
  });

  it('ends where a schedule must not be written, and what was told before stays', async () => {
    shop.write('small.naive.schedule', 'mine');
    const { code, stdout, stderr } = await shop.xmc(['check', 'small.yaml', '--jobs', '2']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('will not overwrite small.naive.schedule')]);
    expect(stdout).toMatch(/^small\n\nwhole {2}VERIFIED/);
    expect(stdout).not.toMatch(/^(naive|blind)/m);
    expect(shop.read('small.naive.schedule')).toBe('mine');
  });

  it('tells what was complete and what was under way when it is interrupted', async () => {
    shop.write('long.yaml', LONG);
    const child = start(['check', 'long.yaml', '--jobs', '2'], shop.path);
    child.stdout?.on('data', async (text: Buffer | string) => {
      if (!String(text).includes('short')) return;
      // A thread is started after two seconds, and begins with the third, unless it is slow.
      await sleep(3500);
      child.kill('SIGINT');
    });
    const { code, stdout, stderr } = await endOf(child);
    expect([code, stderr]).toEqual([130, '']);
    const told = stdout.split('\n').filter((line) => /^\w/.test(line));
    const stopped = told.filter((line) => line.includes('INCONCLUSIVE'));
    const begun = ['long', 'long-too'].slice(0, Math.max(1, stopped.length));
    expect(told.slice(1)).toEqual([
      expect.stringMatching(/^short {5}VERIFIED exhaustive {2}723 states/),
      ...begun.map((name) => expect.stringMatching(`^${name.padEnd(8)}  INCONCLUSIVE interrupted  `)),
      begun.length === 2 ? 'interrupted: 1 variant not checked' : 'interrupted: 2 variants not checked',
      '1 of 1 variant as expected',
    ]);
  });
});
