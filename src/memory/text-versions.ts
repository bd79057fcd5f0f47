/** A value that a byte of text had from a text time on. */
export interface ByteVersion {
  readonly time: number;
  readonly value: number;
  /** The CPU that stored it; undefined in the initial image. */
  readonly cpu: number | undefined;
}

/** Hears of a store that changed text: where it is executed, and where it was stored if that is another linear address. */
export type TextStoreListener = (
  address: bigint,
  before: Uint8Array,
  after: Uint8Array,
  time: number,
  alias: bigint | undefined,
) => void;

/**
 * The versions of every text byte that was ever written. Each event that changes text advances one global text time;
 * time 0 is the initial image (semantics of stores to text). Bytes are named by their offset in linear memory, so an
 * alias of a page has the versions of the page.
 */
export class TextVersions {
  /** The text time now: how many events have changed text. */
  now = 0;
  private bytes: VersionMap = new Map();
  /** The same, unless a snapshot holds it too, so that the next change has to copy it. */
  private own: Map<number, readonly ByteVersion[]> | undefined;
  /**
   * Nobody fetches versions any more that were followed by another at or before this text time: the next store to their
   * byte forgets them.
   */
  floor = 0;
  /** The CPU that is storing. */
  writer: number | undefined;
  /** Lines, by pool offset / 64, that have a written byte, now or in a state that was left. */
  private readonly lines = new Set<number>();

  /** Hears of every byte that is stored to, by its offset. */
  onStore: ((offset: number) => void) | undefined;

  /** Begins the next event; what {@link record} is told belongs to it. */
  advance(): number {
    return ++this.now;
  }

  /** Notes that the byte at `offset` had `before` and has `after` from now on. */
  record(offset: number, before: number, after: number): void {
    this.own ??= new Map(this.bytes);
    this.bytes = this.own;
    this.lines.add(offset >>> 6);
    this.onStore?.(offset);
    const versions = this.bytes.get(offset) ?? [{ time: 0, value: before, cpu: undefined }];
    const first = Math.max(
      0,
      versions.findLastIndex((version) => version.time <= this.floor),
    );
    this.own.set(offset, [...versions.slice(first), { time: this.now, value: after, cpu: this.writer }]);
  }

  /** The versions of a byte, oldest first; undefined when it was never written. */
  versionsOf(offset: number): readonly ByteVersion[] | undefined {
    return this.bytes.get(offset);
  }

  /** Whether the line of a pool offset may have bytes with versions. */
  mayHaveVersions(offset: number): boolean {
    return this.lines.has(offset >>> 6);
  }

  /** How many such lines there are. */
  get writtenLineCount(): number {
    return this.lines.size;
  }

  /** Those lines, by pool offset / 64. */
  get writtenLines(): readonly number[] {
    return [...this.lines];
  }

  /** Lines that a state had which this machine has not been in. */
  noteWritten(lines: readonly number[]): void {
    for (const line of lines) this.lines.add(line);
  }

  /** The value that a byte had at a text time; undefined when it was never written. */
  valueAt(offset: number, time: number): number | undefined {
    return this.bytes.get(offset)?.findLast((version) => version.time <= time)?.value;
  }

  /** The text time of the version that a byte had at a text time. */
  versionTimeAt(offset: number, time: number): number {
    return this.bytes.get(offset)?.findLast((version) => version.time <= time)?.time ?? 0;
  }

  /** The text time of the current version of a byte. */
  timeOf(offset: number): number {
    return this.bytes.get(offset)?.at(-1)?.time ?? 0;
  }

  /** Back to time 0 with no versions. */
  clear(): void {
    this.now = 0;
    this.floor = 0;
    this.bytes = new Map();
    this.own = undefined;
    this.lines.clear();
  }

  /** Whether its versions are those of a snapshot. */
  isAt(bytes: TextVersionsSnapshot['bytes']): boolean {
    return this.bytes === bytes;
  }

  save(): TextVersionsSnapshot {
    this.own = undefined;
    return { now: this.now, bytes: this.bytes };
  }

  restore(snapshot: TextVersionsSnapshot): void {
    this.now = snapshot.now;
    this.bytes = snapshot.bytes;
    this.own = undefined;
  }
}

type VersionMap = ReadonlyMap<number, readonly ByteVersion[]>;

/** What {@link TextVersions.save} gives: the text time, and versions by the pool offset of their byte. */
export interface TextVersionsSnapshot {
  readonly now: number;
  readonly bytes: VersionMap;
}
