import type { Footprint } from './footprint.js';
import { LAYOUT, LINE_SIZE, MAX_PAGES, PAGE_SIZE } from './layout.js';
import type { Permissions } from './page.js';
import { PageTable } from './page-table.js';
import { type TextStoreListener, TextVersions, type TextVersionsSnapshot } from './text-versions.js';
import { WrittenWords } from './written-words.js';

/**
 * The machine's physical memory: what its pages hold, what was ever written, and the versions of text. Stores to pages
 * that may be executed go through {@link Memory.storeBytes}, which keeps the versions of text and invalidates decoded instructions.
 */
export class Memory extends PageTable {
  readonly written: WrittenWords;
  readonly text = new TextVersions();
  /** Hears of every event that changed text. */
  onTextStore: TextStoreListener | undefined;
  /** Notes what steps look at, monitors included, if somebody wants to know. */
  footprint: Footprint | undefined;
  /** @param maxPages How many pages may be mapped in all, at most {@link MAX_PAGES}. */
  constructor(maxPages: number = MAX_PAGES) {
    super(Math.min(maxPages, MAX_PAGES));
    this.written = new WrittenWords(this.linear, (offset) => {
      const address = this.addressOf(offset);
      // Private pages of one address are told apart by their owner, in bits that a canonical address repeats.
      const owner = (this.pageOf(offset)?.owner ?? -1) + 1;
      return [Number(address & 0xffffffffn) | 0, (Number(address >> 32n) ^ (owner << 20)) | 0];
    });
  }

  /**
   * Maps the pages of `size` bytes at `address` and fills them with `bytes`; what is mapped already stays and is filled
   * too, if its permissions are the same.
   * @throws {@link InputError} when a page has other permissions or memory is full.
   */
  map(address: bigint, size: bigint, permissions: Permissions, bytes: Uint8Array = new Uint8Array()): void {
    this.mapPages(address, size, permissions);
    for (let done = 0; done < bytes.length; ) {
      const offset = this.offsetOf(address + BigInt(done));
      const chunk = bytes.subarray(done, done + PAGE_SIZE - (offset & (PAGE_SIZE - 1)));
      this.linear.u8.set(chunk, offset);
      done += chunk.length;
    }
  }

  /** Unmaps everything and forgets what was ever written: as good as new, without the price of a new one. */
  clear(): void {
    const end = LAYOUT.pool + this.pageCount * PAGE_SIZE;
    for (let line = LAYOUT.pool; line < end; line += LINE_SIZE) this.invalidate(line);
    this.linear.u8.fill(0, LAYOUT.pool, end);
    this.written.clear();
    this.text.clear();
    this.unmapAll();
  }

  /** Reads mapped bytes, whatever their permissions. */
  bytes(address: bigint, length: number): Uint8Array {
    const out = new Uint8Array(length);
    this.note(address, length);
    for (let i = 0; i < length; i++) out[i] = this.linear.u8[this.offsetOf(address + BigInt(i))] ?? 0;
    return out;
  }

  /** Tells {@link footprint} of bytes, as far as they are mapped, that somebody else looks at. */
  note(address: bigint, length: number): void {
    if (this.footprint === undefined) return;
    for (let done = 0; done < length; ) {
      const page = this.pageAt(address + BigInt(done));
      const offset = Number((address + BigInt(done)) & 0xfffn);
      const inPage = Math.min(length - done, PAGE_SIZE - offset);
      if (page !== undefined) this.footprint.bytes(page.offset + offset, inPage);
      done += inPage;
    }
  }

  /** The text times of the current versions of mapped bytes. */
  textTimes(address: bigint, length: number): number[] {
    const first = length === 0 ? 0 : this.offsetOf(address);
    const inPage = PAGE_SIZE - (first & (PAGE_SIZE - 1));
    return Array.from({ length }, (_, i) =>
      this.text.timeOf(i < inPage ? first + i : this.offsetOf(address + BigInt(i))),
    );
  }

