import { InputError } from '../input-error.js';
import { CPU_STRIDE, LAYOUT, MAX_CPUS, PAGE_SIZE, SCRATCH, TLB_INVALID } from './layout.js';
import { LinearMemory } from './linear-memory.js';
import { NotMapped } from './not-mapped.js';
import { type Access, type Page, type Permissions, pageAddress, pageNumber, permissionsText } from './page.js';

/**
 * Which 4 KiB pages are mapped, where, and what they allow: linear addresses to places in a pool of pages. A page may be
 * seen by one task only, and text may be mapped a second time.
 */
export class PageTable {
  readonly linear: LinearMemory;
  /** By page number, which fits a double exactly. */
  private readonly pages = new Map<number, Page>();
  /** Pages that one task sees, by task; and whose are seen now, by address and by CPU. */
  private readonly privates = new Map<number, Map<number, Page>>();
  private view: ReadonlyMap<number, Page> | undefined;
  private readonly viewers: number[] = [];
  private readonly byIndex: Page[] = [];

  /** @param maxPages How many pages may be mapped in all. */
  constructor(private readonly maxPages: number) {
    this.linear = new LinearMemory(LAYOUT.pool + maxPages * PAGE_SIZE);
    this.remapped();
  }

  /** How many pages of the pool are in use. */
  protected get pageCount(): number {
    return this.byIndex.length;
  }

  /** Maps pages; what is mapped already stays, if its permissions are the same. */
  protected mapPages(address: bigint, size: bigint, permissions: Permissions): void {
    for (let page = pageAddress(address); page < address + size; page += BigInt(PAGE_SIZE)) {
      this.mapPage(page, permissions);
    }
    this.remapped();
  }

  protected unmapAll(): void {
    this.pages.clear();
    this.privates.clear();
    this.view = undefined;
    this.viewers.length = 0;
    this.byIndex.length = 0;
    this.remapped();
  }

  /** After a change of what CPUs' tasks are: the next {@link lookThrough} says anew who looks. */
  protected forgetViewers(): void {
    this.viewers.length = 0;
  }

  private mapPage(address: bigint, permissions: Permissions): void {
    const old = this.pages.get(pageNumber(address));
    if (old !== undefined) {
      if (permissionsText(old.permissions) === permissionsText(permissions)) return;
      throw new InputError(
        `page 0x${address.toString(16)} is wanted ${permissionsText(permissions)} and ${permissionsText(old.permissions)} at once`,
        { hint: 'text and data need pages of their own (4096 bytes)' },
      );
    }
    this.pages.set(pageNumber(address), this.newPage(address, permissions, undefined));
  }

  /**
   * Maps pages that only one task sees: the same linear address, an own backing, moving with the task from CPU to CPU.
   * @param owner the task's number.
   */
  mapPrivate(owner: number, address: bigint, size: bigint, permissions: Permissions): void {
    const own = this.privates.get(owner) ?? new Map<number, Page>();
    this.privates.set(owner, own);
    for (let page = pageAddress(address); page < address + size; page += BigInt(PAGE_SIZE)) {
      own.set(pageNumber(page), this.newPage(page, permissions, owner));
    }
    this.remapped();
  }

  /**
   * Maps the pages of text that hold `size` bytes at `target` a second time, at `address`: the bytes are the same, and so
   * are their versions.
   * @param address as far into its page as `target` is
   * @throws {@link InputError} when that is no text, or something is mapped at the address already.
   */
  mapAlias(address: bigint, target: bigint, size: bigint, permissions: Permissions): void {
    if (((address ^ target) & BigInt(PAGE_SIZE - 1)) !== 0n) {
      throw new InputError(
        'an alias lies as far into its page as what it is of: the last three hex digits are the same',
      );
    }
    for (let page = pageAddress(address); page < address + size; page += BigInt(PAGE_SIZE)) {
      const original = this.pages.get(pageNumber(page - address + target));
      if (!original?.permissions.execute) {
        throw new InputError(`no text is mapped at 0x${pageAddress(page - address + target).toString(16)}`);
      }
      if (this.pages.has(pageNumber(page))) throw new InputError(`0x${page.toString(16)} is mapped already`);
      this.pages.set(pageNumber(page), { ...original, address: page, permissions });
    }
    this.remapped();
  }

  /** From now on linear addresses are those of a task (or of an idle CPU), which executes on `cpu`. */
  lookThrough(owner: number, cpu: number): void {
    if (this.privates.size === 0) return;
    this.view = this.privates.get(owner);
    if (this.viewers[cpu] === owner) return;
    this.viewers[cpu] = owner;
    this.remapped();
  }

  private newPage(address: bigint, permissions: Permissions, owner: number | undefined): Page {
    if (this.byIndex.length >= this.maxPages) {
      throw new InputError(`the scenario needs more than ${this.maxPages} pages of memory`);
    }
    const offset = LAYOUT.pool + this.byIndex.length * PAGE_SIZE;
    const page = { address, offset, permissions, owner, text: permissions.execute };
    this.byIndex.push(page);
    return page;
  }

  /** The mapped page of a linear address, which is taken modulo 2^64. */
  pageAt(address: bigint): Page | undefined {
    const number = pageNumber(BigInt.asUintN(64, address));
    return this.view?.get(number) ?? this.pages.get(number);
  }

  /** The pages that a task alone sees, by address. */
  privatePages(owner: number): readonly Page[] {
    return [...(this.privates.get(owner)?.values() ?? [])].sort((a, b) => (a.address < b.address ? -1 : 1));
  }

  /** The page that a pool offset lies in, as it was mapped first. */
  pageOf(offset: number): Page | undefined {
    return this.byIndex[(offset - LAYOUT.pool) >>> 12];
  }

  /** The linear address that a pool offset was first mapped at; aliases are others. */
  addressOf(offset: number): bigint {
    return (this.pageOf(offset)?.address ?? 0n) + BigInt(offset & (PAGE_SIZE - 1));
  }

  /** Where a linear address lies in linear memory, or 0 when its page is absent or does not allow the access. */
  translate(address: bigint, access: Access): number {
    const page = this.pageAt(address);
    return page?.permissions[access] ? page.offset + Number(address & 0xfffn) : 0;
  }

  /** Where a mapped linear address lies in linear memory, whatever its permissions. */
  offsetOf(address: bigint): number {
    const page = this.pageAt(address);
    if (page === undefined) throw new NotMapped(address);
    return page.offset + Number(address & 0xfffn);
  }

  /** Nobody may rely on where pages were. */
  private remapped(): void {
    this.linear.u8.fill(TLB_INVALID, LAYOUT.tlb, LAYOUT.tlb + 2 * MAX_CPUS * CPU_STRIDE);
    const cell = LAYOUT.scratch + SCRATCH.mappings;
    this.linear.setInt32(cell, this.linear.int32(cell) + 1);
  }
}
