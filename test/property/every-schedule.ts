import { createHash } from 'node:crypto';
import { CELL, cpuBase, HELD_STORE_CELLS } from '../../src/cpu/cells.js';
import type { Machine } from '../../src/machine/machine.js';
import type { MachineSnapshot } from '../../src/machine/machine-snapshot.js';
import type { Step } from '../../src/machine/step.js';
import { CPU_STRIDE } from '../../src/memory/layout.js';
import type { Monitors } from '../../src/property/monitors.js';
import { describeState } from './describe-state.js';

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
export function everySchedule(
  machine: Machine,
  monitors: Monitors,
  limit = 20_000,
  atEnd: () => void = () => {},
): EverySchedule {
  const violations = new Map<string, readonly Step[]>();
  const first = machine.save();
  const seen = new Set([stateKey(machine, monitors, first)]);
  let queue: Node[] = [{ snapshot: first, path: undefined }];
  let [transitions, ends] = [0, 0];
  let spare: MachineSnapshot | undefined;
  while (queue.length > 0 && seen.size < limit) {
    const next: Node[] = [];
    for (const node of queue) {
      machine.restore(node.snapshot);
      const steps = machine.enabled();
      if (steps.length === 0) {
        ends++;
        atEnd();
      }
      steps.forEach((step, index) => {
        if (index > 0) machine.restore(node.snapshot);
        machine.apply(step);
        transitions++;
        const { violation } = monitors;
        if (violation !== undefined) {
          if (!violations.has(violation.property))
            violations.set(violation.property, stepsOf({ step, before: node.path }));
          return;
        }
        spare = machine.save(spare);
        const key = stateKey(machine, monitors, spare);
        if (seen.has(key)) return;
        seen.add(key);
        next.push({ snapshot: spare, path: { step, before: node.path } });
        spare = undefined;
      });
    }
    queue = next;
  }
  return { states: seen.size, transitions, violations, ends, complete: seen.size < limit };
}

function stepsOf(path: Path): Step[] {
  const steps: Step[] = [];
  for (let at: Path | undefined = path; at !== undefined; at = at.before) steps.unshift(at.step);
  return steps;
}
