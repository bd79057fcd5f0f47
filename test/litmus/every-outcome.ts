import { createHash } from 'node:crypto';
import { CELL, cpuBase, HELD_STORE_CELLS } from '../../src/cpu/cells.js';
import type { Machine } from '../../src/machine/machine.js';
import type { MachineSnapshot } from '../../src/machine/machine-snapshot.js';
import { formatStep, type Step } from '../../src/machine/step.js';
import { CPU_STRIDE } from '../../src/memory/layout.js';
import type { LitmusWorld } from './litmus-world.js';
import { Lockstep } from './lockstep.js';
import type { NaiveState } from './naive-fetch.js';

/** What all schedules of a case end in. */
export interface EveryOutcome {
  /** Each outcome, with the first schedule that was found to give it. */
  readonly outcomes: ReadonlyMap<string, readonly string[]>;
  readonly states: number;
  /** Where the machine offers other fetch results than the naive reference. */
  readonly disagreements: readonly string[];
}

interface Node {
  readonly snapshot: MachineSnapshot;
  readonly naive: NaiveState;
  readonly parent: Node | undefined;
  readonly step: Step | undefined;
}

const MAX_STATES = 100_000;

/** Breadth-first over every schedule, the naive reference beside. A path ends where a CPU stops or execution is undefined. */
export function everyOutcome(world: LitmusWorld): EveryOutcome {
  const { machine } = world;
  const lockstep = new Lockstep(machine, world.rules);
  const outcomes = new Map<string, readonly string[]>();
  const disagreements: string[] = [];
  const first: Node = { snapshot: machine.save(), naive: lockstep.state, parent: undefined, step: undefined };
  const seen = new Set([stateKey(machine, first)]);
  const queue = [first];
  let spare: MachineSnapshot | undefined;
  for (const node of queue) {
    if (seen.size > MAX_STATES) throw new Error('too many states');
    restore(machine, lockstep, node);
    const steps = machine.enabled();
    if (steps.length === 0) note(outcomes, world.outcome, node);
    const executed = new Map<number, string[]>();
    steps.forEach((step, index) => {
      if (index > 0) restore(machine, lockstep, node);
      const instruction = lockstep.apply(step);
      if (instruction !== undefined) executed.set(step.cpu, [...(executed.get(step.cpu) ?? []), instruction.bytes]);
      const next = { snapshot: machine.save(spare), naive: lockstep.state, parent: node, step };
      spare = next.snapshot;
      if (instruction?.undefined === true) note(outcomes, 'undefined', next);
      else if (machine.stopped !== undefined) note(outcomes, world.outcome, next);
      else {
        const key = stateKey(machine, next);
        if (seen.has(key)) return;
        seen.add(key);
        queue.push(next);
        spare = undefined;
      }
    });
    if (executed.size > 0) restore(machine, lockstep, node);
    for (const [cpu, bytes] of executed) {
      const offered = bytes.sort().join(' ');
      const allowed = lockstep.allowed(cpu).sort().join(' ');
      if (offered !== allowed)
        disagreements.push(`${path(node).join('; ')}: CPU ${cpu} may fetch ${offered}, not ${allowed}`);
    }
  }
  return { outcomes, states: seen.size, disagreements };
}

function restore(machine: Machine, lockstep: Lockstep, { snapshot, naive }: Node): void {
  machine.restore(snapshot);
  lockstep.state = naive;
}

function note(outcomes: Map<string, readonly string[]>, outcome: string, node: Node): void {
  if (!outcomes.has(outcome)) outcomes.set(outcome, path(node));
}

function path(node: Node): string[] {
  const steps: string[] = [];
  for (let at: Node | undefined = node; at?.step !== undefined; at = at.parent) steps.unshift(formatStep(at.step));
  return steps;
}

/** Everything that the future depends on: of the machine, which is in the node's state, and of the reference. */
function stateKey(machine: Machine, { snapshot, naive }: Node): string {
  const { linear, text } = machine.memory;
  const parts = [machine.hash()];
  for (let cpu = 0; cpu < machine.cpuCount; cpu++) {
    const base = cpuBase(cpu);
    parts.push(
      Buffer.from(linear.u8.buffer, base + HELD_STORE_CELLS, CPU_STRIDE - HELD_STORE_CELLS).toString('latin1'),
    );
    parts.push(String(linear.int32(base + CELL.fetchFloor)));
  }
  parts.push(words(text.save().bytes), words(snapshot.unitFloors), words(naive));
  return createHash('sha1').update(parts.join('|'), 'latin1').digest('base64');
}

const inWords = new WeakMap<object, string>();

/** Immutable data as text. */
function words(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const known = inWords.get(value);
  if (known !== undefined) return known;
  const text = JSON.stringify(value, (_, inner: unknown) => (inner instanceof Map ? [...inner] : inner));
  inWords.set(value, text);
  return text;
}
