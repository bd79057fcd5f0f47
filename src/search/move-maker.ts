import { fetchesCurrent } from '../machine/fetch-view.js';
import type { Machine } from '../machine/machine.js';
import type { StateVector } from '../machine/state-vector.js';
import type { Step } from '../machine/step.js';
import { Footprint } from '../memory/footprint.js';
import type { Monitors } from '../property/monitors.js';
import { Move, type MoveSource, type Moves, moveShape } from './move.js';
import type { MoveShapes } from './move-shapes.js';
import type { DeadStack } from './reduction/dead-stack.js';
import { LocalityProbe } from './reduction/locality.js';
import type { Noting } from './reduction/sharing.js';

/** Finds the moves of a CPU in a state, and notes in a footprint what they look at. */
export interface MoveFinder extends MoveSource {
  moves(state: Int32Array, length: number, cpu: number, footprint?: Footprint): Moves;
}

/** What a {@link MoveMaker} does beside doing steps. */
export interface MakerOptions {
  /** What many moves have in common, also with those that others find. */
  readonly shapes: MoveShapes;
  /** Who hears of the memory that CPUs use; steps are told apart by whether they are local. */
  readonly sharing?: Noting | undefined;
  /** Clears what is dead on stacks. */
  readonly deadStack?: DeadStack | undefined;
}

/** Finds the moves of a state by doing them on the machine. */
export class MoveMaker implements MoveFinder {
  constructor(
    private readonly machine: Machine,
    private readonly monitors: Monitors,
    private readonly vector: StateVector,
    private readonly options: MakerOptions,
  ) {
    const { sharing } = options;
    if (sharing === undefined) return;
    this.probe = new LocalityProbe(machine, monitors);
    this.ownFootprint = new Footprint(machine.memory.written);
    machine.memory.text.onStore = (offset) => sharing.textStored(offset);
  }

  private readonly probe: LocalityProbe | undefined;
  /** For when nobody else asks what steps look at. */
  private readonly ownFootprint: Footprint | undefined;

  /** @param footprint notes what they look at and what they write */
  moves(state: Int32Array, length: number, cpu: number, given?: Footprint): Moves {
    const { machine, vector } = this;
    const steps: Step[] = [];
    const footprint = given ?? this.ownFootprint;
    if (given === undefined) footprint?.clear();
    vector.write(state, length);
    machine.memory.footprint = footprint;
    machine.enabledOn(cpu, steps);
    this.noteUse(footprint, [machine.tasks.owner(cpu)]);
    const looked = [...(footprint?.data ?? [])];
    const read = new Set(looked);
    const written = new Set<number>();
    const moves: Move[] = [];
    for (const [choice, step] of steps.entries()) {
      machine.memory.footprint = undefined;
      if (moves.length > 0) vector.write(state, length);
      machine.memory.footprint = footprint;
      footprint?.forgetData();
      moves.push(this.do(step, choice, state, length, { footprint, looked }));
      for (const word of footprint?.data ?? []) read.add(word);
      for (const word of footprint?.stored ?? []) written.add(word);
    }
    machine.memory.footprint = undefined;
    return { list: moves, accesses: this.options.sharing?.sets.of(read, written) };
  }

  private noteUse(footprint: Footprint | undefined, owners: readonly number[]): void {
    if (footprint === undefined) return;
    for (const owner of owners) this.options.sharing?.note(owner, footprint.data, footprint.stored);
  }

  private do(step: Step, choice: number, state: Int32Array, length: number, { footprint, looked }: Looking): Move {
    const { machine, vector } = this;
    const context = machine.context(step.cpu);
    const { depth } = context;
    const isCurrent = fetchesCurrent(machine, step);
    const { deadStack } = this.options;
    const owner = machine.tasks.owner(step.cpu);
    this.probe?.before(step.cpu);
    deadStack?.before(step.cpu);
    machine.apply(step);
    this.probe?.applied();
    deadStack?.after(step);
    const { violation } = this.monitors;
    // Nobody goes on from there, and how it came about is not to be numbered: that depends on who did it first.
    this.monitors.violation = undefined;
    vector.read(footprint);
    const after = machine.tasks.owner(step.cpu);
    if (after !== owner) footprint?.observedOthers();
    this.noteUse(footprint, after === owner ? [owner] : tasksOf([owner, after]));
    const unsupported = machine.stopped?.kind === 'unsupported' ? machine.stopped : undefined;
    const parts: number[] = [];
    const ids: number[] = [];
    for (let part = 0; part < vector.length; part++) {
      const id = vector.ids[part] ?? 0;
      if (id === (part < length ? state[part] : 0)) continue;
      parts.push(part);
      ids.push(id);
    }
    const shape = {
      step,
      steps: [{ cpu: step.cpu, choice }],
      parts,
      fetchesCurrent: isCurrent,
      endsHandler: context.depth < depth,
    };
    if (violation !== undefined || unsupported !== undefined)
      return new Move(moveShape({ ...shape, violation, unsupported }), ids);
    const seen = footprint && { footprint, looked, owner };
    const locality = seen && this.probe?.after(step, parts, this.vector, seen);
    return new Move(this.options.shapes.of({ ...shape, locality }), ids);
  }
}

/** Who notes what moves look at, and what was looked at to find the steps. */
interface Looking {
  readonly footprint: Footprint | undefined;
  readonly looked: readonly number[];
}

/** A change of tasks uses the stacks of both, which execute nowhere else meanwhile; an idle CPU has nothing of its own there. */
function tasksOf(owners: readonly number[]): readonly number[] {
  return owners.filter((owner) => owner >= 0);
}
