import { type CpuNaming, NAMES_NO_CPU } from '../../src/machine/cpu-naming.js';
import { type BuiltScenario, buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';
import type { Compaction } from '../../src/search/compaction.js';
import { NO_REDUCTIONS, type Reductions } from '../../src/search/reduction/reductions.js';
import { bodyBehindSite, siteScenario } from '../site-scenario.js';

/** A patcher and workers that execute `body` between their site and the way back. */
function scenario(body: string, more: string, { workers, nmi }: Pick<Required<Kind>, 'workers' | 'nmi'>): string {
  return siteScenario({
    name: 'kept',
    ...bodyBehindSite(body),
    cpus: 1 + workers,
    worker: `{cpu: ${workers === 1 ? 1 : '[1, 2]'}, entry: worker, stack: {private: 4096}}`,
    patch: ['new', 'old'],
    nmi,
    more,
  });
}

/** A search, and how large its pieces may be. */
export interface Kind {
  /** Default: nothing. */
  readonly body?: string;
  readonly more: string;
  readonly reductions?: Reductions;
  readonly fingerprints?: Compaction;
  readonly most?: number;
  /** The limit. */
  readonly states?: number;
  /** Default: 1. */
  readonly workers?: number;
  /** Default: none. */
  readonly nmi?: number;
  /** Default: what it is. */
  readonly naming?: CpuNaming;
}

/** What kinds of state a search has, by what makes it have them. */
export const KINDS: Readonly<Record<string, Kind>> = {
  'conclusions that were wrong': { more: 'profile: ideal' },
  'stale text and subsumption': { more: 'profile: amd-apm' },
  'NMIs that are left out': { more: 'profile: ideal', nmi: 1 },
  'NMIs that are left out at first': { body: 'cli\nhlt\nsti', more: 'algorithm: memcpy', nmi: 1, most: 20 },
  'no reductions': { more: 'profile: amd-apm', reductions: NO_REDUCTIONS },
  'what reads below RSP': { body: 'mov -8(%rsp), %rbx', more: 'profile: ideal' },
  'text that is watched once it is stored to': { more: 'profile: intel-sdm' },
  'a violation': { more: 'algorithm: aligned-store\nprofile: amd-apm', most: 10 },
  'fingerprints and subsumption': {
    more: 'profile: amd-apm',
    fingerprints: { bits: 64, seed: 1, states: 200, chunk: 4 },
  },
  'fingerprints that take states for others': {
    more: 'profile: ideal',
    reductions: NO_REDUCTIONS,
    fingerprints: { bits: 12, seed: 0, states: 0, chunk: 5 },
  },
  'a violation that was found with fingerprints': {
    more: 'algorithm: aligned-store\nprofile: amd-apm',
    fingerprints: { bits: 64, seed: 0, states: 10, chunk: 1 },
    most: 10,
  },
  'checks of the scenario': { more: 'check: {sometimes: {zero: "worker.rax == 0"}}' },
  'shadow stacks': { more: 'shadow-stack: on' },
  'lines that have a number before they are written': {
    body: 'mov %eax, -256(%rsp)',
    more: 'algorithm: text-poke-bp-desc',
    workers: 2,
    most: 40,
    states: 600,
  },
  'CPUs that are alike': { more: 'algorithm: text-poke-bp-desc\nprofile: spin-baseline', workers: 2 },
  'CPUs that are not alike as they should be': {
    more: 'algorithm: text-poke-bp-desc',
    workers: 2,
    naming: NAMES_NO_CPU,
    most: 200,
  },
};

/** Makes the machine of a search, the same each time. */
export function builderOf({ body = 'nop', more, workers = 1, nmi = 0, naming }: Kind): () => BuiltScenario {
  const loaded = loadScenario(scenario(body, more, { workers, nmi }), 'kept.yaml');
  return () => {
    const built = buildScenario(loaded, {});
    if (naming !== undefined) Object.assign(built.machine.kernel, { naming });
    return built;
  };
}