  /** Reads a little-endian value of 1, 2, 4 or 8 bytes. */
  read(address: bigint, size: number): bigint {
    const offset = this.offsetOf(address);
    this.footprint?.bytes(offset, Math.min(size, PAGE_SIZE - (offset & (PAGE_SIZE - 1))));
    if ((offset & (PAGE_SIZE - 1)) + size <= PAGE_SIZE) return this.linear.readSized(offset, size);
    let value = 0n;
    for (let i = size - 1; i >= 0; i--) value = (value << 8n) | this.read(address + BigInt(i), 1);
    return value;
  }

  /** Whether mapped bytes lie in one page that is never executed. */
  isData(address: bigint, size: number): boolean {
    return Number(address & 0xfffn) + size <= PAGE_SIZE && this.pageAt(address)?.text === false;
  }

  /** Writes a little-endian value; one text event if it changes text. */
  write(address: bigint, size: number, value: bigint): void {
    const page = this.pageAt(address);
    const offset = this.offsetOf(address);
    if (page?.text || (offset & (PAGE_SIZE - 1)) + size > PAGE_SIZE) {
      const bytes = new Uint8Array(size);
      for (let i = 0; i < size; i++) bytes[i] = Number((value >> BigInt(8 * i)) & 0xffn);
      this.storeBytes(address, bytes);
      return;
    }
    this.written.touch(offset, size);
    this.linear.writeSized(offset, size, value);
  }

  /** Writes 64-bit words at ascending addresses, to data. */
  writeWords(address: bigint, words: readonly bigint[]): void {
    const offset = this.translate(address, 'write');
    const size = 8 * words.length;
    if (offset === 0 || (offset & (PAGE_SIZE - 1)) + size > PAGE_SIZE || this.pageOf(offset)?.text) {
      words.forEach((word, index) => {
        this.write(address + BigInt(8 * index), 8, word);
      });
      return;
    }
    this.written.touch(offset, size);
    words.forEach((word, index) => {
      this.linear.writeSized(offset + 8 * index, 8, word);
    });
  }

  /** Writes bytes as one event, to text or data or both. What leaves every byte of text as it is changes no text. */
  storeBytes(address: bigint, bytes: Uint8Array): void {
    const before = this.bytes(address, bytes.length);
    let changesText = false;
    for (let i = 0; i < bytes.length; i++) {
      const offset = this.offsetOf(address + BigInt(i));
      const after = bytes[i] ?? 0;
      this.written.touch(offset, 1);
      this.linear.u8[offset] = after;
      if (after === before[i] || !this.pageOf(offset)?.text) continue;
      if (!changesText) this.text.advance();
      changesText = true;
      this.text.record(offset, before[i] ?? 0, after);
      this.invalidate(offset);
    }
    if (!changesText) return;
    this.footprint?.fetched();
    const executed = this.addressOf(this.offsetOf(address));
    this.onTextStore?.(executed, before, bytes, this.text.now, executed === address ? undefined : address);
  }

  /** Makes every decoded instruction that touches the line of `offset` look at its bytes again. */
  private invalidate(offset: number): void {
    const cell = (offset >>> 6) << 2;
    this.linear.setInt32(cell, this.linear.int32(cell) + 1);
  }

  save(reuse?: MemorySnapshot): MemorySnapshot {
    return { words: this.written.save(reuse?.words), text: this.text.save() };
  }

  restore(snapshot: MemorySnapshot): void {
    this.text.restore(snapshot.text);
    this.forgetViewers();
    this.written.restore(snapshot.words, (offset) => this.restored(offset));
  }

  /** To be called when a word was put back to what it was in another state. */
  restored(offset: number): void {
    if (this.pageOf(offset)?.text) this.invalidate(offset);
  }
}

/** Opaque: what {@link Memory.save} gives. */
export interface MemorySnapshot {
  readonly words: Int32Array;
  readonly text: TextVersionsSnapshot;
}
