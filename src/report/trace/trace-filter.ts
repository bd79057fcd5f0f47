import { InputError } from '../../input-error.js';
import type { MachineEvent } from '../../machine/event.js';
import { didYouMean } from '../../suggest.js';
import { cpuList } from '../event-note.js';
import type { Subject } from '../subject.js';
import { EVENT_GROUP_NAMES, EVENT_GROUPS, type EventGroupName, isEventGroup } from './event-groups.js';

/** Whether an event is told. */
export type Shows = (event: MachineEvent) => boolean;

/** What a trace is limited to: kinds of events, CPUs, or both. */
export class TraceFilter {
  private constructor(
    private readonly groups: readonly EventGroupName[],
    private readonly cpus: readonly number[],
  ) {}

  /**
   * Reads `site,ipi,cpu1`: events of one of the groups, on one of the CPUs; without groups all events, without CPUs all CPUs.
   * @throws InputError for what is neither.
   */
  static parse(text: string): TraceFilter {
    const groups: EventGroupName[] = [];
    const cpus: number[] = [];
    for (const name of text.split(',')) {
      const cpu = /^cpu([0-7])$/.exec(name)?.[1];
      if (cpu !== undefined) cpus.push(Number(cpu));
      else if (isEventGroup(name)) groups.push(name);
      else {
        throw new InputError(`--only: unknown kind of event "${name}"`, {
          hint: didYouMean(name, EVENT_GROUP_NAMES) ?? `known: ${EVENT_GROUP_NAMES.join(', ')}, cpu0 to cpu7`,
        });
      }
    }
    return new TraceFilter(groups, cpus);
  }

  /** @throws InputError when one of its CPUs is not there. */
  requireCpus(count: number): void {
    const missing = this.cpus.find((cpu) => cpu >= count);
    if (missing === undefined) return;
    const there = cpuList(Array.from({ length: count }, (_, cpu) => cpu));
    throw new InputError(`--only: there is no CPU ${missing}, only ${there}`);
  }

  /**
   * The same for one execution.
   * @throws InputError for a CPU that it does not have.
   */
  of(subject: Subject): Shows {
    this.requireCpus(subject.cpus);
    const onCpu: Shows = ({ cpu }) => this.cpus.length === 0 || this.cpus.includes(cpu);
    return (event) =>
      onCpu(event) && (this.groups.length === 0 || this.groups.some((name) => isIn(name, event, subject)));
  }
}

function isIn(name: EventGroupName, event: MachineEvent, subject: Subject): boolean {
  const group = EVENT_GROUPS[name];
  return group.kinds.some((kind) => kind === event.kind) && (!('where' in group) || group.where(event, subject));
}
