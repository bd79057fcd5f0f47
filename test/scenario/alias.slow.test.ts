import { describe, expect, it } from 'vitest';
import { RandomScheduler } from '../../src/explore/random-scheduler.js';
import { PROFILES } from '../../src/profile/profiles.js';
import { buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';
import { runTwice } from '../explore/run-twice.js';
import { errorLine, errorOf } from './input-error.js';

/** A CPU that changes what it is about to call, through another linear address; it halts if it gets the new code. */
const scenario = (alias: string, profile: string): string => `scenario: alias
text:
  - base: 0xffffffff81000000
    asm: |
      worker: movb $2, f_rw+1(%rip)
              call f
              cmp $2, %eax
              jne stale
              hlt
      stale:  ud2
              .balign 64
      f:      mov $1, %eax
              ret
data:
  - {name: f_rw, base: 0xffffffff90000040, ${alias}}
cpus: 1
tasks: {worker: {cpu: 0, entry: worker, if: 0}}
budgets: {reschedule: 0}
profile: ${profile}
`;

/** Under which profiles the CPU may execute what was there before its own store. */
function isStale(profile: string): boolean {
  const loaded = loadScenario(scenario('alias: f', profile), 'alias.yaml');
  const seeds = Array.from({ length: 6 }, (_, seed) => seed);
  return seeds.some((seed) => {
    const build = (backend: 'wasm' | 'bigint') => buildScenario(loaded, { backend });
    const { end } = runTwice(build, () => new RandomScheduler(seed), 50);
    return end.kind === 'violated';
  });
}

describe('a second address of text in a scenario', () => {
  it('is stored through coherently where the profile says so: by AMD, not by Intel', () => {
    const stale = [...PROFILES.keys()].filter(isStale);
    expect(stale).toEqual(['intel-practice', 'intel-sdm', 'paranoid']);
  });

  it('follows its rule alone', () => {
    expect(isStale('{name: intel-practice, smc-coherent-across-aliases: yes}')).toBe(false);
    expect(isStale('{name: amd-apm, smc-coherent-across-aliases: no}')).toBe(true);
  });

  it('spans as many pages as its bytes', () => {
    const built = (size: string) => buildScenario(loadScenario(scenario(`alias: f${size}`, 'ideal'), 'alias.yaml'));
    expect(built('').machine.memory.pageAt(0xffffffff90000fffn)?.text).toBe(true);
    expect(() => built(', size: 4096')).toThrow('no text is mapped at 0xffffffff81001000');
  });

  it.each([
    ['alias: nothing', "alias.yaml:15:51: unknown symbol 'nothing'"],
    ['alias: f+1', 'alias.yaml:15:51: an alias lies as far into its page as what it is of'],
    ['alias: f_rw', 'alias.yaml:15:51: no text is mapped at 0xffffffff90000000'],
    [
      'alias: f, asm: nop',
      "alias.yaml:15:5: data.0: exactly one of 'asm', 'size', 'alias' is needed, but there is 'asm' and 'alias'",
    ],
  ])('is refused where it stands: %s', (alias, message) => {
    const error = errorOf(() => buildScenario(loadScenario(scenario(alias, 'ideal'), 'alias.yaml')));
    expect(errorLine(error)).toContain(message);
  });

  it('overlaps nothing else, with its whole pages', () => {
    const text = scenario('alias: f', 'ideal').replace(
      'cpus: 1',
      '  - {name: other, base: 0xffffffff90000800, size: 8}\ncpus: 1',
    );
    const error = errorOf(() => buildScenario(loadScenario(text, 'alias.yaml')));
    expect(errorLine(error)).toMatch(/^alias\.yaml:16:5: other .* overlaps f_rw/);
  });
});
