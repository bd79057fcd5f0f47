import { createHash } from 'node:crypto';
import { CELL, cpuBase, HELD_STORE_CELLS } from '../../../src/cpu/cells.js';
import type { Machine } from '../../../src/machine/machine.js';
import type { MachineSnapshot } from '../../../src/machine/machine-snapshot.js';
import type { Step } from '../../../src/machine/step.js';
import { CPU_STRIDE } from '../../../src/memory/layout.js';
import type { BuiltScenario } from '../../../src/scenario/build/build.js';
import { describeState } from '../../property/describe-state.js';

/** What happens under all schedules. */
export interface Reachable {
  readonly states: number;
  /** A shortest schedule to a violation of each property that is violated. */
  readonly violations: ReadonlyMap<string, readonly Step[]>;
  /** How many states there are from which no schedule lets the patcher return or comes to a violation. */
  readonly stuck: number;
}

/** More states than this are an error. */
const LIMIT = 50_000;

interface Node {
  readonly snapshot: MachineSnapshot;
  readonly number: number;
  readonly path: Path | undefined;
}

interface Path {
  readonly step: Step;
  readonly before: Path | undefined;
}

/**
 * Breadth-first over all schedules; a path ends where a property is violated. CPU 0 is the patcher, which fetches nothing
 * that is ever written, so that what it could fetch is left out of the state.
 * @param sought properties: the search is over when all of them were violated, unless there are none
 */
export function reachable({ machine, monitors }: BuiltScenario, sought: readonly string[] = []): Reachable {
  const seen = new Map([[stateKey(machine, monitors.save()), 0]]);
  const edges: (readonly [from: number, to: number])[] = [];
  const good: number[] = [];
  const violations = new Map<string, readonly Step[]>();
  let queue: Node[] = [{ snapshot: machine.save(), number: 0, path: undefined }];
  const found = (): boolean => sought.length > 0 && sought.every((property) => violations.has(property));
  while (queue.length > 0 && !found()) {
    const next: Node[] = [];
    for (const { snapshot, number, path } of queue) {
      machine.restore(snapshot);
      if (machine.isFinished(0)) good.push(number);
      for (const [index, step] of machine.enabled().entries()) {
        if (index > 0) machine.restore(snapshot);
        machine.apply(step);
        const { violation } = monitors;
        if (violation !== undefined) {
          good.push(number);
          if (!violations.has(violation.property)) violations.set(violation.property, stepsOf({ step, before: path }));
          continue;
        }
        const key = stateKey(machine, monitors.save());
        const known = seen.get(key);
        edges.push([number, known ?? seen.size]);
        if (known !== undefined) continue;
        if (seen.size === LIMIT) throw new Error(`more than ${LIMIT} states`);
        next.push({ snapshot: machine.save(), number: seen.size, path: { step, before: path } });
        seen.set(key, seen.size);
      }
    }
    queue = next;
  }
  return { states: seen.size, violations, stuck: seen.size - countLeadingTo(good, edges) };
}

/** How many states lead to one of `good`. */
function countLeadingTo(good: readonly number[], edges: readonly (readonly [from: number, to: number])[]): number {
  const before = new Map<number, number[]>();
  for (const [from, to] of edges) before.set(to, [...(before.get(to) ?? []), from]);
  const leading = new Set(good);
  for (const state of leading) for (const from of before.get(state) ?? []) leading.add(from);
  return leading.size;
}

function stepsOf(path: Path): Step[] {
  const steps: Step[] = [];
  for (let at: Path | undefined = path; at !== undefined; at = at.before) steps.unshift(at.step);
  return steps;
}

/** Everything that the future depends on, as long as no task leaves its CPU. */
function stateKey(machine: Machine, monitors: unknown): string {
  const { u8 } = machine.memory.linear;
  const hash = createHash('sha1').update(`${machine.hash()} ${machine.budgets.left('nmi')} ${fetchState(machine)}`);
  for (let cpu = 0; cpu < machine.cpuCount; cpu++) {
    const base = cpuBase(cpu);
    hash.update(u8.subarray(base + HELD_STORE_CELLS, base + CPU_STRIDE));
  }
  const [, ...watched] = monitors as readonly unknown[];
  return hash.update(watched.flat(1).map(describeState).join('|')).digest('base64');
}

/** What the workers may still fetch: the floors, and the versions from the least floor on, with times by rank. */
function fetchState(machine: Machine): string {
  if (machine.rules.fetch === 'coherent') return '';
  const { text, linear } = machine.memory;
  const floors = machine.cpus.slice(1).map(({ cpu }) => linear.int32(cpuBase(cpu) + CELL.fetchFloor));
  const least = Math.min(...floors);
  const { bytes } = text.save();
  const times = new Set(floors);
  for (const versions of bytes.values()) for (const { time } of versions) if (time > least) times.add(time);
  const ranks = new Map([...times].sort((a, b) => a - b).map((time, rank) => [time, rank]));
  let state = floors.map((floor) => ranks.get(floor)).join();
  // In the order of the first store to each byte, which is that of the algorithm; another order costs states, no more.
  for (const [offset, versions] of bytes) {
    if ((versions.at(-1)?.time ?? 0) <= least) continue;
    state += `;${offset}`;
    versions.forEach(({ time, value }, i) => {
      if (time > least || (versions[i + 1]?.time ?? 0) > least) state += `,${ranks.get(time) ?? 0}:${value}`;
    });
  }
  return state;
}
