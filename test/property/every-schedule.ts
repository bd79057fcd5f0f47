<<<<<<< HEAD
import { createHash } from 'node:crypto';
import { CELL, cpuBase, HELD_STORE_CELLS } from '../../src/cpu/cells.js';
=======
>>>>>>> 8fbe9568b5ef2af338704fb95f7a3457a7c026d3
import type { Machine } from '../../src/machine/machine.js';
import type { Step } from '../../src/machine/step.js';
import { sameStep } from '../../src/machine/step.js';
import type { Monitors } from '../../src/property/monitors.js';
import { Search } from '../../src/search/search.js';
import type { WayStep } from '../../src/search/shortest-way.js';
import { stepsOfWay } from '../../src/search/way-steps.js';

/** What happens under all schedules of a machine. */
export interface EverySchedule {
  readonly states: number;
  readonly transitions: number;
  /** A shortest schedule to a violation of each property that some schedule violates. */
  readonly violations: ReadonlyMap<string, readonly Step[]>;
  /** States in which nothing is enabled, without a violation. */
  readonly ends: number;
  /** The limit of states was not reached. */
  readonly complete: boolean;
}

<<<<<<< HEAD
/** The contexts of a CPU fill its block from their first cell to its end. */
const CONTEXTS_SIZE = CPU_STRIDE - HELD_STORE_CELLS;

/** Everything that the future depends on. */
export function stateKey(machine: Machine, monitors: Monitors, snapshot: MachineSnapshot): string {
  const { u8 } = machine.memory.linear;
  const parts = [machine.hash()];
  for (let cpu = 0; cpu < machine.cpuCount; cpu++) {
    const start = cpuBase(cpu) + HELD_STORE_CELLS;
    parts.push(Buffer.from(u8.buffer, u8.byteOffset + start, CONTEXTS_SIZE).toString('latin1'));
  }
  if (snapshot.unitFloors !== undefined) parts.push(fetchKey(machine, snapshot));
  const [, ...kept] = monitors.save();
  parts.push(...kept.map(describeState));
  return createHash('sha1').update(parts.join('|'), 'latin1').digest('base64');
}

/** What may still be fetched: the versions of text, and the floors of CPUs and units. */
function fetchKey(machine: Machine, { unitFloors = [], memory }: MachineSnapshot): string {
  const floors = machine.cpus.map(({ cpu }) => machine.memory.linear.int32(cpuBase(cpu) + CELL.fetchFloor));
  const units = unitFloors.map((map) => [...map]);
  return JSON.stringify([floors, units, memory.text.now, [...memory.text.bytes]]);
}

/** The steps to a state, last first. */
interface Path {
  readonly step: Step;
  readonly before: Path | undefined;
}

interface Node {
  readonly snapshot: MachineSnapshot;
  readonly path: Path | undefined;
}

/** Breadth-first over every schedule; a path ends where a property is violated. `atEnd` is called where nothing is enabled. */
=======
/** Every schedule, by the search of `xmc check`; a path ends where a property is violated. `atEnd` is called where nothing is enabled. */
>>>>>>> 8fbe9568b5ef2af338704fb95f7a3457a7c026d3
export function everySchedule(
  machine: Machine,
  monitors: Monitors,
  limit = 20_000,
  atEnd: () => void = () => {},
): EverySchedule {
  const violated = new Map<string, { readonly state: number; readonly step: Step }>();
  const search = new Search(machine, monitors, {
    limits: { states: limit, memory: Number.MAX_SAFE_INTEGER },
    moveCache: true,
    goesOn: (end) => {
      if (end.kind === 'violated' && end.step !== undefined && !violated.has(end.violation.property))
        violated.set(end.violation.property, { state: end.state, step: end.step });
      return true;
    },
  });
  while (search.advance(10_000) === undefined);
  const { states, transitions } = search.counts;
  let ends = 0;
  for (let state = 0; state < states; state++) {
    if (machine.cpus.some(({ cpu }) => search.moves(state, cpu).length > 0)) continue;
    ends++;
    search.restore(state);
    atEnd();
  }
  const violations = new Map(
    [...violated].map(([property, { state, step }]) => [property, stepsTo(search, state, step)]),
  );
  return { states, transitions, violations, ends, complete: search.end?.kind === 'exhausted' };
}

/** A shortest schedule to a step from a state. */
function stepsTo(search: Search, state: number, last: Step): Step[] {
  const choice = search.moves(state, last.cpu).findIndex(({ step }) => sameStep(step, last));
  const way: WayStep[] = [{ cpu: last.cpu, choice }];
  for (let at = state; at > 0; ) {
    const { from, ...step } = search.states.originOf(at);
    way.unshift(step);
    at = from;
  }
  search.restore(0);
  return stepsOfWay(search.machine, way);
}
