import { describe, expect, it } from 'vitest';
import type { MachineEvent } from '../../../src/machine/event.js';
import { eventJson } from '../../../src/report/event-json.js';
import type { StepEvents } from '../../../src/report/step-events.js';
import { EVERY_EVENT } from './every-event.js';
import { LIVELY, type Traced, traced } from './traced.js';

/** An event of the Trace Event Format. */
interface Entry {
  readonly ph: string;
  readonly name?: string;
  readonly cat?: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly id?: number;
  readonly args?: Readonly<Record<string, unknown>>;
}

const FLOWS = 'stf';
const entriesOf = ({ text }: Traced): readonly Entry[] => JSON.parse(text).traceEvents;
const ofPhase = (entries: readonly Entry[], phases: string): Entry[] => entries.filter(({ ph }) => phases.includes(ph));

/** A slice with its end and how deep it lies. */
interface Slice extends Entry {
  readonly until: number;
  readonly inside: readonly string[];
}

/** The slices of a track; checks that every end has a beginning and that nothing is left open. */
function slicesOf(entries: readonly Entry[], tid: number): Slice[] {
  const open: Entry[] = [];
  const slices: Slice[] = [];
  for (const entry of entries.filter((one) => one.tid === tid)) {
    const inside = open.map(({ name = '' }) => name);
    if (entry.ph === 'X') slices.push({ ...entry, until: entry.ts + (entry.dur ?? 0), inside });
    if (entry.ph === 'B') open.push(entry);
    if (entry.ph !== 'E') continue;
    const begun = open.pop();
    if (begun === undefined) throw new Error(`an end at ${entry.ts} without a beginning`);
    slices.push({ ...begun, until: entry.ts, inside: inside.slice(0, -1) });
  }
  expect(open).toEqual([]);
  return slices;
}

/** The arrows of a trace as `from cpu@step to cpu@step`. */
function arrowsOf(entries: readonly Entry[], cat: string): string[] {
  const at = ({ tid, ts }: Entry): string => `cpu${tid - 1}@${Math.floor(ts)}`;
  const arrows = new Map<number, Entry[]>();
  for (const entry of ofPhase(entries, FLOWS)) {
    if (entry.cat === cat && entry.id !== undefined) arrows.set(entry.id, [...(arrows.get(entry.id) ?? []), entry]);
  }
  return [...arrows.values()].map((points) => points.map(at).join(' ')).sort();
}

const eventsOf = (steps: readonly StepEvents[]) =>
  steps.flatMap(({ step, events }) => events.map((event) => ({ step, event })));

/** The arrows that the events themselves tell: from each store to the first instruction of each CPU that got a byte of it. */
function textArrows(steps: readonly StepEvents[]): string[] {
  const stores = new Map<number, string>();
  const seen = new Set<string>();
  const arrows: string[] = [];
  for (const { step, event } of eventsOf(steps)) {
    if (event.kind === 'text-store') stores.set(event.time, `cpu${event.cpu}@${step}`);
    if (event.kind !== 'instruction') continue;
    for (const time of new Set(event.times)) {
      if (time === 0 || seen.has(`${event.cpu} ${time}`)) continue;
      seen.add(`${event.cpu} ${time}`);
      arrows.push(`${stores.get(time)} cpu${event.cpu}@${step}`);
    }
  }
  return arrows.sort();
}

/** For each IPI and target: sent, the next acceptance there, and the next acknowledgement to the sender. */
function ipiArrows(steps: readonly StepEvents[]): string[] {
  const all = eventsOf(steps);
  return all
    .flatMap(({ step, event }, index) => {
      if (event.kind !== 'ipi-sent') return [];
      const later = all.slice(index + 1);
      const next = (target: number, is: (other: MachineEvent) => boolean) => {
        const found = later.find(({ event: other }) => other.cpu === target && is(other));
        return found === undefined ? [] : [`cpu${target}@${found.step}`];
      };
      return event.targets.map((target) =>
        [
          `cpu${event.cpu}@${step}`,
          ...next(target, (other) => other.kind === 'ipi-accepted' && other.vector === event.vector),
          ...next(target, (other) => other.kind === 'ipi-acked' && other.initiators.includes(event.cpu)),
        ].join(' '),
      );
    })
    .filter((arrow) => arrow.includes(' '))
    .sort();
}

