import { evaluate, foldConstants } from './evaluate.js';
import { addressValue, type Expression, type Scope, type Value } from './expression.js';
import { type Item, isFixed } from './item.js';
import { assemblyError, type SourcePlace } from './source-line.js';

/** How many assigned symbols a value may be reached through; each takes room on the stack. */
export const MOST_ASSIGNMENTS = 500;

/** A block while it is put together. */
export interface Section {
  readonly base: bigint;
  readonly items: Item[];
  /** length in bytes */
  size: number;
}

/** Where a label stands: before item `index` of its section. */
export interface Label {
  readonly section: Section;
  readonly index: number;
  readonly place: SourcePlace;
  /** a stretch of code whose lengths are all fixed, and how far into it the label is */
  readonly run: number;
  readonly runOffset: number;
}

/** Sections, labels and assigned symbols of one assembly, as far as they have been read. */
export class Program {
  readonly sections: Section[] = [];
  readonly labels = new Map<string, Label>();
  readonly assigned = new Map<string, Expression>();
  readonly #localCounts = new Map<string, number>();
  #section: Section = { base: 0n, items: [], size: 0 };
  #run = 0;
  #runOffset = 0;
  #anonymous = 0;
  readonly #evaluating = new Set<string>();

  openSection(base: bigint): void {
    this.#section = { base, items: [], size: 0 };
    this.sections.push(this.#section);
    this.#run++;
    this.#runOffset = 0;
  }

  get section(): Section {
    return this.#section;
  }

  add(item: Item): void {
    this.#section.items.push(item);
    if (isFixed(item)) {
      this.#runOffset += item.size;
    } else {
      this.#run++;
      this.#runOffset = 0;
    }
  }

  /** @throws InputError when there is such a label or symbol already. */
  defineLabel(name: string, place: SourcePlace): void {
    if (/^\d/.test(name)) {
      const count = (this.#localCounts.get(name) ?? 0) + 1;
      this.#localCounts.set(name, count);
      this.labels.set(localName(name, count), this.#labelHere(place));
      return;
    }
    const known = this.labels.get(name);
    if (known !== undefined) {
      const { file, line } = known.place.source;
      throw assemblyError(`duplicate label '${name}'`, place, `it is already defined in ${file}:${line}`);
    }
    if (this.assigned.has(name)) throw assemblyError(`'${name}' is already a symbol with an assigned value`, place);
    this.labels.set(name, this.#labelHere(place));
  }

  /** @throws InputError when the name is a label. */
  assign(name: string, value: Expression, place: SourcePlace): void {
    if (this.labels.has(name)) throw assemblyError(`'${name}' is already a label`, place);
    this.assigned.set(name, this.fold(this.#bound(value, place)));
  }

  /** The unique name of `1b` or `1f` at this point. */
  readonly localLabel = (number: string, direction: 'b' | 'f'): string => {
    const count = this.#localCounts.get(number) ?? 0;
    return localName(number, direction === 'b' ? count : count + 1);
  };

  /** Replaces what is constant already by numbers; `ahead` is how far beyond here `.` lies. */
  fold(expression: Expression, ahead = 0): Expression {
    return foldConstants(expression, this.#scopeHere(ahead));
  }

  /**
   * The value of an assigned symbol in a scope; nothing when there is no such symbol, when it depends on itself, or on
   * others through too many of them.
   */
  assignedValue(name: string, scope: Scope): Value | undefined {
    const expression = this.assigned.get(name);
    if (expression === undefined || this.#evaluating.has(name)) return undefined;
    if (this.#evaluating.size >= MOST_ASSIGNMENTS) return undefined;
    this.#evaluating.add(name);
    try {
      return evaluate(expression, scope);
    } finally {
      this.#evaluating.delete(name);
    }
  }

  #labelHere(place: SourcePlace): Label {
    const index = this.#section.items.length;
    return { section: this.#section, index, place, run: this.#run, runOffset: this.#runOffset };
  }

  /** `.` in an assigned expression stands for the place of the assignment. */
  #bound(expression: Expression, place: SourcePlace): Expression {
    switch (expression.kind) {
      case 'here': {
        const name = `.${++this.#anonymous}\0`;
        this.labels.set(name, this.#labelHere(place));
        return { kind: 'symbol', name, place };
      }
      case 'unary':
        return { ...expression, operand: this.#bound(expression.operand, place) };
      case 'binary':
        return {
          ...expression,
          left: this.#bound(expression.left, place),
          right: this.#bound(expression.right, place),
        };
      default:
        return expression;
    }
  }

  /** Labels of the current run count as addresses from its start: their distances are known. */
  #scopeHere(ahead: number): Scope {
    const scope: Scope = {
      here: addressValue(BigInt(this.#runOffset + ahead)),
      symbol: (name): Value | undefined => {
        const label = this.labels.get(name);
        if (label !== undefined) return label.run === this.#run ? addressValue(BigInt(label.runOffset)) : undefined;
        return this.assignedValue(name, scope);
      },
    };
    return scope;
  }
}

/** Whether a name was made here, for a numeric label or for `.`, and is not to be shown to anyone. */
export function isInternalName(name: string): boolean {
  return name.includes('\0');
}

function localName(number: string, count: number): string {
  return `${number}\0${count}`;
}
