import { suggest } from '../../suggest.js';
import { evaluate, unknownSymbol } from './evaluate.js';
import { addressValue, type Expression, type Scope, type Value } from './expression.js';
import { isInternalName, type Label, MOST_ASSIGNMENTS, type Program } from './program.js';
import { registerNames } from './registers.js';
import { assemblyError } from './source-line.js';

type SymbolTerm = Extract<Expression, { readonly kind: 'symbol' }>;

/**
 * What names stand for in a program whose labels have addresses. Definitions in the program go before outside
 * symbols.
 */
export class ProgramScope {
  readonly #program: Program;
  readonly #outside: ReadonlyMap<string, bigint>;
  readonly #addressOf: (label: Label) => bigint;

  constructor(program: Program, outside: ReadonlyMap<string, bigint>, addressOf: (label: Label) => bigint) {
    this.#program = program;
    this.#outside = outside;
    this.#addressOf = addressOf;
  }

  /**
   * The value of an expression where `.` is `here`.
   *
   * @throws InputError on a symbol that nothing defines.
   */
  value(expression: Expression, here: bigint): Value {
    const scope = this.#at(here);
    const value = evaluate(expression, scope);
    if (value !== undefined) return value;
    throw this.#undefinedSymbol(expression, scope);
  }

  /** Whether an expression's value moves with the code of this program, and with nothing outside of it. */
  isOwnAddress(expression: Expression): boolean {
    return this.value(expression, 0n).kind !== 'constant' && !this.#usesOutside(expression, new Set());
  }

  #at(here: bigint): Scope {
    const scope: Scope = {
      here: addressValue(here),
      symbol: (name) => {
        const label = this.#program.labels.get(name);
        if (label !== undefined) return addressValue(this.#addressOf(label));
        if (this.#program.assigned.has(name)) return this.#program.assignedValue(name, scope);
        const outside = this.#outside.get(name);
        return outside === undefined ? undefined : addressValue(outside);
      },
    };
    return scope;
  }

  #usesOutside(expression: Expression, seen: Set<string>): boolean {
    switch (expression.kind) {
      case 'symbol': {
        if (this.#program.labels.has(expression.name) || seen.has(expression.name)) return false;
        const assigned = this.#program.assigned.get(expression.name);
        seen.add(expression.name);
        return assigned === undefined || this.#usesOutside(assigned, seen);
      }
      case 'unary':
        return this.#usesOutside(expression.operand, seen);
      case 'binary':
        return this.#usesOutside(expression.left, seen) || this.#usesOutside(expression.right, seen);
      default:
        return false;
    }
  }

  /** @param through the assigned symbols on the way to the one that has no value. */
  #undefinedSymbol(expression: Expression, scope: Scope, through: readonly SymbolTerm[] = []): Error {
    const unknown = unknownSymbol(expression, scope);
    const last = through.at(-1);
    // Then it is only from the beginning that there are too many on the way.
    const tooMany = unknown === undefined || through.length >= MOST_ASSIGNMENTS;
    if (last !== undefined && tooMany) {
      return assemblyError(`there are too many symbols on the way to the value of '${last.name}'`, last.place);
    }
    if (unknown === undefined) return new Error('evaluation failed although every symbol is known');
    const { name, place } = unknown;
    const assigned = this.#program.assigned.get(name);
    if (through.some((symbol) => symbol.name === name)) {
      return assemblyError(`the value of '${name}' depends on itself`, place);
    }
    if (assigned !== undefined) return this.#undefinedSymbol(assigned, scope, [...through, unknown]);
    const written = place.source.text.slice(place.offset).match(/^[\w.$]+/)?.[0] ?? name;
    if (isInternalName(name)) return assemblyError(`there is no label for '${written}'`, place);
    const known = [...this.#program.labels.keys(), ...this.#program.assigned.keys(), ...this.#outside.keys()];
    // In Intel syntax a misspelt register is a symbol.
    const registers = place.source.syntax === 'intel' ? registerNames() : [];
    const near = suggest(name, known) ?? suggest(name, registers);
    return assemblyError(
      `undefined symbol '${written}'`,
      place,
      near === undefined ? undefined : `did you mean ${near}?`,
    );
  }
}
