import { fitsSignExtended } from './fits.js';
import type { Item } from './item.js';
import type { Label, Program, Section } from './program.js';
import { ProgramScope } from './program-scope.js';
import { assemblyError } from './source-line.js';

/** Far more rounds than sizes need that settle at all, once no branch grows any more. */
const mostRounds = 200;
const largestSection = 1 << 28;

/**
 * Gives every item its offset and length, in place: branches start short and only ever grow, as in GNU as, until
 * nothing changes. Returns the scope in which the final addresses hold.
 *
 * @throws InputError on undefined symbols, on sizes that are negative or too large, and on sizes that depend on
 * themselves so that they never settle.
 */
export function layOut(program: Program, outside: ReadonlyMap<string, bigint>): ProgramScope {
  const passes = new Passes(program, outside);
  passes.start();
  let rounds = 0;
  while (passes.run()) {
    const { changed, grown } = passes;
    // Branches grow once each, so rounds in which one grows come to an end by themselves.
    rounds = grown ? 0 : rounds + 1;
    if (rounds > mostRounds && changed !== undefined) {
      throw assemblyError('this size depends on itself and does not settle', changed.text);
    }
  }
  return passes.scope;
}

/** One pass goes over all items in order and moves each by as much as those before it in its section grew. */
class Passes {
  readonly scope: ProgramScope;
  /** the last item whose length changed in a pass */
  changed: Item | undefined;
  /** whether a branch grew in it */
  grown = false;
  readonly #program: Program;
  readonly #long = new Set<Item>();
  #section: Section | undefined;
  #index = 0;
  #stretch = 0;
  /** per section and item, how many alignments and the like are before it */
  readonly #regions = new Map<Section, number[]>();

  constructor(program: Program, outside: ReadonlyMap<string, bigint>) {
    this.#program = program;
    this.scope = new ProgramScope(program, outside, (label) => this.#addressOf(label));
  }

  /** First offsets, with every branch short that can be. */
  start(): void {
    for (const section of this.#program.sections) {
      let offset = 0;
      const regions: number[] = [];
      let region = 0;
      for (const item of section.items) {
        item.offset = offset;
        regions.push(region);
        if (item.kind === 'align' || item.kind === 'org') region++;
        if (item.kind === 'align') item.size = this.#sizeOf(section, item);
        offset += item.size;
      }
      regions.push(region);
      section.size = offset;
      this.#regions.set(section, regions);
    }
    for (const section of this.#program.sections) {
      for (const item of section.items) {
        if (item.kind === 'branch' && !this.scope.isOwnAddress(item.target)) this.#long.add(item);
      }
    }
  }

  /** One pass; whether it changed anything. */
  run(): boolean {
    this.changed = undefined;
    this.grown = false;
    for (const section of this.#program.sections) {
      this.#section = section;
      this.#stretch = 0;
      for (const [index, item] of section.items.entries()) {
        this.#index = index;
        item.offset += this.#stretch;
        const size = this.#sizeOf(section, item);
        if (size === item.size) continue;
        this.#stretch += size - item.size;
        item.size = size;
        this.changed = item;
      }
      section.size += this.#stretch;
      if (section.size > largestSection) {
        const last = section.items.at(-1);
        if (last !== undefined) throw assemblyError('the block is too large', last.text);
      }
    }
    this.#section = undefined;
    return this.changed !== undefined;
  }

  #sizeOf(section: Section, item: Item): number {
    switch (item.kind) {
      case 'branch':
        return this.#isLong(section, item) ? item.long.length : item.short.length;
      case 'align': {
        const address = section.base + BigInt(item.offset);
        const padding = Number(BigInt.asUintN(64, -address) % BigInt(item.boundary));
        return padding > item.most ? 0 : padding;
      }
      case 'fill': {
        const { value } = this.scope.value(item.count, section.base + BigInt(item.offset));
        return this.#room(BigInt.asIntN(64, value) * BigInt(item.width), item);
      }
      case 'org': {
        const target = this.scope.value(item.target, section.base + BigInt(item.offset));
        const from = target.kind === 'constant' ? 0n : section.base;
        return this.#room(BigInt.asIntN(64, target.value - from) - BigInt(item.offset), item);
      }
      default:
        return item.size;
    }
  }

  /** A size may be negative for a while; whether it stays so shows when the bytes are made. */
  #room(size: bigint, item: Item): number {
    if (size > BigInt(largestSection)) throw assemblyError(`the size ${size} is too large`, item.text);
    return size < 0n ? 0 : Number(size);
  }

  #isLong(section: Section, item: Item & { kind: 'branch' }): boolean {
    if (this.#long.has(item)) return true;
    const address = section.base + BigInt(item.offset);
    const target = this.scope.value(item.target, address).value;
    if (fitsSignExtended(target - address - BigInt(item.short.length), 8)) return false;
    this.#long.add(item);
    this.grown = true;
    return true;
  }

  /**
   * The address of a label in the middle of a pass. One ahead has not been moved yet, and will move as far as this
   * place did, unless an alignment in between takes the growth up.
   */
  #addressOf({ section, index }: Label): bigint {
    const offset = section.items[index]?.offset ?? section.size;
    const isAhead = section === this.#section && index > this.#index && this.#stretch !== 0;
    if (!isAhead) return section.base + BigInt(offset);
    const regions = this.#regions.get(section) ?? [];
    const sameRegion = regions[index] === regions[this.#index];
    const moves = this.#stretch < 0 || sameRegion;
    return section.base + BigInt(offset + (moves ? this.#stretch : 0));
  }
}
