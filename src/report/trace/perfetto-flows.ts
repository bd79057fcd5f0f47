import type { MachineEvent } from '../../machine/event.js';
import type { PerfettoFile } from './perfetto-file.js';

/** Stores of which it is remembered who has fetched from them; a version that is read later than that has no arrow. */
const STORES = 4096;

/** Where an arrow begins, passes or ends. */
interface Point {
  readonly cpu: number;
  readonly ts: number;
}

/** A store to text, and by bit which CPUs have fetched a byte of it. */
interface Store extends Point {
  readers: number;
}

/**
 * The arrows of a trace: from an IPI sent to its acceptance and acknowledgement, and from a store to text to the first fetch on
 * each CPU that got a byte of it. Each is written when it is complete, hence behind events that are later than its begin.
 */
export class PerfettoFlows {
  /** IPIs on their way, by target, vector and sender. */
  private readonly ipis = new Map<
    string,
    { readonly target: number; readonly vector: number; readonly points: Point[] }
  >();
  /** By text time, oldest first. */
  private readonly stores = new Map<number, Store>();

  constructor(
    private readonly file: PerfettoFile,
    /** The event of a place in the trace. */
    private readonly place: (point: Point) => { readonly pid: number; readonly tid: number; readonly ts: number },
  ) {}

  event(ts: number, event: MachineEvent): void {
    const point: Point = { cpu: event.cpu, ts };
    switch (event.kind) {
      case 'ipi-sent':
        for (const target of event.targets) {
          const key = `${target} ${event.vector} ${event.cpu}`;
          this.finish(key);
          this.ipis.set(key, { target, vector: event.vector, points: [point] });
        }
        break;
      case 'ipi-accepted':
        for (const { target, vector, points } of this.ipis.values()) {
          if (target === event.cpu && vector === event.vector && points.length === 1) points.push(point);
        }
        break;
      case 'ipi-acked':
        for (const initiator of event.initiators) {
          const key = `${event.cpu} ${event.vector} ${initiator}`;
          this.ipis.get(key)?.points.push(point);
          this.finish(key);
        }
        break;
      case 'text-store': {
        this.stores.set(event.time, { ...point, readers: 0 });
        const [oldest] = this.stores.keys();
        if (this.stores.size > STORES && oldest !== undefined) this.stores.delete(oldest);
        break;
      }
      case 'instruction':
        for (const time of event.times) if (time > 0) this.fetched(time, point);
    }
  }

  /** Nothing comes any more: what has come so far is written. */
  end(): void {
    for (const key of [...this.ipis.keys()]) this.finish(key);
  }

  private fetched(time: number, point: Point): void {
    const store = this.stores.get(time);
    const bit = 1 << point.cpu;
    if (store === undefined || (store.readers & bit) !== 0) return;
    store.readers |= bit;
    this.arrow('text', [store, point]);
  }

  private finish(key: string): void {
    const points = this.ipis.get(key)?.points ?? [];
    this.ipis.delete(key);
    if (points.length > 1) this.arrow('ipi', points);
  }

  private arrow(name: string, points: readonly Point[]): void {
    const id = this.file.nextFlow();
    const last = points.length - 1;
    points.forEach((point, index) => {
      const ph = index === 0 ? 's' : index === last ? 'f' : 't';
      this.file.event({ ph, name, cat: name, id, ...this.place(point), ...(ph === 'f' ? { bp: 'e' } : {}) });
    });
  }
}
