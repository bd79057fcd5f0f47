import { RandomScheduler } from '../../src/explore/random-scheduler.js';
import { recordRun } from '../../src/explore/recorded-run.js';
import { run } from '../../src/explore/run.js';
import type { Schedule } from '../../src/explore/schedule-file.js';
import type { Scheduler } from '../../src/explore/scheduler.js';
import { buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';

/** Two workers call through a site that is patched. */
export const CALL_SWAP = `scenario: call-swap
text:
  - base: 0xffffffff8100c0bc
    asm: |
      site:  call.rel32 old
             jmp.rel8 site
  - base: 0xffffffff82000000
    asm: |
      old:   mov $1, %eax
             ret
             .skip 0x1234
      new:   mov $2, %eax
             ret
sites:
  site: {clobbers: [rax], flag-clobbers: all}
cpus: 3
tasks:
  patcher: {cpu: 0, procedure: patch}
  worker:  {cpu: [1, 2], entry: site}
patch:
  repeat: 20
  list:
    - {site: site, new: "call.rel32 new"}
    - {site: site, new: "call.rel32 old"}
variants:
  text-poke-bp: {}
  memcpy: {algorithm: memcpy}
`;

/** The machine of a variant before its first step. */
export function built(variant: string, backend: 'wasm' | 'bigint' = 'wasm', text = CALL_SWAP) {
  return buildScenario(loadScenario(text, 'call-swap.yaml'), { variant, backend });
}

/** An execution of a variant, recorded. */
export function recorded(variant: string, limit: number, scheduler: Scheduler = new RandomScheduler(1)): Schedule {
  const first = built(variant);
  const { schedule } = run(first.machine, first.monitors, scheduler, limit);
  const again = built(variant);
  return {
    scenario: 'call-swap',
    variant,
    profile: undefined,
    randomSeed: undefined,
    scheduler: scheduler.description,
    ...recordRun(again.machine, again.monitors, schedule),
    source: { name: 'call-swap.yaml', text: CALL_SWAP },
    files: new Map(),
  };
}
