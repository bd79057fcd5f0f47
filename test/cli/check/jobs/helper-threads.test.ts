import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { HelperThreads } from '../../../../src/cli/check/jobs/helper-threads.js';
import { prepare, type Recipe } from '../../../../src/cli/scenario/prepare.js';
import { loadScenario } from '../../../../src/scenario/load.js';
import { PACE } from '../../../../src/search/helpers/help.js';
import type { Answers, HelperPort } from '../../../../src/search/helpers/messages.js';
import { ALL_REDUCTIONS } from '../../../../src/search/reduction/reductions.js';
import { Search } from '../../../../src/search/search.js';
import { found } from '../../../search/found.js';
import { ROOT } from '../../xmc.js';

const STUB = join(ROOT, 'scenarios/stub.yaml');
const RECIPE: Recipe = {
  ...{ loaded: loadScenario(readFileSync(STUB, 'utf8'), STUB), variant: 'plain' },
  ...{ files: new Map(), backend: 'wasm' },
};
const SCRIPT = pathToFileURL(join(ROOT, 'dist/cli/check/jobs/helper-thread.js'));

/** A port on which answers are waited for. */
class PatientPort implements HelperPort {
  private readonly waiting: Answers[] = [];

  constructor(private readonly port: HelperPort) {}

  /** Each request is answered once. */
  private asked = 0;

  post: HelperPort['post'] = (request) => {
    this.asked++;
    this.port.post(request);
  };

  take: HelperPort['take'] = () => this.waiting.shift() ?? this.taken();

  private taken(): Answers | undefined {
    const answers = this.port.take();
    if (answers !== undefined) this.asked--;
    return answers;
  }

  async allAnswered(): Promise<void> {
    while (this.asked > 0) {
      const answers = this.taken();
      if (answers === undefined) await sleep(2);
      else this.waiting.push(answers);
    }
  }
}

function searchOf(helpers?: HelperThreads, ports?: readonly HelperPort[]): Search {
  const { machine, monitors } = prepare(RECIPE).built;
  const limits = { states: 20_000, memory: 2 ** 31 };
  const options = { limits, moveCache: true, reductions: ALL_REDUCTIONS };
  if (helpers === undefined || ports === undefined) return new Search(machine, monitors, options);
  const { looked, pace } = helpers;
  return new Search(machine, monitors, { ...options, helpers: { ports, looked, ...(pace && { pace }) } });
}

it('A search finds the same when threads have helped it', async () => {
  const threads = new HelperThreads(2, RECIPE, ALL_REDUCTIONS, { script: SCRIPT, pace: { ...PACE, least: 300 } });
  const ports = threads.ports.map((port) => new PatientPort(port));
  const helped = searchOf(threads, ports);
  while (helped.advance(500) === undefined) await Promise.all(ports.map((port) => port.allAnswered()));
  await threads.close();
  const alone = searchOf();
  alone.advance(Number.POSITIVE_INFINITY);
  expect(helped.movesTold).toBeGreaterThan(0);
  expect(found(helped)).toEqual(found(alone));
});
