import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { NAMES_NO_CPU } from '../../src/machine/cpu-naming.js';
import { Machine } from '../../src/machine/machine.js';
import { StateVector } from '../../src/machine/state-vector.js';
import { NoUseAfterReuse } from '../../src/property/no-use-after-reuse.js';
import { buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';
import { crossCheck } from '../../src/search/cross-check.js';
import { DeadStack } from '../../src/search/reduction/dead-stack.js';
import { LocalityProbe } from '../../src/search/reduction/locality.js';
import { ALL_REDUCTIONS } from '../../src/search/reduction/reductions.js';
import { Sharing } from '../../src/search/reduction/sharing.js';
import { SilentStores } from '../../src/search/reduction/silent-stores.js';
import { Subsumption } from '../../src/search/reduction/subsumption.js';
import { Symmetry } from '../../src/search/reduction/symmetry.js';
import { SymmetryCheck } from '../../src/search/reduction/symmetry-check.js';
import { Search } from '../../src/search/search.js';
import { checkingHits } from './checked-hits.js';

/** What a worker does between its site and the way back, and how it is patched. */
interface World {
  readonly body?: string;
  readonly algorithm?: string;
  readonly cpus?: string;
  readonly profile?: string;
}

/** What procedures do with the numbers of CPUs is kept secret. */
let isUndeclared = false;

function build({ body = 'nop', algorithm = 'text-poke-bp-desc', cpus = '[1]', profile = 'spin-baseline' }: World) {
  const text = `
scenario: dependent
text:
  - base: 0xffffffff8100c0c0
    writable: yes
    asm: |
      worker:
      site:   call.rel32 old
${body
  .split('; ')
  .map((line) => `              ${line}`)
  .join('\n')}
              jmp worker
  - {base: 0xffffffff82000000, asm: "old: ret; .skip 0x1234; new: ret"}
data: [{name: counter, base: 0xffffffff83800000, size: 8}]
sites: {site: {clobbers: [rbx], flag-clobbers: all}}
cpus: ${cpus === '[1]' ? 2 : 3}
tasks:
  patcher: {cpu: 0, procedure: patch}
  worker:  {cpu: ${cpus}, entry: worker, stack: {private: 4096}}
patch: [{site: site, new: call.rel32 new}]
algorithm: ${algorithm}
profile: ${profile}
budgets: {reschedule: 0}`;
  const built = buildScenario(loadScenario(text, 'dependent.yaml'), {});
  if (isUndeclared) Object.assign(built.machine.kernel, { naming: NAMES_NO_CPU });
  return built;
}

const SMALL: World = { algorithm: 'aligned-store-sync', profile: 'ideal' };
const LIMITS = { states: 60_000, memory: 2 ** 31 };

/** A world with reductions and without: whether something differs, and how many states the reductions leave. */
function compared(world: World | string): { readonly differs: boolean; readonly states: number } {
  const make = () => (typeof world === 'string' ? committed(world) : build(world));
  const { difference, isPartial, states } = crossCheck(make, ALL_REDUCTIONS, LIMITS);
  expect(isPartial).toBe(false);
  return { differs: difference !== undefined, states };
}

function committed(variant: string) {
  const [file = '', name = ''] = variant.split(' ');
  const loaded = loadScenario(readFileSync(new URL(`../../scenarios/${file}`, import.meta.url), 'utf8'), file);
  return buildScenario(loaded, { variant: name });
}

/** The floors of all CPUs are forgotten where any are, or those of none. */
function floorsAreDead(all: boolean): void {
  const { vector } = Machine.prototype;
  vi.spyOn(Machine.prototype, 'vector').mockImplementation(function (this: Machine, hasDeadFloor) {
    return vector.call(this, hasDeadFloor && (() => all));
  });
}

afterEach(() => {
  vi.restoreAllMocks();
  isUndeclared = false;
});

describe('What steps are taken to depend on', () => {
  it.each<[string, World | string, () => void]>([
    [
      'memory that others use',
      { ...SMALL, body: 'movb $1, counter(%rip); movb $0, counter(%rip)', cpus: '[1, 2]' },
      () => vi.spyOn(Sharing.prototype, 'concernOf').mockReturnValue('private'),
    ],
    [
      'that text is stored to',
      { ...SMALL, body: 'movb $0x90, pad(%rip); movb $0x66, pad(%rip); pad: data16 nop' },
      () => vi.spyOn(LocalityProbe.prototype, 'applied').mockReturnValue(),
    ],
    [
      'that a step raises a floor',
      { profile: 'amd-apm', algorithm: 'aligned-store', body: 'mfence' },
      () => vi.spyOn(StateVector.prototype, 'hasDeadFloor').mockReturnValue(true),
    ],
    ['floors of those who fetch', { profile: 'amd-apm', algorithm: 'aligned-store' }, () => floorsAreDead(true)],
    ['races', 'progress.yaml spinner', () => vi.spyOn(Sharing.prototype, 'meet').mockReturnValue()],
    [
      'what lies below RSP',
      { ...SMALL, body: 'push $1; pop %rbx; cmpl $1, -8(%rsp); je on; ud2; on: nop' },
      () => vi.spyOn(DeadStack.prototype, 'hasToStop', 'get').mockReturnValue(false),
    ],
    [
      'the order of the bytes of a poke',
      { algorithm: 'stop-machine' },
      () => {
        const moves = SilentStores.prototype.moves;
        vi.spyOn(SilentStores.prototype, 'moves').mockImplementation(function (this: SilentStores, state, length, cpu) {
          const all = moves.call(this, state, length, cpu);
          return all.list.every(({ step }) => step.kind === 'procedure') ? { ...all, list: all.list.slice(0, 1) } : all;
        });
      },
    ],
    [
      'the numbers of CPUs',
      { ...SMALL, cpus: '[1, 2]' },
      () => {
        vi.spyOn(SymmetryCheck.prototype, 'look').mockReturnValue();
        isUndeclared = true;
      },
    ],
  ])('is needed: without %s something differs', (_, world, leaveOut) => {
    expect(compared(world).differs).toBe(false);
    leaveOut();
    expect(compared(world).differs).toBe(true);
  });

  it.each<[string, World, () => void]>([
    [
      'memory that nobody else uses',
      { body: 'push %rbx; pop %rbx' },
      () => vi.spyOn(Sharing.prototype, 'concernOf').mockReturnValue('shared'),
    ],
    ['floors that are higher', {}, () => vi.spyOn(Subsumption.prototype, 'includes').mockReturnValue(false)],
    ['floors that nobody reads', {}, () => floorsAreDead(false)],
    ['what is dead on a stack', {}, () => vi.spyOn(DeadStack.prototype, 'after').mockReturnValue()],
    [
      'which CPU does what',
      { ...SMALL, cpus: '[1, 2]' },
      () => {
        vi.spyOn(Symmetry.prototype, 'represent').mockImplementation(function (this: Symmetry) {
          return this.states.renamingTo([0, 1]).renaming;
        });
      },
    ],
  ])('is no more than needed: if %s counted, there would be more states', (_, world, count) => {
    const { states } = compared(world);
    count();
    const { differs, states: more } = compared(world);
    expect(differs).toBe(false);
    expect(more).toBeGreaterThan(states);
  });
});

it('What monitors know of the own context is needed to remember moves: without it some are wrong', () => {
  const search = (): void => {
    const { machine, monitors } = committed('stub.yaml plain');
    new Search(machine, monitors, { limits: LIMITS, moveCache: true, goesOn: () => true }).advance(3000);
  };
  expect(checkingHits(1, search)).toBeGreaterThan(100);
  vi.spyOn(NoUseAfterReuse.prototype, 'concerning').mockReturnValue([]);
  expect(() => checkingHits(1, search)).toThrow();
});
