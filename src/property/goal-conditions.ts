import { CELL, cpuBase } from '../cpu/cells.js';
import { INT3_INSN_OPCODE } from '../encoder/instruction-templates.js';
import type { InstructionEvent, MachineEvent } from '../machine/event.js';
import type { Machine } from '../machine/machine.js';
import type { GoalCondition, GoalScope } from './goal.js';
import { isInside } from './reused-range.js';
import { overlaps, sameBytes } from './site.js';
import type { SiteTracker } from './site-tracker.js';

/** What the goals that algorithms declare are reached by, by name. */
export const GOAL_CONDITIONS: ReadonlyMap<string, readonly GoalCondition[]> = new Map<string, readonly GoalCondition[]>(
  [
    ['int3-executed', [{ observe: atSite(isPatchersInt3) }]],
    ['half-written-fetched', [{ observe: atSite(isHalfWritten) }]],
    ['old-and-new-executed', [{ observe: atSite(isOldWhileOpen) }, { observe: atSite(isNewWhileOpen) }]],
    ['ipi-waited-for-if', [{ after: someCpu(waitsForIf) }]],
    ['ipi-waited-for-stub', [{ after: someCpu(waitsForStub) }]],
    ['stub-executed', [{ observe: isInDetour }]],
    ['grace-period-ended', [{ observe: isLastQuiescentState }]],
    ['cpus-stopped', [{ observe: isStoreWhileStopped, ofAllCpus: true }]],
  ],
);

type AtSite = (site: number, event: InstructionEvent, machine: Machine, scope: GoalScope) => boolean;

/** A condition on the instructions that overlap a site. */
function atSite(holds: AtSite): NonNullable<GoalCondition['observe']> {
  return (event, machine, scope) => {
    if (event.kind !== 'instruction') return false;
    const length = Math.max(event.bytes.length, 1);
    return scope.tracker.sites.some(
      (site, index) => overlaps(site, event.rip, length) && holds(index, event, machine, scope),
    );
  };
}

type OfCpu = (cpu: number, machine: Machine, scope: GoalScope) => boolean;

/** A condition on the state of any CPU. */
function someCpu(holds: OfCpu): NonNullable<GoalCondition['after']> {
  return (machine, scope) => {
    for (let cpu = 0; cpu < machine.cpuCount; cpu++) if (holds(cpu, machine, scope)) return true;
    return false;
  };
}

function isPatchersInt3(index: number, { rip, bytes }: InstructionEvent, _machine: Machine, scope: GoalScope): boolean {
  const site = scope.tracker.sites[index];
  const isOwn = scope.tracker.text(index).current.bytes[0] === INT3_INSN_OPCODE;
  return site?.address === rip && bytes[0] === INT3_INSN_OPCODE && !isOwn;
}

function isHalfWritten(index: number, _event: InstructionEvent, machine: Machine, { tracker }: GoalScope): boolean {
  const site = tracker.sites[index];
  const { open, current } = tracker.text(index);
  if (site === undefined || open === undefined) return false;
  const now = machine.memory.bytes(site.address, site.length);
  const isNew = (byte: number, i: number): boolean => byte === open.bytes[i];
  return now.some((byte, i) => isNew(byte, i) && byte !== current.bytes[i]) && !now.every(isNew);
}

function isOldWhileOpen(index: number, event: InstructionEvent, _machine: Machine, { tracker }: GoalScope): boolean {
  const { open, current } = tracker.text(index);
  return open !== undefined && executes(tracker, index, event, current.bytes, open.bytes);
}

function isNewWhileOpen(index: number, event: InstructionEvent, _machine: Machine, { tracker }: GoalScope): boolean {
  const { open, current } = tracker.text(index);
  return open !== undefined && executes(tracker, index, event, open.bytes, current.bytes);
}

/** Whether an instruction belongs to one version of a site and not to another. */
function executes(
  tracker: SiteTracker,
  index: number,
  { rip, bytes }: InstructionEvent,
  version: Uint8Array,
  other: Uint8Array,
): boolean {
  const address = tracker.sites[index]?.address ?? 0n;
  const instructionOf = (wanted: Uint8Array): Uint8Array | undefined =>
    tracker
      .text(index)
      .versions.find((known) => sameBytes(known.bytes, wanted))
      ?.instructions.get(Number(rip - address));
  const [own, foreign] = [instructionOf(version), instructionOf(other)];
  return own !== undefined && sameBytes(own, bytes) && !(foreign !== undefined && sameBytes(foreign, bytes));
}

function isInDetour(event: MachineEvent, _machine: Machine, { detours }: GoalScope): boolean {
  return event.kind === 'instruction' && detours.some((detour) => isInside(detour, event.rip));
}

function isLastQuiescentState(event: MachineEvent): boolean {
  return event.kind === 'quiescent-state' && event.of === 'task' && event.last;
}

function isStoreWhileStopped(event: MachineEvent, machine: Machine, { tracker }: GoalScope): boolean {
  return (
    event.kind === 'text-store' &&
    tracker.sites.some((site) => overlaps(site, event.address, event.after.length)) &&
    machine.cpus.every(
      ({ cpu }) => cpu === event.cpu || (machine.context(cpu).inProcedure && !machine.state(cpu).interruptsEnabled),
    )
  );
}

function waitsForIf(cpu: number, machine: Machine): boolean {
  const { interruptsEnabled, dead } = machine.state(cpu);
  return !interruptsEnabled && !dead && hasPending(cpu, machine);
}

function waitsForStub(cpu: number, machine: Machine, { detours }: GoalScope): boolean {
  if (!hasPending(cpu, machine) || machine.context(cpu).inProcedure) return false;
  const { rip } = machine.state(cpu);
  return detours.some((detour) => isInside(detour, rip));
}

/** Whether an interrupt is pending on a CPU. */
function hasPending(cpu: number, machine: Machine): boolean {
  machine.memory.footprint?.cpu(cpu);
  const first = cpuBase(cpu) + CELL.pending;
  for (let word = first; word < first + PENDING_BYTES; word += 4)
    if (machine.memory.linear.int32(word) !== 0) return true;
  return false;
}

/** A bit for each of 256 vectors. */
const PENDING_BYTES = 32;
