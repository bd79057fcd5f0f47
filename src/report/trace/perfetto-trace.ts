import { vectorName } from '../../cpu/vector.js';
import type { MachineEvent } from '../../machine/event.js';
import { hex, hexAddress } from '../../property/monitor.js';
import type { Violation } from '../../property/violation.js';
import { eventJson, type Json } from '../event-json.js';
import { eventNote, ipiText } from '../event-note.js';
import { PerfettoFile } from './perfetto-file.js';
import { PerfettoFlows } from './perfetto-flows.js';
import { PerfettoMemory } from './perfetto-memory.js';
import { PerfettoSlices } from './perfetto-slices.js';
import type { TracedExecution, TracedStep, TraceEnd, TraceWriter, Write } from './trace-writer.js';

/** Threads of a process: CPUs from 1 on (0 is the idle task of a real trace), memory behind them. */
const FIRST_TID = { cpus: 1, memory: 101 } as const;

/** Events that are slices of steps, or begin or end those of interrupts. */
const SLICED: ReadonlySet<MachineEvent['kind']> = new Set(['instruction', 'procedure-step', 'ipi-accepted', 'iret']);

/**
 * Traces for ui.perfetto.dev and chrome://tracing: the Trace Event Format. A step is a microsecond, an execution a process, a
 * CPU a thread: its procedures and interrupts are nested slices, its steps slices of length 1 in them, and what a step
 * caused instants on those. A thread for each site has its bytes.
 */
export function perfettoTrace(write: Write): TraceWriter {
  const file = new PerfettoFile(write);
  let pid = 0;
  let execution: PerfettoExecution | undefined;
  return {
    begin(traced): void {
      execution = new PerfettoExecution(file, ++pid, traced);
    },
    step: (step) => execution?.step(step),
    end: (result) => execution?.end(result),
    close: () => file.close(),
  };
}

class PerfettoExecution {
  private readonly cpus: readonly PerfettoSlices[];
  private readonly sites: readonly PerfettoMemory[];
  private readonly flows: PerfettoFlows;

  constructor(
    private readonly file: PerfettoFile,
    private readonly pid: number,
    private readonly traced: TracedExecution,
  ) {
    const { scenario, variant, scheduler, subject } = traced;
    const name = variant === undefined ? scenario : `${scenario}, variant ${variant}`;
    file.event({ ph: 'M', name: 'process_name', pid, args: { name: `${name} (${scheduler})` } });
    this.cpus = Array.from({ length: subject.cpus }, (_, cpu) => this.cpuTrack(cpu));
    this.sites = subject.sites.map((site, index) => {
      const tid = FIRST_TID.memory + index;
      this.nameThread(tid, `memory: ${site.symbol}`);
      return new PerfettoMemory(file, { pid, tid }, site, subject.code);
    });
    // In the middle of the slice of its step, so that it belongs to that one and to no neighbour.
    this.flows = new PerfettoFlows(file, ({ cpu, ts }) => ({ ...this.track(cpu), ts: ts + 0.5 }));
  }

  step(step: TracedStep): void {
    const { step: ts, cpu, events, shown, nesting } = step;
    const slices = this.cpus[cpu];
    if (slices === undefined) throw new Error(`no CPU ${cpu}`);
    for (const event of events) this.enter(slices, step, event);
    const trap = events.find(({ kind }) => kind === 'trap' && nesting.contexts > slices.contexts);
    this.tell(step, trap);
    if (trap?.kind === 'trap') slices.interrupt(ts + 1, vectorName(trap.vector), shown.includes(trap));
    slices.after(ts + 1, nesting.contexts);
    for (const event of shown) this.flows.event(ts, event);
  }

  end({ steps, violation }: TraceEnd): void {
    if (violation !== undefined) this.violation(violation);
    for (const slices of this.cpus) slices.endAll(steps + 1);
    for (const site of this.sites) site.end(steps + 1);
    this.flows.end();
  }

  /** What an event says of where its step is: in which procedure, in which interrupt, behind which store. */
  private enter(slices: PerfettoSlices, { step: ts, shown, nesting }: TracedStep, event: MachineEvent): void {
    switch (event.kind) {
      case 'switch':
        slices.endAll(ts);
        break;
      case 'instruction':
        slices.guest();
        break;
      case 'procedure-step':
        slices.procedure(ts, nesting.frames, event.procedure, shown.includes(event));
        break;
      case 'ipi-accepted':
        if (nesting.contexts > slices.contexts) slices.interrupt(ts, ipiText(event.vector), shown.includes(event));
        break;
      case 'text-store':
        for (const site of this.sites) site.store(event, ts + 1);
    }
  }

  /**
   * The slice of a step, and what the step caused: instants on it, or where it is not told a slice in its place.
   * @param trap an exception that is told by the slice of its handler
   */
  private tell({ step: ts, shown }: TracedStep, trap: MachineEvent | undefined): void {
    const slice = shown.find(({ kind }) => kind === 'instruction' || kind === 'procedure-step');
    if (slice !== undefined) this.slice(ts, this.nameOf(slice), slice);
    let hasSlice = slice !== undefined || shown.some(({ kind }) => kind === 'ipi-accepted');
    for (const event of shown) {
      if (event === trap || SLICED.has(event.kind)) continue;
      if (hasSlice) this.instant(ts, this.nameOf(event), event);
      else this.slice(ts, this.nameOf(event), event);
      hasSlice = true;
    }
  }

  private slice(ts: number, name: string, event: MachineEvent): void {
    this.file.event({
      ph: 'X',
      name,
      cat: event.kind,
      ...this.track(event.cpu),
      ts,
      dur: 1,
      args: this.args(ts, event),
    });
  }

  private instant(ts: number, name: string, event: MachineEvent): void {
    this.file.event({
      ph: 'i',
      name,
      cat: event.kind,
      s: 't',
      ...this.track(event.cpu),
      ts,
      args: this.args(ts, event),
    });
  }

  private violation({ property, cpu, step: ts, message, address, bytes }: Violation): void {
    const args = { message, address: hexAddress(address), bytes: hex(bytes) };
    const name = `violates ${property}`;
    this.file.event({ ph: 'i', name, cat: 'violation', s: 'p', ...this.track(cpu), ts, args });
  }

  private nameOf(event: MachineEvent): string {
    const { subject } = this.traced;
    if (event.kind === 'procedure-step') return event.label;
    if (event.kind === 'instruction') return subject.code.shortInsn(event.bytes, event.rip);
    return eventNote(event, subject) ?? event.kind;
  }

  private args(step: number, event: MachineEvent): Json {
    return eventJson({ step }, event, this.traced.subject);
  }

  private cpuTrack(cpu: number): PerfettoSlices {
    const track = this.track(cpu);
    this.nameThread(track.tid, `CPU ${cpu}`);
    return new PerfettoSlices({
      begin: (ts, name) => this.file.event({ ph: 'B', name, cat: 'inside', ...track, ts }),
      end: (ts) => this.file.event({ ph: 'E', ...track, ts }),
    });
  }

  private nameThread(tid: number, name: string): void {
    const { file, pid } = this;
    file.event({ ph: 'M', name: 'thread_name', pid, tid, args: { name } });
    file.event({ ph: 'M', name: 'thread_sort_index', pid, tid, args: { sort_index: tid } });
  }

  private track(cpu: number): { readonly pid: number; readonly tid: number } {
    return { pid: this.pid, tid: FIRST_TID.cpus + cpu };
  }
}
