import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { check } from '../../src/api/check.js';
import { run } from '../../src/api/run.js';
import { loadScenario } from '../../src/scenario/load.js';
import { SMALL } from '../cli/small-scenario.js';
import { ROOT } from '../cli/xmc.js';

const FILE = join(ROOT, 'dist/browser.js');

/** What only Node has among the global names. */
const OF_NODE = [
  'process',
  'Buffer',
  'global',
  'setImmediate',
  'clearImmediate',
  'require',
  'module',
  '__filename',
  '__dirname',
];

/** Runs the body of an async function with the library, where there is nothing of Node; gives what it returns. */
function inBrowser(body: string, data: unknown): Promise<unknown> {
  const code = `
    const { parentPort, workerData } = require('node:worker_threads');
    const tell = parentPort.postMessage.bind(parentPort);
    (async () => {
      for (const name of ${JSON.stringify(OF_NODE)}) delete globalThis[name];
      const xmc = await import(${JSON.stringify(`file://${FILE}`)});
      tell(await (async (xmc, data) => {${body}})(xmc, workerData));
    })();`;
  return new Promise((resolve, reject) => {
    const worker = new Worker(code, { eval: true, workerData: data });
    worker.once('message', (message) => {
      resolve(message);
      void worker.terminate();
    });
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('it has told nothing')));
  });
}

describe('The file for browsers', () => {
  it('imports nothing, and nothing of Node is there when it is tried', async () => {
    expect(/(?:^|[;}\n])import\b|\bimport\.meta\b|["'`]node:/.test(readFileSync(FILE, 'utf8'))).toBe(false);
    const left = await inBrowser(
      `return data.filter((name) => name in globalThis || (0, eval)('typeof ' + name) !== 'undefined')`,
      OF_NODE,
    );
    expect(left).toEqual([]);
  });

  it('has all that the library has', async () => {
    const names = await inBrowser('return Object.keys(xmc).sort()', undefined);
    expect(names).toEqual(Object.keys(await import('../../src/index.js')).sort());
  });

  it('checks, runs and replays to the same result, and hears of an aborted signal', async () => {
    const loaded = loadScenario(SMALL, 'small.yaml');
    const told = [];
    for (const variant of loaded.variants) {
      const result = await check(loaded, { variant });
      const trace = result.verdict === 'violated' ? result.counterexample.trace() : '';
      told.push([variant, result.text, result.states, result.transitions, trace]);
    }
    const { hash } = await run(loaded, { variant: 'whole', steps: 500 });
    const found = await inBrowser(
      `const loaded = xmc.loadScenario(data, 'small.yaml');
       const told = [];
       const replayed = [];
       for await (const result of xmc.checkAll(loaded)) {
         const { variant, text, states, transitions, counterexample } = result;
         told.push([variant, text, states, transitions, counterexample?.trace() ?? '']);
         if (counterexample !== undefined)
           replayed.push((await xmc.replay(await xmc.scheduleText(counterexample.schedule))).outcome);
       }
       const { hash } = await xmc.run(loaded, { variant: 'whole', steps: 500 });
       const aborter = new AbortController();
       setTimeout(() => aborter.abort(), 1);
       const { reason } = await xmc.run(loaded, { variant: 'whole', steps: 1e12, signal: aborter.signal });
       return { told, replayed, hash, reason };`,
      SMALL,
    );
    expect(found).toEqual({ told, replayed: ['reproduced', 'reproduced'], hash, reason: 'interrupted' });
  });

  it('has the licences of what is in it beside it', () => {
    const licences = readFileSync(join(ROOT, 'dist/browser.licenses.txt'), 'utf8');
    for (const name of ['iced-x86', 'yaml', 'zod']) expect(licences).toMatch(new RegExp(`^${name} [0-9.]+ \\(`, 'm'));
    expect(licences.match(/Permission (is hereby granted|to use)/g)?.length).toBe(3);
  });
});
