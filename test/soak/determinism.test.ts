import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RoundRobin } from '../../src/explore/round-robin.js';
import type { Scheduler } from '../../src/explore/scheduler.js';
import { SCHEDULERS } from '../../src/explore/schedulers.js';
import { buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';
import { type Build, runTwice } from '../explore/run-twice.js';

const ROOT = new URL('../../', import.meta.url);
const LIMIT = 300;

const read = (path: string): Buffer => readFileSync(new URL(path, ROOT));
const files = new Map([['crc-t10dif.elf', new Uint8Array(read('examples/crc-t10dif/crc-t10dif.elf'))]]);
/** Every scenario in the repository that is one, not a litmus case. */
const PATHS = [
  ...readdirSync(new URL('scenarios/', ROOT))
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => `scenarios/${name}`),
  'examples/crc-t10dif/crc-t10dif.yaml',
  'bench/five-cpus.yaml',
];

describe('Each committed scenario runs twice with equal traces, and on both backends along the same schedule', () => {
  // Random schedules of them are in test/soak/scenarios.test.ts, through runTwice as well.
  it.each(PATHS)('%s', (path) => {
    const loaded = loadScenario(read(path).toString('utf8'), path);
    for (const variant of [undefined, ...loaded.variants]) {
      for (const make of [SCHEDULERS['round-robin'], SCHEDULERS.pct, SCHEDULERS.starve]) {
        const options = variant === undefined ? { files } : { files, variant };
        const build: Build = (backend) => buildScenario(loaded, { ...options, backend });
        const { steps, end } = runTwice(build, () => make(7), LIMIT);
        expect(steps === LIMIT || end.kind !== 'limit').toBe(true);
      }
    }
  });
});

describe('An execution that is not deterministic', () => {
  const loaded = loadScenario(read('scenarios/call-swap.yaml').toString('utf8'), 'call-swap.yaml');
  const build: Build = (backend) => buildScenario(loaded, { backend });

  it('is found at the first step that differs', () => {
    let times = 0;
    const scheduler = (): Scheduler => (times++ === 0 ? new RoundRobin() : SCHEDULERS.random(1));
    expect(() => runTwice(build, scheduler, 50)).toThrow(/^step [0-9]+ differs under the same scheduler:/);
  });

  it('is found where only the state differs, on the other backend alone', () => {
    const spoilt: Build = (backend) => {
      const built = build(backend);
      if (backend === 'bigint') built.machine.state(1).setGpr('r15', 1n);
      return built;
    };
    expect(() => runTwice(spoilt, () => new RoundRobin(), 50)).toThrow(/^step 1 differs under the other backend:/);
  });
});

describe('Executions of committed scenarios in the tests', () => {
  /** These execute by themselves, and for a reason. */
  const EXCEPTIONS = [
    'damage/brief-run.ts', // thousands of damaged inputs, a few steps each
    'scenario/build.slow.test.ts', // asks the machine that was executed
    'scenario/handlers.test.ts', // goes back to the same start for each seed
    'soak/random-schedules.test.ts', // as many schedules as there is time for
  ];

  it('go through runTwice', () => {
    const test = new URL('test/', ROOT);
    const names = readdirSync(test, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const executing = names.filter((name) => {
      const text = readFileSync(new URL(name, test), 'utf8');
      return /^import .*explore\/run\.js'/m.test(text) && /scenarios\/|examples\/|LoadedScenario/.test(text);
    });
    expect(executing.sort()).toEqual(EXCEPTIONS);
  });
});