describe.each(LIVELY)('a Perfetto trace of %s, %s', (scenario, variant) => {
  const trace = traced({ scenario, variant, format: 'perfetto' });
  const { steps, subject } = trace;
  const entries = entriesOf(trace);

  it('has a track for each CPU and each site', () => {
    const names = ofPhase(entries, 'M').filter(({ name }) => name === 'thread_name');
    const cpus = Array.from({ length: subject.cpus }, (_, cpu) => `CPU ${cpu}`);
    expect(names.map(({ args }) => args?.name)).toEqual([
      ...cpus,
      ...subject.sites.map((site) => `memory: ${site.symbol}`),
    ]);
    expect(new Set(names.map(({ tid }) => tid)).size).toBe(names.length);
  });

  it('never goes back in time on a track, and closes what it opens', () => {
    for (const tid of new Set(entries.filter(({ ph }) => ph !== 'M').map((entry) => entry.tid))) {
      const times = entries.filter((entry) => entry.tid === tid && 'BEXi'.includes(entry.ph)).map(({ ts }) => ts);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      for (const { ts, until } of slicesOf(entries, tid)) expect(until).toBeGreaterThan(ts);
    }
  });

  it('has a slice of length 1 for each instruction and each step of a procedure, with all that is known of it', () => {
    const told = eventsOf(steps).filter(({ event: { kind } }) => kind === 'instruction' || kind === 'procedure-step');
    const slices = ofPhase(entries, 'X').filter(({ cat }) => cat === 'instruction' || cat === 'procedure-step');
    expect(slices.map(({ ts, tid, dur, args }) => [ts, tid - 1, dur, args])).toEqual(
      told.map(({ step, event }) => [step, event.cpu, 1, eventJson({ step }, event, subject)]),
    );
  });

  it('has arrows from each store to who first fetched it, and from IPIs to where they came', () => {
    expect(arrowsOf(entries, 'text')).toEqual(textArrows(steps));
    expect(arrowsOf(entries, 'ipi')).toEqual(ipiArrows(steps));
  });

  it('begins and ends each arrow once, in a slice of its step', () => {
    const flows = ofPhase(entries, FLOWS);
    for (const id of new Set(flows.map((entry) => entry.id))) {
      const phases = flows.filter((entry) => entry.id === id).map(({ ph }) => ph);
      expect(phases.join('')).toMatch(/^st?f$/);
    }
    const slices = Array.from({ length: subject.cpus }, (_, cpu) => slicesOf(entries, cpu + 1));
    for (const { tid, ts } of flows) {
      expect(slices[tid - 1]?.some((slice) => slice.ts < ts && ts < slice.until)).toBe(true);
    }
  });

  it('shows what memory holds at a site', () => {
    for (const [index, site] of subject.sites.entries()) {
      const slices = slicesOf(entries, 101 + index);
      expect(slices[0]).toMatchObject({
        ts: 0,
        name: Buffer.from(site.versions[0] ?? [])
          .toString('hex')
          .replace(/..(?=.)/g, '$& '),
      });
      for (const [before, after] of slices.slice(1).map((slice, i) => [slices[i], slice] as const)) {
        expect(after.ts).toBe(before?.until);
        expect(after.name).not.toBe(before?.name);
      }
    }
  });
});

describe('a Perfetto trace', () => {
  it('nests procedures, and handlers in what they interrupt', () => {
    const slices = slicesOf(
      entriesOf(traced({ scenario: 'call-swap', variant: 'text-poke-bp', format: 'perfetto' })),
      2,
    );
    const step = slices.find(({ args }) => args?.procedure === 'sysvec_call_function');
    expect(step?.inside).toEqual(['IPI 0xfc (CALL_FUNCTION_VECTOR)', 'sysvec_call_function']);
    const traps = slices.filter(({ name }) => name === '#BP');
    expect(traps.length).toBeGreaterThan(3);
    // It begins behind the INT3 and ends with the IRET.
    for (const { ts, until } of traps) {
      expect(slices.some((slice) => slice.name === 'int3' && slice.until === ts)).toBe(true);
      expect(slices.some((slice) => slice.name === 'iretq' && slice.until === until)).toBe(true);
    }
  });

  it('marks a violation', () => {
    const trace = traced({ scenario: 'call-swap', variant: 'memcpy', format: 'perfetto' });
    const [marked, ...more] = entriesOf(trace).filter(({ cat }) => cat === 'violation');
    expect(marked).toMatchObject({ ph: 'i', name: 'violates no-torn-instruction', tid: 3, ts: 16 });
    expect(more).toEqual([]);
  });

  it('is whole under every filter, and has only what is told', () => {
    for (const only of ['ipi', 'store,site', 'trap', 'procedure', 'cpu1', 'sync,patch,cpu0']) {
      const entries = entriesOf(traced({ scenario: 'call-swap', variant: 'text-poke-bp', format: 'perfetto', only }));
      const named = entries.filter(({ cat }) => cat !== undefined && Object.hasOwn(EVERY_EVENT, cat));
      if (only === 'cpu1') expect(new Set(named.map(({ tid }) => tid))).toEqual(new Set([2]));
      if (only === 'ipi') expect(new Set(named.map(({ cat }) => cat))).toEqual(new Set(['ipi-sent', 'ipi-acked']));
      for (const tid of new Set(entries.map((entry) => entry.tid))) slicesOf(entries, tid);
      expect(entries.length).toBeGreaterThan(20);
    }
  });
});
