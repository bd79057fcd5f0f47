/** A slice that has begun on a track and not ended. */
interface OpenSlice {
  /** The procedure frame that it is, counted from the bottom of its CPU; undefined: an interrupt or exception. */
  readonly frame: number | undefined;
  readonly name: string;
  /** Whether anything of it is written. */
  readonly shown: boolean;
}

/** Writes that a slice begins or ends. */
export interface SliceEdges {
  begin(ts: number, name: string): void;
  end(ts: number): void;
}

/** What a CPU is inside of: procedures and their callees, interrupts and exceptions, each in what it came upon. */
export class PerfettoSlices {
  private readonly open: OpenSlice[] = [];
  /** When the last step of the CPU was over. */
  private over = 0;

  constructor(private readonly edges: SliceEdges) {}

  /** A procedure does a step at `ts`, in a frame: what it called has returned, and so has whoever was there before. */
  procedure(ts: number, frame: number, name: string, shown: boolean): void {
    const isOver = (top: OpenSlice): boolean =>
      top.frame !== undefined && (top.frame > frame || (top.frame === frame && top.name !== name));
    for (let top = this.open.at(-1); top !== undefined && isOver(top); top = this.open.at(-1)) this.pop(this.over);
    if (this.open.at(-1)?.frame !== frame) this.push(ts, { frame, name, shown });
  }

  /** Guest code is executed: no procedure is left in its context. */
  guest(): void {
    while (this.open.at(-1)?.frame !== undefined) this.pop(this.over);
  }

  /** An interrupt or exception was delivered. */
  interrupt(ts: number, name: string, shown: boolean): void {
    this.push(ts, { frame: undefined, name, shown });
  }

  /** A step is over, with so many contexts left. */
  after(ts: number, contexts: number): void {
    while (this.contexts > Math.max(1, contexts)) this.pop(ts);
    this.over = ts;
  }

  /** Another task comes, or the trace ends. */
  endAll(ts: number): void {
    while (this.open.length > 0) this.pop(ts);
  }

  /** One for the task, one for each interrupt and exception that has not returned. */
  get contexts(): number {
    return 1 + this.open.filter(({ frame }) => frame === undefined).length;
  }

  private push(ts: number, slice: OpenSlice): void {
    this.open.push(slice);
    if (slice.shown) this.edges.begin(ts, slice.name);
  }

  private pop(ts: number): void {
    if (this.open.pop()?.shown) this.edges.end(ts);
  }
}
