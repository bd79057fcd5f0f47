import { describe, expect, it } from 'vitest';
import { buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';
import { PlainSearch } from '../../src/search/plain-search.js';
import { Search } from '../../src/search/search.js';

const LIMITS = { states: 100_000, memory: 1 << 30 };

/** One CPU stores to what another executes, across a boundary of 8; through a second address, or not. */
const scenario = (store: string, profile: string): string => `scenario: stores
text:
  - base: 0xffffffff81000007
    writable: yes
    asm: |
      site:   call.rel32 f
              hlt
              .balign 64
      f:      mov $1, %ebx
              ret
              .balign 64
      g:      mov $2, %ebx
              ret
              .balign 64
      writer: ${store}
              hlt
data:
  - {name: site_rw, base: 0xffffffff90000007, alias: site}
cpus: 2
tasks:
  reader: {cpu: 0, entry: site, if: 0}
  writer: {cpu: 1, entry: writer, if: 0}
budgets: {reschedule: 0}
properties: []
profile: ${profile}
`;

interface Counts {
  readonly end: string | undefined;
  readonly states: number;
  readonly transitions: number;
}

function countsOf(text: string): Counts[] {
  const loaded = loadScenario(text, 'stores.yaml');
  const plain = buildScenario(loaded, { backend: 'bigint' });
  const engines = [
    new PlainSearch(plain.machine, plain.monitors, LIMITS),
    ...[false, true].map((moveCache) => {
      const { machine, monitors } = buildScenario(loaded);
      return new Search(machine, monitors, { limits: LIMITS, moveCache });
    }),
  ];
  return engines.map((engine) => {
    while (engine.advance(1000) === undefined);
    return { end: engine.end?.kind, states: engine.counts.states, transitions: engine.counts.transitions };
  });
}

describe('searches see the same states of held stores, on both backends', () => {
  it.each([
    ['movw $0x74b8, site(%rip)', 'amd-apm'],
    ['movw $0x74b8, site(%rip)', 'paranoid'],
    ['movl $0x3474b8, site_rw(%rip)', 'spin-baseline'],
    ['movw $0x74b8, site_rw(%rip)', '{name: intel-practice, store-boundary: 8}'],
  ])('%s under %s', (store, profile) => {
    const [plain, search, cached] = countsOf(scenario(store, profile));
    expect(plain).toMatchObject({ end: 'exhausted' });
    expect([search, cached]).toEqual([plain, plain]);
  });

  it('which a larger boundary has fewer of', () => {
    const store = 'movw $0x74b8, site(%rip)';
    const [split] = countsOf(scenario(store, '{name: ideal, store-boundary: 8}'));
    const [whole] = countsOf(scenario(store, 'ideal'));
    expect(split?.states).toBeGreaterThan(whole?.states ?? 0);
  });
});
